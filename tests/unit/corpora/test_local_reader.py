"""Tests that slow work on files of this machine is said, and can be stopped at every file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from corpuscope.corpora.local_files import find
from corpuscope.corpora.local_reader import reader_of
from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import corpus_for

TABLE = pa.table({"text": ["a", "b"]})

WRITERS: dict[str, Callable[[Path], object]] = {
    "web.jsonl": lambda path: path.write_text('{"text": "a"}\n{"text": "b"}\n'),
    "web.json": lambda path: path.write_text('[{"text": "a"}, {"text": "b"}]'),
    "web.csv": lambda path: path.write_text("text\na\nb\n"),
    "web.parquet": lambda path: pq.write_table(TABLE, path),
    "web.arrow": lambda path: feather.write_feather(TABLE, path),
    "web.txt": lambda path: path.write_text("a"),
}


class Stopped(Exception):
    """The work was stopped."""


@pytest.mark.parametrize("name", WRITERS)
def test_the_counting_of_rows_can_be_stopped_in_every_format(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    (file,) = find(str(tmp_path / name)).files

    def stop(_: int) -> None:
        raise Stopped

    reader = reader_of(file, tmp_path / "cache", corpus_for(str(tmp_path / name)))
    with pytest.raises(Stopped):
        reader.count(stop)
    assert reader.count(lambda _: None) == (1 if name == "web.txt" else 2)


def test_what_is_being_done_is_said_at_first_and_ends_with_nothing(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text('{"text": "a"}\n')
    reports: list[str] = []
    source = LocalSource(corpus_for(str(tmp_path)), tmp_path / "cache", reports.append)
    source.manifest()
    assert reports[0] == "reading a.jsonl, 1 of 2 files, 0 MB read"
    assert reports[-1] == ""
    reports.clear()
    source.manifest()
    assert reports == []
    source.reach(1)
    assert (source.path(1), source.rows(1)) == (tmp_path / "b.jsonl", 1)
    assert source.digest(0) == source.digest(1)
