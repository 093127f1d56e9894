"""Tests of what a cell of a workbook holds, and of the workbooks that are not read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.export.label_records import ExportOptions
from corpuscope.export.workbook import read_xlsx, write_xlsx
from export_fakes import a_record

pytest.importorskip("xlsxwriter")
openpyxl = pytest.importorskip("openpyxl")


def cells_of(values: Sequence[object], kind: type) -> list[object]:
    """Write values as a further column and return its cells."""
    labels = [replace(a_record(0, "News"), extra={"own": value}) for value in values]
    stream = io.BytesIO()
    assert write_xlsx(labels, ExportOptions(("News",), extra={"own": kind}), stream) == len(labels)
    sheet = openpyxl.load_workbook(stream).active
    return [row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_a_number_of_more_than_15_digits_is_a_text() -> None:
    numbers = [10**15, 10**15 + 1, -(10**15), -(10**15) - 1]
    assert cells_of(numbers, int) == [10**15, "1000000000000001", -(10**15), "-1000000000000001"]


def test_a_cell_keeps_what_kind_of_value_it_is() -> None:
    assert cells_of([True, False, 2.5, None, "", "2026-01-02", {"a": 1}], str) == [
        True,
        False,
        2.5,
        None,
        None,
        "2026-01-02",
        '{"a": 1}',
    ]


def test_a_text_is_cut_only_where_a_cell_cannot_hold_it() -> None:
    whole, cut, wide = cells_of(["x" * 32_767, "x" * 32_768, "\U0001f600" * 16_384], str)
    end = " [cut: a cell holds no more]"
    assert whole == "x" * 32_767
    assert cut == "x" * (32_767 - len(end)) + end
    assert isinstance(wide, str)
    assert wide == "\U0001f600" * ((32_767 - len(end)) // 2) + end


@pytest.mark.parametrize(
    ("size", "fault"),
    [
        ((1 << 30) + 1, r"it takes 1\.1 GB of memory; save the sheet as CSV and import that"),
        (1 << 30, "it is not a workbook: "),
    ],
)
def test_a_workbook_that_would_fill_the_memory_is_not_read(size: int, fault: str, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    content = bytearray(packed.getvalue())
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = size.to_bytes(4, "little")  # the size that the archive states
    (tmp_path / "l.xlsx").write_bytes(content)
    with pytest.raises(ValueError, match=f"^{fault}"):
        list(read_xlsx(tmp_path / "l.xlsx"))


def test_a_sheet_of_another_name_is_read_as_a_table_saved_from_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "from CSV"
    for row in (["note", None, "draw"], ["'=1", "x", 2], [None, None, None], ["'-a"]):
        book.active.append(row)
    book.save(tmp_path / "l.xlsx")
    assert list(read_xlsx(tmp_path / "l.xlsx")) == [{"note": "=1", "draw": 2}, {"note": "-a", "draw": None}]
    book.active.title = "labels"
    book.save(tmp_path / "l.xlsx")
    assert [row["note"] for row in read_xlsx(tmp_path / "l.xlsx")] == ["'=1", "'-a"]
