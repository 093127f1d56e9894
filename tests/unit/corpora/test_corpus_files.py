"""Tests of reading every file of a corpus in other processes, from a list made once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from pyarrow import ipc

from corpuscope.corpora.corpus_files import CorpusFiles, list_files, stream_file
from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.errors import CorpusError
from corpuscope.sampling.feed.open import source_for

TEXTS = ["first", "", 'two\nlines, "quoted"', "x" * 3000, "caf\u00e9"]


def as_lines(path: Path) -> None:
    lines = [json.dumps({"doc": {"text": text}, "token_count": i}) for i, text in enumerate(TEXTS)]
    content = "\n".join([*lines[:2], "no json", "", *lines[2:]]).encode()
    match path.suffix:
        case ".gz":
            path.write_bytes(gzip.compress(content))
        case ".zst":
            path.write_bytes(zstandard.compress(content))
        case _:
            path.write_bytes(b"\xef\xbb\xbf" + content + b"\n\n")


def as_array(path: Path) -> None:
    path.write_text(json.dumps([{"doc": {"text": text}, "token_count": 3} for text in TEXTS], indent=1))


def as_csv(path: Path) -> None:
    rows = ['"{}",{}'.format(text.replace('"', '""'), i) for i, text in enumerate(TEXTS)]
    path.write_text("doc.text,token_count\n" + "\n".join([*rows[:2], "too,many,fields", *rows[2:]]) + "\n")


def a_table() -> pa.Table:
    texts = [{"text": text} for text in TEXTS]
    return pa.table({"url": ["u"] * 5, "doc": texts, "token_count": [1, 2, None, 4, 5]})


def as_parquet(path: Path) -> None:
    pq.write_table(a_table(), path, row_group_size=2)


def as_arrow(path: Path) -> None:
    with ipc.new_file(path, a_table().schema) as writer:
        writer.write_table(a_table(), max_chunksize=2)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("web.jsonl", as_lines),
        ("web.jsonl.gz", as_lines),
        ("web.jsonl.zst", as_lines),
        ("web.json", as_array),
        ("web.csv", as_csv),
        ("web.parquet", as_parquet),
        ("web.arrow", as_arrow),
    ],
)
def test_a_stream_holds_the_rows_that_labelling_shows_under_their_numbers(
    tmp_path: Path, name: str, write: Callable[[Path], None]
) -> None:
    write(tmp_path / name)
    corpus = corpus_for(str(tmp_path / name), CorpusOptions(text="doc.text"))
    source = source_for(corpus, None, tmp_path / "cache")
    listed = list_files(source)
    rows = list(stream_file(listed, listed.files[0], tmp_path / "other"))
    fetched = [source.fetch(0, row) for row in range(source.rows(0))]
    assert [(row.text, row.tokens) for row in rows] == [(row.text, row.tokens) for row in fetched]
    assert len(rows) == listed.files[0].rows
    assert {row.tokens for row in rows} != {None}


def test_long_rows_span_many_pieces_of_a_file(tmp_path: Path) -> None:
    texts = [str(i) * (i % 7 * 30_000 + 1) for i in range(40)]
    path = tmp_path / "web.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps({"text": text}) + "\n\n" for text in texts).encode()))
    listed = list_files(source_for(corpus_for(str(path)), None, tmp_path / "cache"))
    rows = stream_file(listed, listed.files[0], tmp_path / "cache")
    assert [row.text[0][1] for row in rows] == texts


def test_a_list_survives_a_file_and_holds_absolute_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "web").mkdir()
    for number in range(3):
        (tmp_path / "web" / f"{number}.txt").write_text(f"text {number}")
    monkeypatch.chdir(tmp_path)
    listed = list_files(source_for(corpus_for("web"), None, tmp_path / "cache"))
    assert CorpusFiles.from_json(json.loads(json.dumps(listed.to_json()))) == listed
    monkeypatch.chdir("/")
    texts = [row.text[0][1] for file in listed.files for row in stream_file(listed, file, tmp_path / "cache")]
    assert texts == ["text 0", "text 1", "text 2"]


def test_a_list_of_an_earlier_version_has_no_digests(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    listed = list_files(source_for(corpus_for(str(tmp_path / "a.txt")), None, tmp_path / "cache"))
    stored = listed.to_json()
    stored["files"] = [file[:4] for file in stored["files"]]
    earlier = CorpusFiles.from_json(stored)
    assert [file.digest for file in earlier.files] == [""]
    assert [row.text[0][1] for row in stream_file(earlier, earlier.files[0], tmp_path / "cache")] == ["text"]


def test_a_bundled_corpus_is_read_as_labelling_reads_it(tmp_path: Path) -> None:
    source = source_for(KNOWN["demo-synth"].corpus, None, tmp_path)
    listed = list_files(source)
    rows = list(stream_file(listed, listed.files[0], tmp_path))
    assert rows == [source.fetch(0, row) for row in range(source.rows(0))]


@pytest.mark.parametrize("text", ["another", "two"], ids=["longer", "of the same size"])
def test_a_file_that_changed_or_went_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "web.jsonl"
    path.write_text('{"text": "one"}\n')
    listed = list_files(source_for(corpus_for(str(path)), None, tmp_path / "cache"))
    path.write_text(json.dumps({"text": text}) + "\n")
    with pytest.raises(CorpusError, match=r"web\.jsonl is not the file that was listed"):
        list(stream_file(listed, listed.files[0], tmp_path / "cache"))
    path.unlink()
    with pytest.raises(CorpusError, match=r"web\.jsonl cannot be read"):
        list(stream_file(listed, listed.files[0], tmp_path / "cache"))
