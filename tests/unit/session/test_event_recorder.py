"""What an event holds of its session, and whether it is blind."""

from __future__ import annotations

import pytest

from corpuscope.domain.clock import EventIds
from corpuscope.domain.label import EventKind
from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder
from makers import ListEventSink, SetClock, a_document, a_scheme


def recorder_of(context: AnnotatorContext, sink: ListEventSink) -> EventRecorder:
    clock = SetClock()
    return EventRecorder(context, a_scheme(), sink, clock, EventIds(clock))


@pytest.mark.parametrize(
    ("session", "disclosed", "given", "blind"),
    [
        (True, False, None, True),
        (True, True, None, False),
        (False, False, None, False),
        (False, False, True, True),
        (True, True, True, True),
        (True, False, False, False),
    ],
)
def test_a_decision_is_blind_unless_its_document_was_disclosed_or_it_is_said(
    session: bool, disclosed: bool, given: bool | None, blind: bool
) -> None:
    recorder = recorder_of(AnnotatorContext("s1", "ann", blind=session), ListEventSink())
    event = recorder.record(EventKind.LABEL, a_document(), category="News", disclosed=disclosed, blind=given)
    assert event.blind is blind


def test_an_event_has_the_look_of_its_session_unless_another_is_given() -> None:
    assert (AnnotatorContext("s1", "ann").blind, AnnotatorContext("s1", "ann").look) == (False, 1)
    sink = ListEventSink()
    recorder = recorder_of(AnnotatorContext("s1", "ann", look=2), sink)
    second = recorder.record(EventKind.LABEL, a_document(), category="News", reading_ms=7)
    first = recorder.record(EventKind.LABEL, a_document(), category="News", look=1, unsure=True)
    assert [(event.look, event.unsure, event.reading_ms) for event in (second, first)] == [
        (2, False, 7),
        (1, True, None),
    ]
    assert (first.session, first.annotator, first.scheme) == ("s1", "ann", a_scheme().hash)
    assert sink.events == [second, first]
