"""Test when a ledger counts as one without events, and that a session then reads the same as from any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.ledger.read.no_decisions import NoDecisions, is_without_events
from ledger_fakes import Scribe, journals, read
from makers import a_scheme


def test_a_folder_without_files_and_the_journal_of_an_open_session_hold_no_events(tmp_path: Path) -> None:
    assert is_without_events(tmp_path / "missing")
    with Scribe(tmp_path) as scribe:
        assert is_without_events(tmp_path)
        scribe.label(1)
        assert not is_without_events(tmp_path)
    assert not is_without_events(tmp_path)  # the label is in a part now


@pytest.mark.parametrize("line", [b"0badc0de {}\n", b"not a line\n"])
def test_a_damaged_journal_is_left_to_the_reader_which_reports_it(tmp_path: Path, line: bytes) -> None:
    scribe = Scribe(tmp_path)
    with journals(tmp_path)[0].open("ab") as file:
        file.write(line)
    assert not is_without_events(tmp_path)
    scribe.writer.close()


def test_a_session_reads_the_same_as_from_the_decisions_of_an_empty_ledger(tmp_path: Path) -> None:
    nothing, decisions, scheme = NoDecisions(), read(tmp_path), a_scheme()
    assert nothing.draws("web", "ann", 1, scheme) == decisions.draws("web", "ann", 1, scheme)
    assert [*nothing.substitutes("web", "ann")] == [*decisions.substitutes("web", "ann")]
    assert [*nothing.by_draw(["web"])] == [*decisions.by_draw(["web"])]
    assert nothing.recent("ann", 9) == decisions.recent("ann", 9)
    assert nothing.counts("web", "ann", 1) == decisions.counts("web", "ann", 1)
    assert nothing.notes("web", "ann") == decisions.notes("web", "ann")
    assert nothing.repeat_status("ann", scheme, None) == decisions.repeat_status("ann", scheme, None)
