"""Tables of comparisons, with the same cells for a screen, a terminal, Markdown and CSV."""

from __future__ import annotations

from corpuscope.analysis.comparisons import CorpusComparison
from corpuscope.report.tables import Table, share_cell
from corpuscope.report.text_layout import table_width
from corpuscope.stats.comparison import Comparison, Difference, Verdict
from corpuscope.stats.p_values import p_in_words
from corpuscope.stats.summary import CorpusSummary

MOST = 100_000
"""Largest number of labels per corpus that is printed; nobody gives more by hand."""


def comparison_table(pair: CorpusComparison, *, shares: bool = True) -> Table:
    """Make the table of one pair: a row per category, the largest difference first.

    The title states the outcome in one sentence. `shares` adds the shares of both corpora, with their intervals.
    """
    comparison = pair.comparison
    columns = (
        "category",
        *((comparison.first, comparison.second) if shares else ()),
        "difference",
        f"{100 * comparison.level:g} % interval",
        "Holm p",
        "so far" if comparison.provisional else "verdict",
        "needs",
    )
    rows = tuple(
        (
            difference.category,
            *(_shares(pair, difference) if shares else ()),
            *(_cells(difference) if all(comparison.n) else [""] * 5),
        )
        for difference in comparison.by_size
    )
    return Table(comparison.headline, columns, rows, _caption(pair), _findings(pair), pair.warnings)


def table_within(pair: CorpusComparison, width: int) -> Table:
    """Make the table of one pair, with the shares of both corpora only if that fits into `width` cells."""
    with_shares = comparison_table(pair)
    return with_shares if table_width(with_shares) <= width else comparison_table(pair, shares=False)


def _cells(difference: Difference) -> tuple[str, ...]:
    return (
        points(difference.difference) + " pp",
        f"{points(difference.interval.low)} to {points(difference.interval.high)}",
        p_cell(difference.p_holm),
        str(difference.verdict),
        needs_cell(difference),
    )


def points(difference: float) -> str:
    """Format a difference of shares in signed percentage points: "+11.7"; "0.0" has no sign."""
    rounded = round(100 * difference, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def p_cell(p: float) -> str:
    """Format a p-value for a column that is headed "p": ".023", "< .001"."""
    return p_in_words(p).removeprefix("p ").removeprefix("= ")


def needs_cell(difference: Difference) -> str:
    """Format the labels per corpus that would show such a difference; "" where none are needed or it is unknown."""
    labels = difference.labels_needed
    if labels is None:
        return ""
    return f"> {MOST:,}" if labels > MOST else f"{labels:,}"


def shown_words(comparison: Comparison) -> str:
    """State how many differences hold, and which: "2 of 7 differences hold: Creative higher, Forum lower".

    For a provisional comparison the words are "are there so far", since more labels may undo them.
    """
    shown = [difference for difference in comparison.by_size if difference.verdict is not Verdict.NOT_SHOWN]
    one = len(shown) <= 1
    verb = "holds" if one else "hold"
    if comparison.provisional:
        verb = f"{'is' if one else 'are'} there so far"
    of = f"of {len(comparison.differences)} difference{'s' * (len(comparison.differences) != 1)}"
    if not shown:
        return f"none {of} {verb}"
    verdicts = ", ".join(f"{difference.category} {difference.verdict}" for difference in shown)
    return f"{len(shown)} {of} {verb}: {verdicts}"


def distance_words(comparison: Comparison) -> str:
    """State the total variation with its interval and the noise floor."""
    distance = comparison.distance
    words = (
        f"total variation {_fraction(distance.value)} "
        f"[{_fraction(distance.interval.low)}, {_fraction(distance.interval.high)}], "
        f"noise floor {_fraction(distance.noise_floor)}"
    )
    return words if distance.value > distance.noise_floor else f"{words}: no more than chance shows"


def _shares(pair: CorpusComparison, difference: Difference) -> tuple[str, ...]:
    cells = []
    for corpus in (pair.first, pair.second):
        index = corpus.distribution.categories.index(difference.category)
        cells.append(share_cell(corpus.distribution.shares[index], corpus.distribution.n))
    return tuple(cells)


def _findings(pair: CorpusComparison) -> tuple[str, ...]:
    comparison = pair.comparison
    findings = (shown_words(comparison), distance_words(comparison)) if all(comparison.n) else ()
    return (f"provisional until {_unfinished(pair)}", *findings) if comparison.provisional else findings


def _caption(pair: CorpusComparison) -> tuple[str, ...]:
    comparison = pair.comparison
    level = f"{100 * comparison.level:g} %"
    return (
        f"differences: {comparison.second} less {comparison.first}",
        f"{level} intervals (Newcombe), each alone",
        f"verdicts by score test with Holm over {_categories(len(comparison.differences))}",
        "needs: labels of each corpus to show such a difference, tested alone, with 80 % power",
        f"total variation: {level} interval ({comparison.distance.interval.method})",
        f"noise floor: what {level} of pairs of samples of one corpus stay below",
        f"shares of {pair.first.distribution.weighting}",
        *(_origin(corpus) for corpus in (pair.first, pair.second)),
    )


def _categories(count: int) -> str:
    return f"{count} categor{'y' if count == 1 else 'ies'}"


def _unfinished(pair: CorpusComparison) -> str:
    parts = []
    for corpus in (pair.first, pair.second):
        planned = corpus.provenance.planned
        if not corpus.complete:
            goal = f"its planned {planned:,} labels" if planned else "a number of labels planned beforehand"
            parts.append(f"{corpus.corpus} reaches {goal}")
    return " and ".join(parts)


def _origin(corpus: CorpusSummary) -> str:
    """State n, dataset, revision, seed, design and annotators of one corpus."""
    shares, source = corpus.distribution, corpus.provenance
    size = f"n = {shares.n:,}"
    if round(shares.n_effective) < shares.n:
        size += f" (counts as {shares.n_effective:,.0f})"
    parts = (
        size,
        source.dataset if source.dataset != corpus.corpus else "",
        source.revision and f"revision {source.revision}",
        source.seed and f"seed {source.seed}",
        corpus.design,
        f"labelled by {', '.join(source.annotators)}" if source.annotators else "",
    )
    return f"{corpus.corpus}: {', '.join(part for part in parts if part)}"


def _fraction(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"
