"""Test that no label is acknowledged once the files that hold it were removed, and that none before is lost."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from corpuscope.errors import LedgerError
from ledger_fakes import Scribe, labels, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A labels folder that can be removed."""
    return tmp_path / "labels"


def test_a_label_is_refused_once_the_folder_was_removed(folder: Path) -> None:
    with Scribe(folder) as scribe:
        scribe.label(1)
        shutil.rmtree(folder)
        for _ in range(3):
            with pytest.raises(LedgerError, match=r"not saved: .*\.journal was removed or moved") as refused:
                scribe.label(2)
            assert "put the labels folder back" in refused.value.hint
        assert not folder.exists()


def test_closing_saves_the_acknowledged_labels_of_a_removed_folder_and_says_where(folder: Path) -> None:
    scribe = Scribe(folder, events_a_journal=3)
    for draw in range(4):
        scribe.label(draw)
    shutil.rmtree(folder)
    with pytest.raises(LedgerError):
        scribe.label(9)
    scribe.writer.close()
    assert 3 in labels(read(folder))
    assert 9 not in labels(read(folder))
    assert any(f"1 event of it was saved again in {folder}" in notice for notice in scribe.writer.notices)


def test_labelling_goes_on_when_a_moved_folder_is_put_back(folder: Path) -> None:
    with Scribe(folder) as scribe:
        scribe.label(1)
        elsewhere = folder.rename(folder.with_name("elsewhere"))
        with pytest.raises(LedgerError):
            scribe.label(2)
        elsewhere.rename(folder)
        scribe.label(2)
    assert sorted(labels(read(folder))) == [1, 2]


def test_a_label_is_refused_once_another_file_took_the_place_of_the_journal(folder: Path) -> None:
    with Scribe(folder) as scribe:
        scribe.label(1)
        [journal] = folder.glob("*.journal")
        content = journal.read_bytes()
        journal.unlink()
        journal.write_bytes(content)
        with pytest.raises(LedgerError):
            scribe.label(2)
    assert sorted(labels(read(folder))) == [1]
    assert journal.read_bytes() == content, "a file that this session did not write stays"


def test_labels_restored_from_a_backup_are_counted_once(folder: Path) -> None:
    with Scribe(folder) as scribe:
        scribe.label(1)
        backup = Path(shutil.copytree(folder, folder.with_name("backup")))
        shutil.rmtree(folder)
    shutil.copytree(backup, folder, dirs_exist_ok=True)
    with Scribe(folder, "next") as scribe:
        scribe.label(2)
    assert sorted(draw.draw for draw in read(folder).recent()) == [1, 2]


def test_a_removed_journal_is_kept_elsewhere_when_its_folder_cannot_be_made_again(folder: Path) -> None:
    scribe = Scribe(folder)
    scribe.label(1)
    shutil.rmtree(folder)
    folder.write_text("a file in its place")
    scribe.writer.close()
    [kept] = re.findall(r"is kept as (\S+): move it into a labels folder", scribe.writer.notices[-1])
    folder.unlink()
    folder.mkdir()
    shutil.move(kept, folder)
    Path(kept).parent.rmdir()
    assert labels(read(folder)) == {1: "News"}
