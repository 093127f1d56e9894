"""Export to a workbook for spreadsheets, whose text cells no program takes for a formula, a number or a date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from corpuscope.errors import UsageError
from corpuscope.export.label_records import ExportOptions, LabelRecord
from corpuscope.export.tabular import flat_cell
from corpuscope.extras import require_extra

MOST_ROWS = 1_048_576
"""Rows of a worksheet, its header among them."""
MOST_CHARACTERS = 32_767
"""Characters of a cell, counted as UTF-16 does."""
CUT = " [cut: a cell holds no more]"
"""End of a text that was too long for a cell."""


def write_xlsx(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:
    """Write one row per label and return the number of labels. Texts too long for a cell end with `CUT`.

    Raises UsageError where the library is not installed, and for more labels than a worksheet has rows.
    """
    require_extra("xlsx", "a workbook")
    import xlsxwriter

    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("labels")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(options.columns):
            sheet.write_string(0, column, name)
        count = 0
        for count, record in enumerate(records, 1):
            if count == MOST_ROWS:
                raise UsageError(f"a worksheet holds {MOST_ROWS - 1:,} labels", "export fewer, or csv")
            for column, value in enumerate(record.values(options.columns).values()):
                cell = flat_cell(value)
                if isinstance(cell, bool):
                    sheet.write_boolean(count, column, cell)
                elif isinstance(cell, int | float):
                    sheet.write_number(count, column, cell)
                elif cell not in (None, ""):
                    sheet.write_string(count, column, _cut(str(cell)))
    return count


def _cut(text: str) -> str:
    """Return a text as a cell can hold it."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MOST_CHARACTERS:
        return text
    return units[: 2 * (MOST_CHARACTERS - len(CUT))].decode("utf-16-le", "ignore") + CUT
