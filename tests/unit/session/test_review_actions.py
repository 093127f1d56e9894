"""Going over documents again without a screen: each act one event, durable or refused."""

import pytest

from corpuscope.domain.clock import EventIds
from corpuscope.errors import LedgerError
from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder
from corpuscope.session.review_actions import ReviewActions
from makers import ListEventSink, SetClock, a_document, a_scheme


@pytest.fixture
def recorder() -> ListEventSink:
    return ListEventSink()


@pytest.fixture
def desk(recorder: ListEventSink) -> ReviewActions:
    clock = SetClock()
    return ReviewActions(
        EventRecorder(AnnotatorContext("s1", "ann"), a_scheme(), recorder, clock, EventIds(clock))
    )


def test_every_act_is_one_event_that_is_not_blind_and_took_no_reading_time(
    desk: ReviewActions, recorder: ListEventSink
) -> None:
    desk.label(a_document(1), "Forum", look=2)
    desk.adjudicate(a_document(2), "Forum")
    desk.note(a_document(1), "odd")
    desk.bookmark(a_document(1), on=True)
    desk.bookmark(a_document(1), on=False)
    assert recorder.story == ["label Forum", "adjudicate Forum", "note odd", "bookmark", "unbookmark"]
    assert [event.look for event in recorder.events[:2]] == [2, 1]
    assert {(event.blind, event.reading_ms, event.annotator) for event in recorder.events} == {
        (False, None, "ann")
    }


def test_undo_takes_back_labels_and_final_decisions_in_turn(
    desk: ReviewActions, recorder: ListEventSink
) -> None:
    first = desk.label(a_document(1), "Forum")
    second = desk.adjudicate(a_document(2), "Forum")
    desk.note(a_document(1), "stays")
    assert [desk.undo(), desk.undo(), desk.undo()] == [second, first, None]
    assert [event.target for event in recorder.events[3:]] == [second.id, first.id]
    assert not desk.can_undo


def test_what_was_refused_can_be_done_again_and_is_not_undone(
    desk: ReviewActions, recorder: ListEventSink
) -> None:
    desk.label(a_document(1), "Forum")
    recorder.full = True
    for act in (lambda: desk.label(a_document(2), "Forum"), desk.undo):
        with pytest.raises(LedgerError):
            act()
    recorder.full = False
    undone = desk.undo()
    assert undone is not None
    assert undone.document == a_document(1)
    assert recorder.story == ["label Forum", "undo"]
