"""Tests of the tables of labels that become Parquet, which no number of labels and no text may fill the memory with."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.export.label_records import ExportOptions
from corpuscope.export.tabular import flat_cell, label_schema, label_tables, write_parquet
from export_fakes import a_record

OPTIONS = ExportOptions(("News",), text=True)


def test_a_table_has_a_thousand_labels_at_most_and_one_without_labels_is_empty() -> None:
    label = a_record(0, "News")
    for count, sizes in ((0, [0]), (1_001, [1_000, 1])):
        assert [len(table) for table in label_tables([label] * count, OPTIONS)] == sizes


def test_huge_texts_close_a_table_early() -> None:
    huge, small = a_record(0, "News", text="x" * ((64 << 20) + 1)), a_record(1, "News")
    assert [len(table) for table in label_tables([small, huge, small, small], OPTIONS)] == [2, 2]


def test_a_column_has_the_type_of_its_values_and_texts_where_they_differ() -> None:
    options = ExportOptions(
        ("News",), skips=True, extra={"n": int, "score": float, "flag": bool, "mixed": str}
    )
    types = {field.name: field.type for field in label_schema(options)}
    assert [types[name] for name in options.extra] == [pa.int64(), pa.float64(), pa.bool_(), pa.string()]
    assert (types["kind"], types["bookmarked"], types["row"]) == (pa.string(), pa.bool_(), pa.int64())


def test_row_groups_of_a_file_have_a_checksum_and_are_compressed() -> None:
    stream = io.BytesIO()
    assert write_parquet([a_record(0, "News")] * 1_001, OPTIONS, stream) == 1_001
    with pq.ParquetFile(stream) as file:
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [1_000, 1]
    assert groups[0].column(0).compression == "ZSTD"


def test_an_object_is_a_cell_of_json_and_half_a_character_is_replaced() -> None:
    assert flat_cell({"a": [1, None]}) == '{"a": [1, null]}'
    assert flat_cell("one \ud800 half") == "one \ufffd half"
    assert flat_cell(7) == 7
