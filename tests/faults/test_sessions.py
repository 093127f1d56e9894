"""Test several sessions in one folder at once, each in its own process."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.errors import LedgerError
from corpuscope.ledger.read.reader import LedgerReader
from faults.processes import labeller, lines_until
from ledger_fakes import Scribe, journals, read

LABELS = 20
"""Labels of each session: four journals that become parts."""


@pytest.mark.parametrize("count", [2, 8])
def test_sessions_side_by_side_lose_and_double_nothing(tmp_path: Path, count: int) -> None:
    children = [labeller(tmp_path, f"s{number}", 0, LABELS) for number in range(count)]
    reader = LedgerReader(tmp_path)
    seen = 0
    for child in children:
        for _ in lines_until(child, f"{LABELS - 1} "):
            now = len(reader.read())
            assert now >= seen
            seen = now
    assert len(journals(tmp_path)) >= count
    assert len(reader.read()) == LABELS * count
    for child in children:
        child.communicate()
        assert child.returncode == 0
    decisions = read(tmp_path)
    assert journals(tmp_path) == []
    assert len(decisions) == LABELS * count
    assert all(decisions.counts("web", f"s{number}") == {"News": LABELS} for number in range(count))


def test_a_new_session_leaves_the_journal_of_a_live_one_alone(tmp_path: Path) -> None:
    child = labeller(tmp_path, "alive", 0, 3)
    list(lines_until(child, "2 "))
    content = (tmp_path / "alive.journal").read_bytes()
    with Scribe(tmp_path, "second") as scribe:
        scribe.label(7)
        assert scribe.writer.notices == ()
    assert (tmp_path / "alive.journal").read_bytes() == content
    child.communicate()
    assert len(read(tmp_path)) == 4


def test_a_session_that_is_open_elsewhere_is_not_opened_again(tmp_path: Path) -> None:
    child = labeller(tmp_path, "same", 0, 1)
    list(lines_until(child, "0 "))
    with pytest.raises(LedgerError, match="open in another process"):
        Scribe(tmp_path, "same")
    child.communicate()
