"""Tests of the counts of one run that are printed when the app ends."""

from __future__ import annotations

from datetime import timedelta

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


def test_minutes_are_from_the_reading_of_the_first_document_to_the_last_event(
    tally: RunTally, recorder: EventRecorder, clock: SetClock
) -> None:
    assert (tally.minutes, tally.pace) == (0.0, None)
    recorder.record(EventKind.LABEL, a_document(draw=0), category="News", reading_ms=30_000)
    assert tally.minutes == 0.5
    clock.at += timedelta(minutes=2)
    recorder.record(EventKind.SKIP, a_document(draw=1), reading_ms=90_000)
    assert tally.minutes == 2.5
    clock.at += timedelta(minutes=1)
    recorder.record(EventKind.BOOKMARK, a_document(draw=1))
    assert tally.minutes == 3.5


def test_a_label_in_place_of_a_skip_and_two_looks_count_by_what_stands(
    tally: RunTally, recorder: EventRecorder
) -> None:
    one, other = a_document(draw=0), a_document(draw=1, corpus="mail")
    recorder.record(EventKind.SKIP, one, reading_ms=1_000)
    label = recorder.record(EventKind.LABEL, one, category="News", reading_ms=2_000)
    recorder.record(EventKind.LABEL, one, category="Forum", look=2, reading_ms=3_000)
    recorder.record(EventKind.LABEL, other, category="Forum", reading_ms=4_000)
    assert (dict(tally.labels), tally.skipped, tally.pace) == ({"web": 2, "mail": 1}, 0, 3.0)
    recorder.record(EventKind.UNDO, one, target=label.id)
    assert (dict(tally.labels), tally.skipped) == ({"web": 1, "mail": 1}, 1)
    recorder.record(EventKind.NOTE, one, note="odd")
    recorder.record(EventKind.NOTE, one, note="")
    assert tally.noted == 0
