"""Tests of the counts of one run that are printed when the app ends."""

from __future__ import annotations

import pytest

from corpuscope.domain.clock import EventIds
from corpuscope.domain.label import EventKind
from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder
from corpuscope.session.ledger import TallyingWriter
from corpuscope.session.run_tally import RunTally
from makers import ListEventSink, SetClock, a_document, a_scheme


@pytest.fixture
def tally() -> RunTally:
    return RunTally()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def recorder(tally: RunTally, clock: SetClock) -> EventRecorder:
    sink = TallyingWriter(ListEventSink(), tally)
    context = AnnotatorContext("session-1", "reader")
    return EventRecorder(context, a_scheme("News", "Forum"), sink, clock, EventIds(clock))


def test_each_document_counts_once_and_what_was_undone_not_at_all(
    tally: RunTally, recorder: EventRecorder
) -> None:
    one, other, third = (a_document(draw=draw) for draw in range(3))
    recorder.record(EventKind.LABEL, one, category="News", reading_ms=4_000)
    recorder.record(EventKind.LABEL, one, category="Forum", reading_ms=1_000)
    undone = recorder.record(EventKind.LABEL, other, category="News", reading_ms=9_000)
    recorder.record(EventKind.UNDO, other, target=undone.id)
    recorder.record(EventKind.SKIP, third, reading_ms=500)
    recorder.record(EventKind.BOOKMARK, third)
    recorder.record(EventKind.NOTE, third, note="odd")
    recorder.record(EventKind.NOTE, one, note="")
    assert (tally.labels.total(), tally.skipped, tally.bookmarked, tally.noted) == (1, 1, 1, 1)
    recorder.record(EventKind.UNBOOKMARK, third)
    assert tally.bookmarked == 0
