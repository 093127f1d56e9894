"""Render tables, summaries and comparisons as text, with bars beside the cells where there is room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from textual.content import Content

from corpuscope.report.scales import common_scale
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
from corpuscope.stats.distribution import Share
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import (
    StyledText,
    share_axis,
    share_bar,
)

MIN_BAR_WIDTH, MAX_BAR_WIDTH = 9, 80
"""Width in cells below which a bar is left out, and above which more cells show nothing new."""

ContentPart = Content | str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class BarColumn:
    """A column of bars."""

    axis: Callable[[int], str]
    """Axis above the bars, given their width in cells."""
    rows: Sequence[Callable[[int], Sequence[StyledText]]]
    """Bar of each row of the table, given its width in cells."""


def render_table(table: Table, width: int, bars: BarColumn | None = None, *, method: bool = True) -> Content:
    """Render title, rows, findings, warnings and caption of a table; without `method` only the caption's first part.

    Bars are drawn if they fit into `width`. Columns that do not fit go below, again beside the first column.
    """
    parts: list[ContentPart] = [(one_line(table.title) + "\n", "bold $text-accent")] if table.title else []
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
    shown = table if method else replace(table, caption=table.caption[:1])
    parts.append((caption_line(shown) + "\n", "$foreground-muted"))
    return Content.assemble(*parts)


def _with_bars(table: Table, bars: BarColumn, room: int) -> list[ContentPart]:
    widths = column_widths(table)
    parts: list[ContentPart] = [
        (row_line(table.columns, widths) + GAP + bars.axis(room) + "\n", "$foreground-muted")
    ]
    for cells, bar in zip(table.rows, bars.rows, strict=True):
        parts += [row_line(cells, widths) + GAP, *bar(room), "\n"]
    return parts


def render_corpora(
    corpora: Sequence[CorpusSummary],
    width: int,
    styles: Mapping[str, str],
    to: float | None = None,
    *,
    method: bool = True,
) -> Content:
    """Render one table per corpus, with bars on one scale, and the labels still needed for an interval of +- `to`."""
    shares = [share for corpus in corpora if corpus.distribution.n for share in corpus.distribution.shares]
    scale = common_scale([share.interval.high for share in shares])
    tables = [
        render_table(corpus_table(corpus, to), width, _share_bars(corpus, scale, styles), method=method)
        for corpus in corpora
    ]
    return Content("\n").join(tables)


def _share_bars(corpus: CorpusSummary, scale: float, styles: Mapping[str, str]) -> BarColumn:
    def bar(share: Share, width: int) -> Sequence[StyledText]:
        low, high = share.interval.low, share.interval.high
        return share_bar(low, share.share, high, width, scale, style=styles.get(share.category, ""))

    shares = corpus.distribution.shares
    return BarColumn(partial(share_axis, scale=scale), [partial(bar, share) for share in shares])
