"""Panels beside a wide chart of shares: the corpora, their established differences, and what to read with care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from corpuscope.analysis.comparisons import CorpusComparison
from corpuscope.report.sentences import limit_sentences
from corpuscope.report.tables import signed_points, signed_range
from corpuscope.stats.comparison import Verdict
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.quantities import label_pace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import AXIS_STYLE, StyledText
from corpuscope.tui.charts.frames import Line, flowed, line_width, styled
from corpuscope.tui.charts.shares import WIDEST_NAME, marks, padded

BAR_WIDTH = 24
"""Most cells of a bar of progress."""
DONE = "  done"
"""Stands beside the bar of a plan that is reached."""


def corpora_lines(corpora: Sequence[CorpusSummary], width: int, order: Sequence[str] = ()) -> list[Line]:
    """Show progress, pace, skips and origin of each corpus."""
    names = [one_line(corpus.corpus, WIDEST_NAME) for corpus in corpora]
    widest = max(map(cell_len, names), default=0)
    lines: list[Line] = []
    for corpus, name, mark in zip(corpora, names, marks(corpora, order), strict=True):
        n, planned = corpus.distribution.n, corpus.provenance.planned
        line = [(f"{mark} ", AXIS_STYLE), (padded(name, widest), "bold"), (f"  {n:,}", "")]
        if planned:
            line.append((f" of {planned:,} ", ""))
            cells = max(min(BAR_WIDTH, width - line_width(line) - len(DONE)), 0)
            full = min(round(cells * n / planned), cells)
            line += [("━" * full, "$accent"), ("─" * (cells - full), "$frame")]
            line.append((DONE if n >= planned else "", "$text-success"))
        seconds = corpus.seconds_per_label
        parts = [f"{label_pace(seconds)} per label" if seconds else "", _skips(corpus)]
        source = corpus.provenance
        origin = [
            source.revision and f"revision {source.revision}",
            source.seed and f"seed {source.seed}",
        ]
        lines += [[]] * bool(lines) + [line]
        for texts in (parts, origin):
            if text := " · ".join(filter(None, texts)):
                lines += [[("  ", ""), *row] for row in flowed([(one_line(text), AXIS_STYLE)], width - 2)]
    return lines


def difference_lines(pairs: Sequence[CorpusComparison], styles: Mapping[str, str], width: int) -> list[Line]:
    """List the established differences of each pair of corpora."""
    lines: list[Line] = []
    for pair in pairs:
        rows = [row for row in pair.comparison.by_size if row.verdict is not Verdict.NOT_ESTABLISHED]
        lines += [[]] * bool(lines) + flowed(pair_title(pair), width)
        if not rows:
            lines.append([("  none so far" if pair.comparison.provisional else "  none", AXIS_STYLE)])
        numbers = [f" {signed_points(row.difference):>6} pp  ({signed_range(row.interval)})" for row in rows]
        most = min(width - 2 - max(map(len, numbers), default=0), WIDEST_NAME)
        names = [one_line(row.category, most) for row in rows]
        widest = max(map(cell_len, names), default=0)
        for row, name, words in zip(rows, names, numbers, strict=True):
            style = f"bold {styles.get(row.category, '')}".strip()
            lines.append([(f"  {padded(name, widest)}", style), (words, "")])
    return lines


def pair_title(pair: CorpusComparison) -> list[StyledText]:
    """Return "second minus first", the names bold."""
    first, second = one_line(pair.comparison.first), one_line(pair.comparison.second)
    return [(second, "bold"), (" minus ", AXIS_STYLE), (first, "bold")]


def limit_lines(corpora: Sequence[CorpusSummary], styles: Mapping[str, str], width: int) -> list[Line]:
    """List what the shares do not say."""
    lines: list[Line] = []
    for sentence in limit_sentences(corpora):
        first, *others = flowed(styled(sentence, styles), width - 2)
        lines += [[]] * bool(lines)
        lines += [[("· ", AXIS_STYLE), *first], *([("  ", ""), *other] for other in others)]
    return lines


def _skips(corpus: CorpusSummary) -> str:
    shares = corpus.distribution
    if not shares.skipped:
        return "no skips"
    return f"{shares.skipped:,} skipped ({100 * shares.skip_rate:.1f} %), left out of the shares"
