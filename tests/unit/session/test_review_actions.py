"""Actions of a review: each is one event, durable or refused."""

from __future__ import annotations

import pytest

from corpuscope.domain.clock import EventIds
from corpuscope.errors import LedgerError
from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder
from corpuscope.session.review_actions import ReviewActions
from makers import ListEventSink, SetClock, a_document, a_scheme


@pytest.fixture
def sink() -> ListEventSink:
    return ListEventSink()


@pytest.fixture
def actions(sink: ListEventSink) -> ReviewActions:
    clock = SetClock()
    return ReviewActions(
        EventRecorder(AnnotatorContext("s1", "ann"), a_scheme(), sink, clock, EventIds(clock))
    )


def test_every_action_is_one_event_that_is_not_blind_and_has_no_reading_time(
    actions: ReviewActions, sink: ListEventSink
) -> None:
    actions.label(a_document(1), "Forum", look=2)
    actions.adjudicate(a_document(2), "Forum")
    actions.note(a_document(1), "odd")
    actions.bookmark(a_document(1), on=True)
    actions.bookmark(a_document(1), on=False)
    assert sink.story == ["label Forum", "adjudicate Forum", "note odd", "bookmark", "unbookmark"]
    assert [event.look for event in sink.events[:2]] == [2, 1]
    assert {(event.blind, event.reading_ms, event.annotator) for event in sink.events} == {
        (False, None, "ann")
    }


def test_undo_reverts_labels_and_final_decisions_in_turn(actions: ReviewActions, sink: ListEventSink) -> None:
    first = actions.label(a_document(1), "Forum")
    second = actions.adjudicate(a_document(2), "Forum")
    actions.note(a_document(1), "stays")
    assert [actions.undo(), actions.undo(), actions.undo()] == [second, first, None]
    assert [event.target for event in sink.events[3:]] == [second.id, first.id]
    assert not actions.can_undo


def test_a_refused_action_can_be_repeated_and_is_not_undone(
    actions: ReviewActions, sink: ListEventSink
) -> None:
    actions.label(a_document(1), "Forum")
    sink.full = True
    for action in (lambda: actions.label(a_document(2), "Forum"), actions.undo):
        with pytest.raises(LedgerError):
            action()
    sink.full = False
    undone = actions.undo()
    assert undone is not None
    assert undone.document == a_document(1)
    assert sink.story == ["label Forum", "undo"]
