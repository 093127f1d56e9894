"""Test a power failure after a kill: what the next process sees of the killed one need not be durable yet."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from corpuscope.errors import LedgerError
from faults.power import PowerFiles
from ledger_fakes import Scribe, read


def a_session(folder: Path, files: PowerFiles, session: int) -> list[int]:
    """Label until the power fails, with rotation and compaction, and return the acknowledged draws."""
    acknowledged: list[int] = []
    try:
        with Scribe(folder, f"s{session}", files=files, events_a_journal=3) as scribe:
            for number in range(4):
                scribe.label(10 * session + number)
                acknowledged.append(10 * session + number)
    except LedgerError:
        pass
    return acknowledged


def operations(folder: Path) -> int:
    files = PowerFiles(folder)
    assert len(a_session(folder, files, 0)) == 4
    return files.operations


@pytest.mark.parametrize("lucky", [False, True])
def test_what_a_killed_process_left_is_made_durable_before_anything_is_removed(
    tmp_path: Path, lucky: bool
) -> None:
    operation_count = operations(tmp_path / "whole")
    chance = random.Random(3)
    for trial in range(2 * operation_count):
        folder = tmp_path / f"{trial}"
        files = PowerFiles(folder, killed := trial % operation_count)
        acknowledged = a_session(folder, files, 0)
        files.cut_at = killed + chance.randint(1, 2 * operation_count)
        acknowledged += a_session(folder, files, 1)
        disk = files.disk(tmp_path / f"{trial}-disk", chance if lucky else None)
        draws = [decision.draw for decision in read(disk).recent()]
        assert set(acknowledged) <= set(draws), f"killed at {killed}, power cut at {files.cut_at}"
        assert len(draws) == len(set(draws))
