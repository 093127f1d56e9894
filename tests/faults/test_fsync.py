"""Test that no label is acknowledged when the disk does not take it."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from corpuscope.domain.label import EventKind
from corpuscope.errors import LedgerError
from ledger_fakes import FailingFiles, Scribe, journals, labels, read
from makers import a_document


def test_a_folder_on_which_fsync_fails_is_refused_before_the_first_document(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="labels cannot be kept here"):
        Scribe(tmp_path, files=FailingFiles(sync=errno.EIO))
    assert journals(tmp_path) == []


def test_a_label_whose_fsync_fails_is_not_in_the_ledger(tmp_path: Path) -> None:
    files = FailingFiles()
    with Scribe(tmp_path, files=files) as scribe:
        scribe.label(1)
        files.failing["sync"] = errno.EIO
        with pytest.raises(LedgerError, match="not saved") as refused:
            scribe.label(2)
        assert "disk reports errors" in refused.value.hint
        assert labels(read(tmp_path)) == {1: "News"}
        files.failing.clear()
    assert labels(read(tmp_path)) == {1: "News"}


def test_a_file_whose_fsync_failed_once_is_never_trusted_again(tmp_path: Path) -> None:
    files = FailingFiles()
    with Scribe(tmp_path, files=files) as scribe:
        scribe.label(1)
        [first] = journals(tmp_path)
        files.failing["sync"] = errno.EIO
        with pytest.raises(LedgerError):
            scribe.label(2)
        files.failing.clear()
        size = first.stat().st_size
        scribe.label(2)
        if first.exists():
            assert first.stat().st_size == size
    assert sorted(labels(read(tmp_path))) == [1, 2]


def test_the_same_event_may_be_appended_again_and_counts_once(tmp_path: Path) -> None:
    files = FailingFiles()
    with Scribe(tmp_path, files=files) as scribe:
        files.failing |= {"sync": errno.EIO, "truncate": errno.EIO}
        event = scribe.event(EventKind.LABEL, a_document(5), category="News")
        with pytest.raises(LedgerError):
            scribe.writer.append(event)
        files.failing.clear()
        scribe.writer.append(event)
        scribe.writer.append(event)
        assert len(read(tmp_path)) == 1
    assert len(read(tmp_path)) == 1


def test_a_failing_fsync_of_a_part_keeps_its_journal(tmp_path: Path) -> None:
    files = FailingFiles()
    scribe = Scribe(tmp_path, files=files)
    scribe.label(1)
    files.failing["sync"] = errno.EIO
    scribe.writer.close()
    assert any("Input/output error" in notice for notice in scribe.writer.notices)
    assert len(journals(tmp_path)) == 1
    assert labels(read(tmp_path)) == {1: "News"}
