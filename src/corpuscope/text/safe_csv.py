"""CSV whose rows every reader splits at the same places."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

_END = "\r\n"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take the rest of a cell for a formula."""

TEXT_MARK = "'"
"""Makes a spreadsheet take what follows for text."""


class CsvWriter:
    """Writes rows that end in a line feed, and quotes every cell that holds one or a carriage return."""

    def __init__(self, stream: TextIO, *, spreadsheet: bool = False) -> None:
        """Write to `stream`; for a `spreadsheet` no cell can be taken for a formula."""
        self._stream = stream
        self._spreadsheet = spreadsheet
        # Before Python 3.13 a cell with a lone carriage return is quoted only when rows end in one.
        self._rows = csv.writer(self, lineterminator=_END)

    def write(self, row: str) -> int:
        """Write one row that `csv` has formatted, with its end replaced."""
        return self._stream.write(row.removesuffix(_END) + "\n")

    def row(self, cells: Iterable[object]) -> None:
        """Write one row."""
        self._rows.writerow([text_cell(cell) for cell in cells] if self._spreadsheet else list(cells))

    def rows(self, rows: Iterable[Iterable[object]]) -> None:
        """Write several rows."""
        for cells in rows:
            self.row(cells)


def text_cell(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: a text that looks like one gets a `TEXT_MARK`.

    So does a text that looks like a marked one, which `cell_text` would shorten otherwise.
    """
    return TEXT_MARK + cell if isinstance(cell, str) and cell.lstrip(TEXT_MARK).startswith(_FORMULA) else cell


def cell_text(cell: object) -> object:
    """Return the text of a cell that `text_cell` made."""
    if isinstance(cell, str) and cell.startswith(TEXT_MARK) and cell.lstrip(TEXT_MARK).startswith(_FORMULA):
        return cell[1:]
    return cell
