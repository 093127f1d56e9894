"""Tables of words with bars beside the cells where there is room; summaries and comparisons so drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from textual.content import Content

from corpuscope.analysis.comparisons import CorpusComparison
from corpuscope.report.comparison_tables import comparison_table
from corpuscope.report.tables import Table, corpus_table
from corpuscope.report.text_layout import (
    GAP,
    caption_line,
    column_widths,
    findings_line,
    row_line,
    table_lines,
    table_width,
)
from corpuscope.stats.comparison import Difference, Verdict
from corpuscope.stats.distribution import Share
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import (
    common_scale,
    difference_axis,
    difference_bar,
    interval_bar,
    symmetric_scale,
)

MIN_BAR_WIDTH, MAX_BAR_WIDTH = 9, 80
"""Cells below which a bar says nothing, and above which it says no more."""

ContentPart = Content | str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class BarColumn:
    """A column of bars."""

    axis: Callable[[int], str]
    """What stands above bars of a width."""
    rows: Sequence[Callable[[int], str]]
    """One per row of the table: a bar of a width."""
    styles: Sequence[str]
    """How each is drawn."""


def render_table(table: Table, width: int, bars: BarColumn | None = None) -> Content:
    """A title, the rows, what follows from them, what is to be warned of, and the caption.

    Bars are drawn when `width` has room; columns that do not fit go below, each time beside the first one.
    """
    parts: list[ContentPart] = [(one_line(table.title) + "\n", "bold $text-accent")]
    room = min(width - table_width(table) - len(GAP), MAX_BAR_WIDTH)
    if bars is not None and room >= MIN_BAR_WIDTH:
        parts += _with_bars(table, bars, room - (room + 1) % 2)
    else:
        for block in table_lines(table, width):
            parts.append((block[0] + "\n", "$foreground-muted"))
            parts += [line + "\n" for line in block[1:]]
    if table.findings:
        parts.append(findings_line(table) + "\n")
    parts += [(f"! {one_line(warning)}\n", "$text-warning") for warning in table.warnings]
    parts.append((caption_line(table) + "\n", "$foreground-muted"))
    return Content.assemble(*parts)


def _with_bars(table: Table, bars: BarColumn, room: int) -> list[ContentPart]:
    widths = column_widths(table)
    parts: list[ContentPart] = [
        (row_line(table.columns, widths) + GAP + bars.axis(room) + "\n", "$foreground-muted")
    ]
    for cells, bar, style in zip(table.rows, bars.rows, bars.styles, strict=True):
        parts += [row_line(cells, widths) + GAP, (bar(room), style), "\n"]
    return parts


def render_corpora(corpora: Sequence[CorpusSummary], width: int, to: float | None = None) -> Content:
    """One table per corpus, with bars on one common scale, and what is left to do to +- `to`."""
    shares = [share for corpus in corpora if corpus.distribution.n for share in corpus.distribution.shares]
    scale = common_scale([share.interval.high for share in shares])
    tables = [render_table(corpus_table(corpus, to), width, _share_bars(corpus, scale)) for corpus in corpora]
    return Content("\n").join(tables)


def render_comparison(pair: CorpusComparison, width: int) -> Content:
    """A comparison with bars around zero; below it, and where there is room in it, the shares of both corpora."""
    whole = comparison_table(pair)
    roomy = table_width(whole) + len(GAP) + 2 * MIN_BAR_WIDTH <= width
    bars = _difference_bars(pair.comparison.by_size)
    drawn = render_table(whole if roomy else comparison_table(pair, shares=False), width, bars)
    return Content("\n").join([drawn, render_corpora((pair.first, pair.second), width)])


def _share_bars(corpus: CorpusSummary, scale: float) -> BarColumn:
    def axis(width: int) -> str:
        return f"0{f'{100 * scale:.0f} %'.rjust(width - 1)}"

    def bar(share: Share, width: int) -> str:
        return interval_bar(share.interval.low, share.share, share.interval.high, width, scale)

    shares = corpus.distribution.shares
    return BarColumn(axis, [partial(bar, share) for share in shares], ["$primary"] * len(shares))


def _difference_bars(differences: Sequence[Difference]) -> BarColumn:
    scale = symmetric_scale([end for each in differences for end in (each.interval.low, each.interval.high)])

    def bar(each: Difference, width: int) -> str:
        return difference_bar(each.interval.low, each.difference, each.interval.high, width, scale)

    styles = [
        "$foreground-muted" if each.verdict is Verdict.NOT_SHOWN else "$primary" for each in differences
    ]
    return BarColumn(
        partial(difference_axis, scale=scale), [partial(bar, each) for each in differences], styles
    )
