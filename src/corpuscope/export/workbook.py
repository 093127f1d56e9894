"""Labels to workbooks and back: no program takes a text in them for a formula, a number or a date."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice, zip_longest
from pathlib import Path
from typing import BinaryIO

from corpuscope.errors import UsageError
from corpuscope.export.import_files import Fields, check_header, check_width
from corpuscope.export.label_records import ExportOptions, LabelRecord
from corpuscope.export.tabular import flat_cell
from corpuscope.extras import require_extra
from corpuscope.text.safe_csv import cell_text

MOST_ROWS = 1_048_576
"""Rows of a worksheet, its header among them."""
GREATEST_WHOLE = 10**15
"""Greatest whole number that is written as one: a cell keeps 15 digits of it. A longer one, often an id, is text."""
MOST_CHARACTERS = 32_767
"""Characters of a cell, counted as UTF-16 does."""
SHEET = "labels"
"""Name of the worksheet."""
MOST_BYTES = 1 << 30
"""Bytes of a workbook after decompression, above which it is not read: a small file can hold gigabytes."""
CUT = " [cut: a cell holds no more]"
"""End of a text that was too long for a cell."""


def write_xlsx(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:
    """Write one row per label and return the number of labels. Texts too long for a cell end with `CUT`.

    Raises UsageError where the library is not installed, and for more labels than a worksheet has rows.
    """
    require_extra("xlsx", "a workbook")
    import xlsxwriter

    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet(SHEET)
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
                elif isinstance(cell, float) or (isinstance(cell, int) and abs(cell) <= GREATEST_WHOLE):
                    sheet.write_number(count, column, cell)
                elif cell not in (None, ""):
                    sheet.write_string(count, column, _cut(str(cell)))
    return count


def read_xlsx(path: Path) -> Iterator[Fields]:
    """Yield the rows of a workbook below its header, by column: of our sheet, or else of the first one.

    Raises UsageError where the library is not installed, and ValueError for what is no workbook.
    """
    require_extra("xlsx", f"{path}: reading a workbook")
    import openpyxl

    if not zipfile.is_zipfile(path):
        raise ValueError("it is not a workbook; save the sheet as CSV and import that")
    with zipfile.ZipFile(path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > MOST_BYTES:
        raise ValueError(f"it takes {size / 1e9:.1f} GB of memory; save the sheet as CSV and import that")
    try:
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            sheets = {sheet.title: sheet for sheet in reversed(book.worksheets)}
            sheet = sheets.get(SHEET, next(reversed(sheets.values()), None))
            if sheet is None:
                raise ValueError("it has no sheet of cells")
            sheet.reset_dimensions()  # some programs state a size that is wrong, and the rest would be left out
            rows = sheet.iter_rows(values_only=True)
            header = next(rows, ())
            check_header(header)
            for number, row in enumerate(rows, 1):
                if all(cell is None for cell in row):
                    continue
                check_width(number, row[len(header) :])
                # a sheet of another name was a CSV, with what `export --spreadsheet` put before its cells
                cells = row if sheet.title == SHEET else map(cell_text, row)
                named = zip_longest(header, islice(cells, len(header)))
                yield {str(name): cell for name, cell in named if name is not None}
    except (KeyError, SyntaxError, zipfile.BadZipFile) as fault:  # a SyntaxError is one of its XML
        raise ValueError(f"it is not a workbook: {fault}") from fault


def _cut(text: str) -> str:
    """Return a text as a cell can hold it."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MOST_CHARACTERS:
        return text
    return units[: 2 * (MOST_CHARACTERS - len(CUT))].decode("utf-16-le", "ignore") + CUT
