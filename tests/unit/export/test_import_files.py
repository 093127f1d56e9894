"""Tests of the tables that labels are imported from, and of the labels in them, validated one by one."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.export.formats import format_to_import
from corpuscope.export.import_files import LeftOut, fields_in, read_csv, read_json_lines, read_parquet
from corpuscope.export.imported_labels import ImportedLabel, labels_in

ROW = {
    "corpus": "web",
    "dataset": "owner/web",
    "split": "train",
    "revision": "c0ffee",
    "shard": "part-0",
    "row": "7",
    "draw": "3",
    "category": "News",
}


def labels(folder: Path, *rows: Mapping[str, object], name: str = "l.jsonl") -> list[ImportedLabel | LeftOut]:
    file = folder / name
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return list(labels_in(file, format_to_import(file)))


def test_what_a_table_need_not_say_of_a_label_is_unknown_or_not_so(tmp_path: Path) -> None:
    (label,) = labels(tmp_path, dict(ROW))
    assert isinstance(label, ImportedLabel)
    assert (label.corpus, label.draw, label.category, label.address.row) == ("web", 3, "News", 7)
    assert (label.annotator, label.look, label.at, label.reading_ms) == ("", 1, None, None)
    assert (label.blind, label.unsure, label.bookmarked, label.answered) == (False,) * 4
    assert (label.note, label.scheme, label.event_id, label.address.name) == ("", "", "", None)


def test_every_field_of_a_label_is_read(tmp_path: Path) -> None:
    more = {
        "annotator": "ann",
        "look": 2,
        "at": "2026-02-01T12:00:00Z",
        "reading_ms": 0,
        "blind": True,
        "unsure": True,
        "bookmarked": True,
        "answered": True,
        "note": "odd",
        "scheme": "s",
        "event_id": "e",
        "name": "en",
    }
    (label,) = labels(tmp_path, ROW | more)
    assert isinstance(label, ImportedLabel)
    assert (label.annotator, label.look, label.reading_ms) == ("ann", 2, 0)
    assert label.at == datetime(2026, 2, 1, 12, tzinfo=UTC)
    assert (label.blind, label.unsure, label.bookmarked, label.answered) == (True,) * 4
    assert (label.note, label.scheme, label.event_id, label.address.name) == ("odd", "s", "e", "en")


def test_skips_and_rows_without_a_category_are_left_out_and_not_refused(tmp_path: Path) -> None:
    rows = (ROW | {"kind": "skip"}, ROW | {"category": ""}, ROW | {"category": None}, ROW | {"kind": "label"})
    *left_out, label = labels(tmp_path, *rows)
    assert left_out == [
        LeftOut("label 1", "a skip, which is not a label", refused=False),
        LeftOut("label 2", "no category", refused=False),
        LeftOut("label 3", "no category", refused=False),
    ]
    assert isinstance(label, ImportedLabel)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"shard": ""}, "shard is empty"),
        ({"row": None}, "row is empty"),
        ({"draw": "x"}, "draw is 'x', which is not a whole number"),
        ({"look": -1}, "look is -1, which cannot be"),
        ({"blind": "maybe"}, "blind is 'maybe', which is neither true nor false"),
        ({"at": "soon"}, "at is 'soon', which is not a time"),
    ],
)
def test_a_label_at_fault_is_named_with_its_number_and_field(
    changes: dict[str, object], fault: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as refused:
        labels(tmp_path, dict(ROW), ROW | changes)
    assert refused.value.message.startswith(f"{tmp_path / 'l.jsonl'}, label 2: {fault}")
    assert refused.value.hint == "nothing was imported"


def test_a_field_that_is_missing_is_named_with_the_nearest_there_is(tmp_path: Path) -> None:
    row = {("catgory" if name == "category" else name): value for name, value in ROW.items()}
    with pytest.raises(UsageError, match="label 1: category is missing; did you mean catgory"):
        labels(tmp_path, row)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("a,b\n1,2\n,\n3,4\n", [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
        ("a;b\n1,5;2\n", [{"a": "1,5", "b": "2"}]),
        ("a\tb\n1;2,3\t4\n", [{"a": "1;2,3", "b": "4"}]),
        ("a,b\n'=1,'-2\n", [{"a": "'=1", "b": "'-2"}]),
        ("a,b\n1,2,,\n", [{"a": "1", "b": "2"}]),
    ],
)
def test_the_delimiter_of_a_table_is_that_of_its_header_and_empty_rows_are_passed_over(
    content: str, rows: list[dict[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "l.csv").write_text(content)
    assert list(read_csv(tmp_path / "l.csv")) == rows


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_what_was_marked_for_a_spreadsheet_is_unmarked_as_its_first_bytes_say(
    encoding: str, tmp_path: Path
) -> None:
    for name, pack in (("l.csv", bytes), ("l.csv.gz", gzip.compress)):
        (tmp_path / name).write_bytes(pack("note,b\n'=1,é\n".encode(encoding)))
        assert list(read_csv(tmp_path / name)) == [{"note": "=1", "b": "é"}]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("row,row\n1,2\n", "the header names row 2 times; rename the columns that do not count"),
        ("a,b\n1,2\n1,2,3\n", "row 2 has more cells than the header"),
        ('a,b\n"1,2\n', "unexpected end of data"),
        ("a,b\n\xe9,2\n", "not UTF-8 at byte 4"),
    ],
)
def test_a_table_whose_cells_may_have_moved_is_refused(content: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_bytes(content.encode("latin-1"))
    with pytest.raises(UsageError) as refused:
        list(fields_in(tmp_path / "l.csv", "csv", read_csv))
    assert refused.value.message == f"{tmp_path / 'l.csv'}: not what csv exports look like: {fault}"


def test_a_column_of_its_own_may_be_there_twice(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("a,mine,mine\n1,2,3\n")
    assert list(read_csv(tmp_path / "l.csv")) == [{"a": "1", "mine": "3"}]


def test_a_file_that_cannot_be_read_is_a_fault_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(CorpuscopeError, match="cannot be read: "):
        list(fields_in(tmp_path / "gone.csv", "csv", read_csv))


@pytest.mark.parametrize(
    ("name", "content", "values"),
    [
        ("l.jsonl", '{"a": 1}\n\n{"a": 2}\n', [1, 2]),
        ("l.json", '[{"a": 1}, {"a": 2}]', [1, 2]),
        ("l.json", '[\n{"a": 1},\n{"a": 2}\n]', [1, 2]),
        ("l.json", '{"a": 1}\n{"a": 2}\n', [1, 2]),
        ("l.json", "[]", []),
    ],
)
def test_objects_are_read_from_lines_and_from_an_array(
    name: str, content: str, values: list[int], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content)
    assert [entry["a"] for entry in read_json_lines(tmp_path / name)] == values


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"a": 1}', "it is not a JSON array"),
        ('{\n"a": 1\n}', "it is not a JSON array"),
        ("[1]", "'1' is not a JSON object"),
        (f'["{"x" * 50}"]', f"'{'x' * 40}' is not a JSON object"),
    ],
)
def test_what_is_no_array_of_objects_is_refused(content: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "l.json").write_text(content)
    with pytest.raises(UsageError, match=f"not what JSON exports look like: {fault}\n"):
        list(fields_in(tmp_path / "l.json", "JSON", read_json_lines))


def saved(file: Path, codes: list[int | None], kind: str = "ClassLabel") -> Path:
    features = {"category": {"names": ["News", "Forum"], "_type": kind}}
    table = pa.table({"category": pa.array(codes, pa.int64()), "text": ["x"] * len(codes)})
    pq.write_table(
        table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})}), file
    )
    return file


def test_numbers_of_a_class_label_are_its_names_and_texts_are_left_out(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.parquet", [1, 0, -1, None])
    assert list(read_parquet(file)) == [{"category": name} for name in ("Forum", "News", None, None)]
    assert list(read_parquet(saved(file, [1], "Value"))) == [{"category": 1}]
    for code in (2, -2):
        with pytest.raises(ValueError, match=f"category is {code}, which its ClassLabel does not name"):
            list(read_parquet(saved(file, [0, code])))


def test_every_file_of_a_folder_is_read_in_order_and_an_empty_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    saved(tmp_path / "data" / "b.parquet", [1])
    saved(tmp_path / "a.parquet", [0])
    assert [row["category"] for row in read_parquet(tmp_path)] == ["News", "Forum"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="the folder holds no Parquet file"):
        list(read_parquet(tmp_path / "empty"))
