"""Draws tables of words, with bars beside the cells where there is room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.content import Content

from corpuscope.report.tables import Table
from corpuscope.report.text_layout import (
    GAP,
    caption_line,
    column_widths,
    findings_line,
    row_line,
    table_lines,
    table_width,
)
from corpuscope.text.terminal_text import one_line

LEAST, MOST = 9, 80
"""Cells below which a bar says nothing, and above which it says no more."""

Part = Content | str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Bars:
    """A column of bars."""

    axis: Callable[[int], str]
    """What stands above bars of a width."""
    rows: Sequence[Callable[[int], str]]
    """One per row of the table: a bar of a width."""
    styles: Sequence[str]
    """How each is drawn."""


def drawn_table(table: Table, width: int, bars: Bars | None = None) -> Content:
    """A title, the rows, what follows from them, what is to be warned of, and the caption.

    Bars are drawn when `width` has room; columns that do not fit go below, each time beside the first one.
    """
    parts: list[Part] = [(one_line(table.title) + "\n", "bold $text-accent")]
    room = min(width - table_width(table) - len(GAP), MOST)
    if bars is not None and room >= LEAST:
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


def _with_bars(table: Table, bars: Bars, room: int) -> list[Part]:
    widths = column_widths(table)
    parts: list[Part] = [
        (row_line(table.columns, widths) + GAP + bars.axis(room) + "\n", "$foreground-muted")
    ]
    for cells, bar, style in zip(table.rows, bars.rows, bars.styles, strict=True):
        parts += [row_line(cells, widths) + GAP, (bar(room), style), "\n"]
    return parts
