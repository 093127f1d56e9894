"""Tests that faulty local files are named, with what to do about them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.errors import CorpusError, SourceUnavailable


def open_source(where: Path | str, cache: Path, *, text: str | None = None) -> LocalSource:
    source = LocalSource(corpus_for(str(where), CorpusOptions(text=text)), cache / "cache")
    source.manifest()
    return source


def fault_of(where: Path | str, cache: Path, *, text: str | None = None) -> str:
    with pytest.raises(CorpusError) as fault:
        open_source(where, cache, text=text)
    return str(fault.value)


def test_a_missing_column_is_named_with_the_existing_ones_nearest_first(tmp_path: Path) -> None:
    (tmp_path / "web.jsonl").write_text('{"texts": "a", "url": "u"}\n')
    assert fault_of(tmp_path / "web.jsonl", tmp_path) == (
        "web.jsonl has no column text\ndid you mean texts? known: texts, url; choose with --text"
    )
    (tmp_path / "web.csv").write_text("title,article\na,b\n")
    assert "web.csv has no column text\nknown: title, article" in fault_of(tmp_path / "web.csv", tmp_path)
    pq.write_table(pa.table({"content": ["a"]}), tmp_path / "web.parquet")
    assert "web.parquet has no column txt" in fault_of(tmp_path / "web.parquet", tmp_path, text="txt")
    (tmp_path / "web.txt").write_text("a")
    assert "web.txt has no column body\nknown: text" in fault_of(tmp_path / "web.txt", tmp_path, text="body")


def test_every_file_of_a_folder_needs_the_column(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.jsonl").write_text('{"text": "a"}\n')
    (tmp_path / "web" / "b.jsonl").write_text('{"body": "b"}\n')
    assert fault_of(tmp_path / "web", tmp_path).startswith("b.jsonl has no column text")


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.csv", "empty.jsonl.gz"])
def test_a_corpus_without_documents_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(b"\n\n") if name.endswith("gz") else b"")
    assert fault_of(tmp_path / name, tmp_path) == f"{tmp_path / name} holds no documents"


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "nowhere.jsonl", tmp_path).startswith(
        f"there is no file {tmp_path / 'nowhere.jsonl'}"
    )
    assert "put a glob in quotes" in fault_of(tmp_path / "*.jsonl", tmp_path)


def test_a_folder_without_data_or_with_several_formats_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    assert "holds no data file" in fault_of(tmp_path / "web", tmp_path)
    (tmp_path / "web" / "notes.md").write_text("x")
    assert "holds no data file" in fault_of(tmp_path / "web", tmp_path)
    assert "is not a data file" in fault_of(tmp_path / "web" / "notes.md", tmp_path)
    (tmp_path / "web" / "a.jsonl").write_text("{}")
    (tmp_path / "web" / "b.csv").write_text("text")
    assert "holds several kinds of files (1 json, 1 csv)" in fault_of(tmp_path / "web", tmp_path)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"just words\n", "its first line is not an object: 'just words'"),
        (b'{\n "text": "a"\n}\n', "jq -c ."),
        (b'"a"\n"b"\n', "jq -c '{text: .}' "),
        (b'{"text": "a"}\r{"text": "b"}\r', "its first line is not an object"),
        (b'["a", "b"]', "its first element is not an object: '\"a\",'"),
        (b'[{"text": "a"}', "the JSON array does not end"),
        (b'[{"text": "a"}] [', "something follows the JSON array"),
        ('{"text": "a"}\n'.encode("utf-16"), "iconv -f UTF-16"),
        ('{"text": "a"}\n'.encode("utf-16-le"), "iconv -f UTF-16"),
    ],
)
def test_json_of_another_shape_is_named_with_what_to_do(tmp_path: Path, content: bytes, fault: str) -> None:
    (tmp_path / "web.jsonl").write_bytes(content)
    assert fault in fault_of(tmp_path / "web.jsonl", tmp_path)


def test_a_truncated_compressed_file_is_an_error(tmp_path: Path) -> None:
    data = b'{"text": "a"}\n' * 5000
    for name, compressed in (("a.jsonl.gz", gzip.compress(data)), ("b.jsonl.zst", zstandard.compress(data))):
        (tmp_path / name).write_bytes(compressed[: len(compressed) // 2])
        assert f"{name} ends in the middle" in fault_of(tmp_path / name, tmp_path)
        (tmp_path / name).write_bytes(b"not compressed at all")
        assert f"{name} is damaged" in fault_of(tmp_path / name, tmp_path)


def test_damaged_parquet_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "web.parquet").write_bytes(b"PAR1 nonsense")
    assert "web.parquet cannot be read as Parquet" in fault_of(tmp_path / "web.parquet", tmp_path)


def test_a_file_that_changes_or_vanishes_while_open_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "web.jsonl"
    path.write_text('{"text": "a"}\n')
    source = open_source(path, tmp_path)
    path.write_text('{"text": "changed"}\n')
    with pytest.raises(CorpusError, match="was changed while it was being read"):
        source.fetch(0, 0)
    path.unlink()
    with pytest.raises(CorpusError, match=r"web\.jsonl cannot be read: No such file"):
        source.fetch(0, 0)


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "web.jsonl").write_text('{"text": "a"}\n')
    (tmp_path / "cache").write_text("a file where a folder should be")
    assert "CORPUSCOPE_CACHE" in fault_of(tmp_path / "web.jsonl", tmp_path)


def test_closing_stops_the_indexing(tmp_path: Path) -> None:
    (tmp_path / "web.jsonl").write_text('{"text": "a"}\n')
    source = LocalSource(corpus_for(str(tmp_path / "web.jsonl")), tmp_path / "cache")
    source.close()
    with pytest.raises(SourceUnavailable):
        source.manifest()
