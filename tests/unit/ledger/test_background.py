"""Test what a session finds of others at its start, and what is said where its journals cannot become parts."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from corpuscope.files import Files
from corpuscope.ledger.check import compact
from corpuscope.ledger.journal import HEADER, Journal, encode
from corpuscope.ledger.write.background import BackgroundCompaction, take_over_dead_journals
from ledger_fakes import FailingFiles, Scribe, UnsyncedFiles, journals, labels, parts, read


@pytest.fixture
def dead(tmp_path: Path) -> Path:
    """A folder beside an empty one, whose journal holds two labels of a session that died."""
    with Scribe(tmp_path / "session") as scribe:
        scribe.label(1)
        scribe.label(2)
        content = journals(tmp_path / "session")[0].read_bytes()
    (tmp_path / "labels").mkdir()
    path = tmp_path / "labels" / "s1.journal"
    path.write_bytes(content)
    return path


def test_events_of_dead_sessions_are_taken_over_and_what_was_cut_is_said(dead: Path) -> None:
    content = dead.read_bytes()
    dead.write_bytes(content + content[:20])
    leftover = take_over_dead_journals(dead.parent, UnsyncedFiles())
    assert [journal.path for journal in leftover.journals] == [dead]
    cut, recovered = leftover.notices
    assert cut.startswith(
        "the last line of s1.journal was cut (20 bytes): it was being written when its session"
    )
    assert recovered == ("2 events of a session that was cut off recovered from s1.journal")
    assert take_over_dead_journals(dead.parent, UnsyncedFiles()).live == (dead,)
    for journal in leftover.journals:
        journal.release()


def test_a_journal_without_events_is_removed_and_one_of_a_newer_version_stays(dead: Path) -> None:
    header, events = dead.read_bytes().split(b"\n", 1)
    (dead.parent / "empty.journal").write_bytes(header + b"\n")
    dead.write_bytes(encode({HEADER: 3}) + events)
    for _ in range(2):  # it is not locked for good
        leftover = take_over_dead_journals(dead.parent, UnsyncedFiles())
        assert (leftover.journals, leftover.live) == ((), ())
        assert leftover.notices == (
            f"{dead} was written by a newer corpuscope and stays as it is: upgrade corpuscope to compact it",
        )
        assert [path.name for path in dead.parent.iterdir()] == ["s1.journal"]
        assert leftover.last_event is not None


def test_the_last_event_of_a_live_session_is_known(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
        last = scribe.label(2)
        leftover = take_over_dead_journals(tmp_path, UnsyncedFiles())
        assert (leftover.journals, leftover.live) == ((), tuple(journals(tmp_path)))
        assert (leftover.last_event, leftover.notices) == (last, ())
    assert take_over_dead_journals(tmp_path / "none", UnsyncedFiles()).last_event is None


def compacted(journal: Path, files: Files, *, merge: bool = False) -> list[str]:
    """Compact a journal in the background; return the notices."""
    notices: list[str] = []
    compactor = BackgroundCompaction(journal.parent, files, notices.append)
    taken = Journal.take_over(journal, files)
    assert taken is not None
    compactor.submit(taken)
    compactor.finish(merge=merge)
    return notices


def test_a_journal_becomes_parts_without_a_word(dead: Path) -> None:
    assert compacted(dead, UnsyncedFiles(), merge=True) == []
    assert labels(read(dead.parent)) == {1: "News", 2: "News"}
    assert not dead.exists()
    assert len(parts(dead.parent)) == 1


def test_a_journal_that_cannot_become_parts_still_counts_and_is_free_again(dead: Path) -> None:
    (notice,) = compacted(dead, FailingFiles(rename=errno.ENOSPC))
    assert notice.startswith("s1.journal could not be made into Parquet (No space left on device); ")
    assert notice.endswith("; its events count all the same, and the next start tries again")
    assert labels(read(dead.parent)) == {1: "News", 2: "News"}
    (again,) = take_over_dead_journals(dead.parent, UnsyncedFiles()).journals
    again.release()


def test_a_journal_that_was_removed_is_kept_elsewhere(dead: Path) -> None:
    content = dead.read_bytes()
    notices: list[str] = []
    files = FailingFiles(rename=errno.ENOSPC)
    compactor = BackgroundCompaction(dead.parent, files, notices.append)
    taken = Journal.take_over(dead, files)
    assert taken is not None
    dead.unlink()
    compactor.submit(taken)
    compactor.finish(merge=True)
    (notice,) = notices
    assert "it was removed while it was open and is kept as " in notice
    copy = Path(notice.split(" is kept as ")[1].removesuffix(": move it into a labels folder"))
    assert copy.read_bytes() == content


def test_parts_that_cannot_be_merged_are_named_with_their_folder(dead: Path) -> None:
    for number in range(8):
        with Scribe(dead.parent, f"t{number}", files=UnsyncedFiles()) as scribe:
            scribe.label(10 + number)
    compact(dead.parent)
    for number in range(8):
        shutil.copy(parts(dead.parent)[0], parts(dead.parent)[0].with_name(f"copy-{number}.parquet"))
    notices: list[str] = []
    BackgroundCompaction(dead.parent, FailingFiles(rename=errno.ENOSPC), notices.append).finish(merge=False)
    assert notices == []
    BackgroundCompaction(dead.parent, FailingFiles(rename=errno.ENOSPC), notices.append).finish(merge=True)
    assert notices == [f"small parts in {dead.parent} were not merged: No space left on device"]
