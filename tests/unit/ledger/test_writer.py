"""Test what a writer takes, and when it begins a new journal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.domain.label import EventKind
from corpuscope.errors import LedgerError
from corpuscope.ledger.write.writer import LedgerWriter
from ledger_fakes import Scribe, UnsyncedFiles, journals, labels, read
from makers import SetClock, a_document


def test_a_new_journal_is_begun_behind_the_event_that_fills_one(tmp_path: Path) -> None:
    with Scribe(tmp_path, events_a_journal=3) as scribe:
        for draw, newest in enumerate(["s1.journal", "s1.journal", "s1.2.journal", "s1.2.journal"]):
            scribe.label(draw)
            assert max(journals(tmp_path), key=lambda path: len(path.name)).name == newest
    assert labels(read(tmp_path)).keys() == {0, 1, 2, 3}
    assert journals(tmp_path) == []


def test_an_event_that_no_reader_could_hold_is_refused(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        event = scribe.event(EventKind.LABEL, a_document(1), category="News")
        refused = {
            ValueError: [
                replace(event, id="x"),
                replace(event, kind=EventKind.UNDO),
                replace(event, target="x"),
            ],
            LedgerError: [replace(event, document=replace(event.document, corpus="../a"))],
        }
        for fault, events in refused.items():
            for one in events:
                with pytest.raises(fault):
                    scribe.writer.append(one)
        scribe.writer.append(event)
        assert scribe.writer.last_event_id == event.id
    assert labels(read(tmp_path)) == {1: "News"}


def test_a_session_that_was_closed_takes_nothing_more(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
    with pytest.raises(LedgerError, match="the session is closed: nothing more can be written"):
        scribe.label(2)
    scribe.writer.close()
    assert labels(read(tmp_path)) == {1: "News"}


def test_a_session_knows_the_last_event_of_those_before(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1") as scribe:
        last = scribe.label(1)
    writer = LedgerWriter.open(tmp_path, "s2", SetClock(), files=UnsyncedFiles())
    assert writer.last_event_id == last
    writer.close()
    assert [path.name for path in tmp_path.rglob("*.parquet")] == ["s1.parquet"]
