"""Fuzz tests of local corpora: every row is a document or an error that names its file."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.source import Row
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import CorpusError
from corpuscope.text.terminal_text import printable
from fuzz.mutations import mutated

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
columns = st.sampled_from(["text", "url", "date", "score", "token_count", "meta"])
records = st.dictionaries(columns, json_values, max_size=5)
arrow_columns = st.sampled_from(
    [
        (pa.string(), st.text(max_size=30) | st.none()),
        (pa.large_string(), st.text(max_size=30)),
        (pa.binary(), st.binary(max_size=30) | st.none()),
        (pa.int64(), st.integers(-(2**63), 2**63 - 1) | st.none()),
        (pa.float32(), st.floats(width=32) | st.none()),
        (pa.bool_(), st.booleans()),
        (pa.list_(pa.string()), st.lists(st.text(max_size=5), max_size=3)),
        (pa.struct([("a", pa.string())]), st.fixed_dictionaries({"a": st.text(max_size=5)})),
        (pa.null(), st.none()),
    ]
)


def read_all(name: str, content: bytes) -> list[Row]:
    """Return the readable rows of a file; check that errors name the file and are safe to print."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        text = (TextColumn("text", "text"),)
        source = LocalSource(Corpus("fuzz", "Fuzz", "local", str(path), text=text), Path(folder) / "cache")
        try:
            count = source.manifest().shards[0].rows
        except CorpusError as fault:
            _named(fault, name)
            return []
        assert count
        for row in range(count):
            try:
                rows.append(source.fetch(0, row))
            except CorpusError as fault:
                _named(fault, name)
    return rows


def _named(fault: CorpusError, name: str) -> None:
    assert name in fault.message
    assert "\x1b" not in printable(str(fault))


def texts(rows: list[Row]) -> list[str]:
    """Return the texts of all rows, one per section."""
    return [text for row in rows for _, text in row.text]


@given(st.lists(records, max_size=6))
def test_json_lines_of_any_shape_give_back_every_text_as_it_was(lines: list[dict[str, object]]) -> None:
    read = texts(read_all("any.jsonl", "".join(json.dumps(line) + "\n" for line in lines).encode()))
    if any("text" in line for line in lines):
        written = [line.get("text", "") for line in lines]
        assert all(a == b for a, b in zip(written, read, strict=True) if isinstance(a, str))
    else:
        assert not read


@given(
    mutated(
        b'{"text": "one", "url": "u"}\n{"text": "two", "n": [1, {"a": null}]}\n', b"\n", b'{"text": ', b"NaN"
    )
)
def test_json_lines_with_changed_bytes(content: bytes) -> None:
    read_all("changed.jsonl", content)


@given(mutated(b'text,url\n"one, ""two""\nthree",u\nfour,v\n', b'"', b",", b"\r\n", b"\r", b"\x00"))
def test_csv_with_changed_bytes(content: bytes) -> None:
    read_all("changed.csv", content)


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30), min_size=1
    )
)
def test_csv_gives_back_every_text_as_it_was(written: list[str]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(["text"])
    writer.writerows([text] for text in written)
    assert texts(read_all("texts.csv", file.getvalue().encode())) == written


@given(st.data(), arrow_columns, st.integers(0, 5))
def test_parquet_of_any_column_type(
    data: st.DataObject, column: tuple[pa.DataType, st.SearchStrategy[object]], rows: int
) -> None:
    kind, values = column
    table = pa.table({"text": pa.array([data.draw(values) for _ in range(rows)], kind), "n": range(rows)})
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    read_all("any.parquet", buffer.getvalue())


def _a_parquet_file() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"text": ["one", "two", "three"], "url": ["u", None, "w"]}), buffer)
    return buffer.getvalue()


@given(mutated(_a_parquet_file(), b"PAR1", b"\x15\x04"))
def test_parquet_with_changed_bytes(content: bytes) -> None:
    read_all("changed.parquet", content)


@given(mutated(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", b"\x1f\x8b"))
def test_gzip_with_changed_bytes(content: bytes) -> None:
    read_all("changed.jsonl.gz", content)
