"""The power fails between any two operations: what was acknowledged is on the disk, once."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from corpuscope.errors import LedgerError
from corpuscope.ledger.check import check
from faults.power import PowerFiles
from ledger_fakes import Scribe, read

Folders = Callable[[], Path]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A new folder each time."""
    numbers = iter(range(1_000_000))
    return lambda: tmp_path / f"{next(numbers)}"


def an_evening(folder: Path, files: PowerFiles) -> list[int]:
    """Sessions with rotation, compaction, merging and a recovery; the draws acknowledged before the power failed."""
    sure: list[int] = []
    try:
        for session in range(3):
            scribe = Scribe(folder, f"s{session}", files=files, events_a_journal=3)
            for number in range(5):
                scribe.label(10 * session + number)
                sure.append(10 * session + number)
            if session == 1:
                scribe.writer._compaction.finish(merge=False)  # as if killed: its last journal stays
                assert scribe.writer._journal is not None
                scribe.writer._journal.release()
            else:
                scribe.writer.close()
    except LedgerError:
        pass
    return sure


def operations(folders: Folders) -> int:
    files = PowerFiles(folder := folders())
    assert len(an_evening(folder, files)) == 15
    return files.operations


def agree(disk: Path, sure: list[int]) -> None:
    """Everything acknowledged is there once, before and after the next start."""
    for _ in range(2):
        draws = [decision.draw for decision in read(disk).recent()]
        assert set(sure) <= set(draws)
        assert len(draws) == len(set(draws)) <= len(sure) + 1
        Scribe(disk, f"next-{len(list(disk.iterdir()))}").writer.close()
    assert check(disk).problems == ()


def test_nothing_acknowledged_is_lost_when_only_what_was_synced_survives(folders: Folders) -> None:
    for cut_at in range(operations(folders) + 1):
        files = PowerFiles(folder := folders(), cut_at)
        sure = an_evening(folder, files)
        agree(files.disk(folders()), sure)


def test_nothing_acknowledged_is_lost_whatever_else_survives(folders: Folders) -> None:
    luck = random.Random(1)
    every = operations(folders)
    for _ in range(60):
        files = PowerFiles(folder := folders(), luck.randint(0, every))
        sure = an_evening(folder, files)
        agree(files.disk(folders(), luck), sure)


class Forgetful(PowerFiles):
    """Files that leave out one of the two ways to make things durable."""

    def __init__(self, root: Path, forgets: str) -> None:
        super().__init__(root)
        self.forgets = forgets

    def sync(self, descriptor: int) -> None:
        if self.forgets != "sync":
            super().sync(descriptor)

    def sync_folder(self, folder: Path) -> None:
        if self.forgets != "sync_folder":
            super().sync_folder(folder)


@pytest.mark.parametrize("forgets", ["sync", "sync_folder"])
def test_the_model_notices_when_a_sync_is_left_out(folders: Folders, forgets: str) -> None:
    files = Forgetful(folder := folders(), forgets)
    sure = an_evening(folder, files)
    assert len(read(files.disk(folders()))) < len(sure)
