"""Lays a table out as lines of a given width: the screen and the terminal print the same ones."""

from collections.abc import Sequence

from rich.cells import cell_len

from corpuscope.report.tables import Table
from corpuscope.text.terminal_text import one_line

GAP = "  "
"""What lies between two columns."""


def column_widths(table: Table) -> list[int]:
    """Cells of the terminal that each column takes."""
    columns = zip(table.columns, *table.rows, strict=True)
    return [max(cell_len(one_line(cell)) for cell in column) for column in columns]


def table_width(table: Table) -> int:
    """Cells of the terminal that all columns take together."""
    widths = column_widths(table)
    return sum(widths) + len(GAP) * (len(widths) - 1)


def row_line(cells: Sequence[str], widths: Sequence[int], *, prose: bool = False) -> str:
    """Cells in columns: text to the left, numbers to the right. Control characters are drawn."""
    parts = []
    for i, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        clean = one_line(cell)
        pad = " " * (width - cell_len(clean))
        parts.append(clean + pad if prose or i == 0 else pad + clean)
    return GAP.join(parts)


def blocks(widths: Sequence[int], width: int) -> list[list[int]]:
    """Column numbers in groups that fit into `width`, the first column in each."""
    groups = [[0]]
    for i in range(1, len(widths)):
        used = sum(widths[j] + len(GAP) for j in groups[-1])
        if used + widths[i] > width and len(groups[-1]) > 1:
            groups.append([0])
        groups[-1].append(i)
    return groups


def table_lines(table: Table, width: int) -> list[list[str]]:
    """Headings and rows; columns that do not fit go into further groups of lines, beside the first column."""
    widths = column_widths(table)
    return [
        [
            row_line([cells[i] for i in columns], [widths[i] for i in columns], prose=table.prose).rstrip()
            for cells in (table.columns, *table.rows)
        ]
        for columns in blocks(widths, width)
    ]


def findings_line(table: Table) -> str:
    """What follows from the cells as one line; "" where nothing does."""
    return " · ".join(one_line(part) for part in table.findings)


def caption_line(table: Table) -> str:
    """The caption as one line, to be wrapped by whoever shows it."""
    return " · ".join(one_line(part) for part in table.caption)
