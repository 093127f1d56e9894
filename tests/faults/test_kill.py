"""Test that every acknowledged label is stored exactly once after kill -9 at any moment."""

from __future__ import annotations

import random
import subprocess
import time
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq

from corpuscope.ledger.read.reader import LedgerReader
from faults.processes import labeller
from ledger_fakes import Scribe, journals, parts, read

TRIALS = 20
"""Sessions killed here; the benchmark of the ledger kills 300."""


def killed_after(child: subprocess.Popen[str], count: int, seconds: float) -> set[str]:
    """Kill a session some seconds after its first lines, and return the ids of the events it acknowledged."""
    with child:
        assert child.stdout is not None
        lines = list(islice(child.stdout, count))
        time.sleep(seconds)
        child.kill()
        lines += list(child.stdout)
    return {line.split()[1] for line in lines if line[0].isdigit() and line.endswith("\n")}


def test_no_acknowledged_label_is_lost_or_doubled_by_kill_9(tmp_path: Path) -> None:
    chance = random.Random(7)
    acknowledged: set[str] = set()
    for trial in range(TRIALS):
        child = labeller(tmp_path, f"s{trial}", trial * 1000, 1000)
        acknowledged |= killed_after(child, chance.randint(1, 25), chance.random() / 100)
        if trial % 5 == 4:
            event_ids = [decision.event_id for decision in read(tmp_path).recent()]
            assert acknowledged <= set(event_ids)
            assert len(set(event_ids)) == len(event_ids) <= len(acknowledged) + trial + 1
    with Scribe(tmp_path, "last"):
        pass
    assert journals(tmp_path) == []
    event_ids = [decision.event_id for decision in read(tmp_path).recent()]
    assert len(acknowledged) > 5 * TRIALS
    assert acknowledged <= set(event_ids)
    # The event being written when a session died may be stored or not.
    assert len(set(event_ids)) == len(event_ids) <= len(acknowledged) + TRIALS
    assert sum(pq.read_metadata(path).num_rows for path in parts(tmp_path)) == len(event_ids)


def test_labels_of_prewritten_long_documents_survive_with_their_texts(tmp_path: Path) -> None:
    chance = random.Random(11)
    acknowledged: set[str] = set()
    for trial in range(6):
        child = labeller(tmp_path, f"s{trial}", trial * 1000, 1000, characters=200_000)
        acknowledged |= killed_after(child, chance.randint(1, 10), chance.random() / 50)
    with Scribe(tmp_path, "last"):
        pass
    reader = LedgerReader(tmp_path)
    draws_by_event = {decision.event_id: decision.draw for decision in reader.read().recent()}
    assert acknowledged <= draws_by_event.keys()
    assert len(acknowledged) > 12
    assert all(
        reader.document(event).text == f"{draw} ".ljust(200_000, "x")
        for event, draw in draws_by_event.items()
    )
