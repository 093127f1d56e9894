"""Test crashes between publishing a part and removing its source: every event still counts once."""

from __future__ import annotations

import errno
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuscope.errors import LedgerError
from corpuscope.files import Files
from corpuscope.ledger.check import check
from corpuscope.ledger.write.compaction import merge_parts
from ledger_fakes import FailingFiles, Scribe, journals, labels, parts, read
from makers import a_document


class KeepsParts(Files):
    """Files of a process that dies before it removes a part."""

    def remove(self, path: Path) -> None:
        if path.suffix == ".parquet":
            raise OSError(errno.EIO, "Input/output error")
        super().remove(path)


def rows(folder: Path) -> int:
    return sum(pq.read_metadata(path).num_rows for path in parts(folder))


def a_crashed_folder(tmp_path: Path) -> Path:
    """Return a folder with both parts of a journal and the journal itself, as a crash leaves them."""
    folder = tmp_path / "labels"
    with Scribe(folder, "dead") as scribe:
        for draw in (1, 2, 3):
            scribe.label(draw)
            scribe.label(a_document(draw, corpus="other"))
        content = journals(folder)[0].read_bytes()
    (folder / "dead.journal").write_bytes(content)
    return folder


def test_a_part_whose_journal_is_still_there_counts_once(tmp_path: Path) -> None:
    crashed = a_crashed_folder(tmp_path)
    assert len(journals(crashed)) == 1
    assert len(read(crashed)) == 6
    assert check(crashed).repeated == 6


def test_the_next_start_publishes_nothing_twice(tmp_path: Path) -> None:
    crashed = a_crashed_folder(tmp_path)
    before = {path: path.read_bytes() for path in parts(crashed)}
    Scribe(crashed, "next").writer.close()
    assert {path: path.read_bytes() for path in parts(crashed)} == before
    assert journals(crashed) == []
    assert check(crashed).repeated == 0


def test_a_crash_after_the_first_of_two_parts_publishes_only_the_second(tmp_path: Path) -> None:
    crashed = a_crashed_folder(tmp_path)
    (crashed / "other" / "dead.parquet").unlink()
    Scribe(crashed, "next").writer.close()
    assert len(read(crashed)) == rows(crashed) == 6


def test_a_part_damaged_before_its_journal_was_removed_is_written_again(tmp_path: Path) -> None:
    crashed = a_crashed_folder(tmp_path)
    path = crashed / "web" / "dead.parquet"
    damaged = path.read_bytes()[:-10]
    path.write_bytes(damaged)
    Scribe(crashed, "next").writer.close()
    assert len(read(crashed)) == 6
    assert path.with_name("dead.parquet.damaged").read_bytes() == damaged
    assert check(crashed).problems == ()


def test_a_merge_leaves_alone_what_a_journal_may_publish_again(tmp_path: Path) -> None:
    crashed = a_crashed_folder(tmp_path)
    for number in range(3):
        with Scribe(tmp_path / "labels2", f"s{number}") as scribe:
            scribe.label(100 + number)
        source = tmp_path / "labels2" / "web" / f"s{number}.parquet"
        source.rename(crashed / "web" / source.name)
    merge_parts(crashed, Files(), at_least=2)
    assert (crashed / "web" / "dead.parquet").exists()
    Scribe(crashed, "next").writer.close()
    assert len(read(crashed)) == rows(crashed) == 9


def test_a_crash_between_a_merged_part_and_its_sources_doubles_nothing(tmp_path: Path) -> None:
    for number in range(3):
        with Scribe(tmp_path, f"s{number}") as scribe:
            scribe.label(number)
    with pytest.raises(OSError, match="Input/output error"):
        merge_parts(tmp_path, KeepsParts(), at_least=2)
    assert len(parts(tmp_path)) == 4
    assert labels(read(tmp_path)) == dict.fromkeys(range(3), "News")
    merge_parts(tmp_path, Files(), at_least=2)
    assert len(parts(tmp_path)) == 1
    assert rows(tmp_path) == len(read(tmp_path)) == 3


def test_a_merge_that_cannot_write_removes_nothing(tmp_path: Path) -> None:
    for number in range(3):
        with Scribe(tmp_path, f"s{number}") as scribe:
            scribe.label(number)
    before = {path: path.read_bytes() for path in parts(tmp_path)}
    for operation in ("write", "sync", "rename"):
        with pytest.raises((OSError, LedgerError)):
            merge_parts(tmp_path, FailingFiles(**{operation: errno.ENOSPC}), at_least=2)
        assert {path: path.read_bytes() for path in parts(tmp_path)} == before
        assert list(tmp_path.glob("*/*.tmp")) == []
