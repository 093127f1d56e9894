"""Test that acknowledged labels are on the disk exactly once after a power failure at any operation."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from corpuscope.errors import LedgerError
from corpuscope.ledger.check import check
from faults.power import DiskContent, PowerFiles, write_disk
from ledger_fakes import Scribe, read

Folders = Callable[[], Path]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Return a factory of new folder paths."""
    numbers = iter(range(1_000_000))
    return lambda: tmp_path / f"{next(numbers)}"


def run_sessions(folder: Path, files: PowerFiles, acknowledged: list[int] | None = None) -> list[int]:
    """Run sessions with rotation, compaction, merging and recovery; return the acknowledged draws.

    They are added to `acknowledged`, one after the other, if it is given.
    """
    acknowledged = [] if acknowledged is None else acknowledged
    try:
        for session in range(3):
            scribe = Scribe(folder, f"s{session}", files=files, events_a_journal=3)
            for number in range(5):
                scribe.label(10 * session + number)
                acknowledged.append(10 * session + number)
            if session == 1:
                scribe.writer._compaction.finish(merge=False)  # as if killed: its last journal stays
                assert scribe.writer._journal is not None
                scribe.writer._journal.release()
            else:
                scribe.writer.close()
    except LedgerError:
        pass
    return acknowledged


def operations(folders: Folders) -> int:
    files = PowerFiles(folder := folders())
    assert len(run_sessions(folder, files)) == 15
    return files.operations


def agree(disk: Path, acknowledged: list[int]) -> None:
    """Assert that every acknowledged draw is stored once, before and after the next session."""
    for _ in range(2):
        draws = [decision.draw for decision in read(disk).recent()]
        assert set(acknowledged) <= set(draws)
        assert len(draws) == len(set(draws)) <= len(acknowledged) + 1
        Scribe(disk, f"next-{len(list(disk.iterdir()))}").writer.close()
    assert check(disk).problems == ()


class Watched(PowerFiles):
    """Files that record what a power failure before each operation would leave on the disk."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.acknowledged: list[int] = []
        self.failures: list[tuple[DiskContent, list[int]]] = []
        """Content of the disk and the draws acknowledged by then, for each failure that differs from the one before."""

    def _step(self) -> None:
        self.record()
        super()._step()

    def record(self) -> None:
        """Record what a power failure now would leave."""
        failure = self.durable(), self.acknowledged.copy()
        if self.failures[-1:] != [failure]:
            self.failures.append(failure)


def test_nothing_acknowledged_is_lost_when_only_what_was_synced_survives(folders: Folders) -> None:
    files = Watched(folder := folders())
    run_sessions(folder, files, files.acknowledged)
    files.record()
    assert len(files.failures) > 30
    for content, acknowledged in files.failures:
        agree(write_disk(content, folders()), acknowledged)


def test_nothing_acknowledged_is_lost_whatever_else_survives(folders: Folders) -> None:
    luck = random.Random(1)
    operation_count = operations(folders)
    for _ in range(40):
        files = PowerFiles(folder := folders(), luck.randint(0, operation_count))
        acknowledged = run_sessions(folder, files)
        agree(files.disk(folders(), luck), acknowledged)


class Forgetful(PowerFiles):
    """Files that omit one of the two kinds of sync."""

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
    acknowledged = run_sessions(folder, files)
    assert len(read(files.disk(folders()))) < len(acknowledged)
