"""Layout of tables as lines of text, the same for screen and terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from corpuscope.report.tables import Table
from corpuscope.text.terminal_text import one_line, wrapped

GAP = "  "
"""Separator of columns."""
LEAST_TEXT = 24
"""Fewest cells in which a column of text is wrapped."""


def column_widths(table: Table) -> list[int]:
    """Return the width of each column in terminal cells."""
    columns = zip(table.columns, *table.rows, strict=True)
    return [max(cell_len(one_line(cell)) for cell in column) for column in columns]


def table_width(table: Table) -> int:
    """Return the width of a whole table in terminal cells."""
    widths = column_widths(table)
    return sum(widths) + len(GAP) * (len(widths) - 1)


def row_line(cells: Sequence[str], widths: Sequence[int], is_text: Sequence[bool] | None = None) -> str:
    """Align the cells of a row: text to the left, numbers to the right. Control characters become visible.

    By default the first cell is text.
    """
    parts = []
    for i, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        clean = one_line(cell)
        pad = " " * (width - cell_len(clean))
        parts.append(clean + pad if (is_text[i] if is_text else i == 0) else pad + clean)
    return GAP.join(parts)


def blocks(widths: Sequence[int], width: int) -> list[list[int]]:
    """Group column indices so that each group fits into `width` cells; every group begins with the first column."""
    groups = [[0]]
    for i in range(1, len(widths)):
        used = sum(widths[j] + len(GAP) for j in groups[-1])
        if used + widths[i] > width and len(groups[-1]) > 1:
            groups.append([0])
        groups[-1].append(i)
    return groups


def table_lines(table: Table, width: int) -> list[list[str]]:
    """Lay out headings and rows; columns that do not fit into `width` cells follow in further groups of lines.

    A last column of text is wrapped instead where at least LEAST_TEXT cells are left for it.
    """
    widths = column_widths(table)
    last = len(widths) - 1
    room = width - sum(widths[:-1]) - len(GAP) * last
    if last and table.is_text[last] and room >= LEAST_TEXT:
        widths[last] = min(widths[last], room)
    return [_block_lines(table, columns, widths, width) for columns in blocks(widths, width)]


def _block_lines(table: Table, columns: Sequence[int], widths: Sequence[int], width: int) -> list[str]:
    """Lay out some columns of a table; the last of them is wrapped where it is text that does not fit."""
    *before, last = columns
    room = max(width - sum(widths[i] + len(GAP) for i in before), LEAST_TEXT)
    own = [*(widths[i] for i in before), min(widths[last], room) if table.is_text[last] else widths[last]]
    is_text = [table.is_text[i] for i in columns]
    lines = []
    for cells in (table.columns, *table.rows):
        parts = wrapped(one_line(cells[last]), own[-1]) if is_text[-1] else [cells[last]]
        for n, part in enumerate(parts):
            row = [*("" if n else cells[i] for i in before), part]
            lines.append(row_line(row, own, is_text).rstrip())
    return lines


def findings_line(table: Table) -> str:
    """Join the findings to one line; "" without any."""
    return " · ".join(one_line(part) for part in table.findings)


def caption_line(table: Table) -> str:
    """Join the caption to one line, which the caller wraps."""
    return " · ".join(one_line(part) for part in table.caption)
