"""Blind second looks: which documents come again, when, and what is shown of the first look before the key."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from corpuscope.domain.label import Event, EventKind
from corpuscope.sampling.plan import queue_order
from corpuscope.session.repeats import DISTANCE, SPREAD
from corpuscope.session.session import Session
from makers import ListEventSink
from session_fakes import CORPORA, SEED, a_sitting


def label(session: Session, times: int, category: str = "Forum") -> None:
    for _ in range(times):
        session.assign(category)


def order(events: Iterable[Event]) -> list[tuple[str, int, int]]:
    return [(event.document.corpus, event.document.draw, event.look) for event in events]


def label_up_to_a_second_look(session: Session, recorder: ListEventSink) -> Event:
    """Labels until the document on screen is a second look; the event of its first one."""
    seen: dict[str, Event] = {}
    for _ in range(400):
        assert session.shown is not None
        if session.shown.document.id in seen:
            return seen[session.shown.document.id]
        session.assign("Forum")
        seen[recorder.events[-1].document.id] = recorder.events[-1]
    raise AssertionError("no second look came")


@settings(max_examples=30, deadline=None)
@given(percent=st.integers(1, 100))
def test_second_looks_are_as_many_as_planned_and_far_from_the_first(percent: int) -> None:
    session, recorder = a_sitting(percent=percent, size=100)
    label(session, 400)
    assert session.shown is None
    events = order(recorder.events)
    firsts = {(corpus, draw): i for i, (corpus, draw, look) in enumerate(events) if look == 1}
    seconds = {(corpus, draw): i for i, (corpus, draw, look) in enumerate(events) if look == 2}
    assert len(firsts) == 200
    assert len(seconds) <= 2 * percent
    # only documents of the very end may be left without
    assert len(seconds) >= 2 * percent - DISTANCE - SPREAD
    assert len(firsts) + len(seconds) == len(events)
    assert all(place - firsts[key] > DISTANCE for key, place in seconds.items())


def test_the_queue_of_a_study_is_the_same_for_whoever_has_its_seed() -> None:
    orders = []
    for category in ("Forum", "Educational"):
        session, recorder = a_sitting()
        label(session, 150, category)
        orders.append(order(recorder.events))
    assert orders[0] == orders[1]
    assert sum(look == 2 for _, _, look in orders[0]) > 8


@settings(max_examples=30, deadline=None)
@given(stops=st.lists(st.integers(1, 60), min_size=1, max_size=4), percent=st.sampled_from([10, 35, 100]))
def test_a_sitting_that_was_killed_goes_on_as_it_would_have(stops: list[int], percent: int) -> None:
    whole, expected = a_sitting(percent=percent, size=100)
    label(whole, sum(stops))
    events: list[Event] = []
    for stop in stops:
        session, recorder = a_sitting(events, percent=percent, size=100)
        label(session, stop)
        events += recorder.events
    assert order(events) == order(expected.events)


def test_first_looks_stay_balanced_and_in_the_order_of_the_plan() -> None:
    session, recorder = a_sitting(percent=50)
    label(session, 150)
    firsts = [corpus for corpus, _, look in order(recorder.events) if look == 1]
    assert firsts == [queue_order(SEED, CORPORA, i) for i in range(len(firsts))]


def test_a_second_look_is_shown_like_a_first_one_until_its_key() -> None:
    session, recorder = a_sitting(percent=100)
    session.note("mentions a price")
    session.bookmark()
    first = label_up_to_a_second_look(session, recorder)
    assert first.document.draw == 0
    assert session.shown is not None
    assert (session.shown.decided, session.shown.category) == (False, None)
    assert (session.shown.note, session.shown.bookmarked, session.shown.back) == ("", False, 0)
    labelled = session.progress.labelled
    session.assign("Advertising")
    assert recorder.events[-1].look == 2
    assert session.last is not None
    assert (session.last.look, session.last.category) == (2, "Advertising")
    assert session.first_label(session.last) == "Forum"
    assert session.progress.labelled == labelled
    assert "Advertising" not in session.category_counts


def test_notes_of_both_looks_are_kept_and_the_earlier_one_stays_unseen() -> None:
    session, recorder = a_sitting(percent=100)
    session.note("looks sold")
    session.bookmark()
    first = label_up_to_a_second_look(session, recorder)
    assert first.document.draw == 0
    assert session.shown is not None
    session.note("a shop")
    assert session.shown.note == "a shop"
    assert recorder.events[-1].note == "looks sold; a shop"
    session.note("a shop window")
    assert session.shown.note == "a shop window"
    assert recorder.events[-1].note == "looks sold; a shop window"
    session.bookmark()
    assert session.shown.bookmarked
    session.assign("Forum")
    session.back()
    assert session.shown.note == "looks sold; a shop window"


def test_undo_takes_back_each_look_on_its_own() -> None:
    session, recorder = a_sitting()
    first = label_up_to_a_second_look(session, recorder)
    labelled = session.progress.labelled
    session.assign("Advertising")
    after = session.shown
    session.undo()
    assert recorder.events[-1].kind is EventKind.UNDO
    assert recorder.events[-1].target == recorder.events[-2].id
    assert session.shown is not None
    assert session.shown.document.id == first.document.id
    assert not session.shown.decided
    session.assign("Educational")
    assert recorder.events[-1].look == 2
    assert session.shown == after
    session.back()
    assert session.shown is not None
    assert session.shown.category == "Educational"
    assert session.progress.labelled == labelled


def test_a_first_label_that_is_taken_back_or_skipped_gets_no_second_look() -> None:
    session, recorder = a_sitting(percent=100, size=30)
    session.assign("Forum")
    session.undo()
    session.skip()
    session.assign("Forum")
    session.back()
    session.skip()
    label(session, 200)
    twice = {event.document.id for event in recorder.events if event.look == 2}
    skipped = {event.document.id for event in recorder.events if event.kind is EventKind.SKIP}
    assert len(skipped) == 2
    assert twice
    assert not twice & skipped


def test_going_back_to_a_document_puts_its_second_look_off() -> None:
    session, recorder = a_sitting(percent=100, size=60)
    label(session, DISTANCE)
    for _ in range(DISTANCE):
        session.back()
    assert session.shown is not None
    seen, before = session.shown.document.id, len(recorder.events)
    session.current()
    label(session, 60)
    second = next(
        i for i, event in enumerate(recorder.events) if event.look == 2 and event.document.id == seen
    )
    assert second - before >= DISTANCE


def test_a_text_that_damage_took_is_passed_over() -> None:
    session, recorder = a_sitting(percent=100, size=60)
    label(session, 20)
    events = recorder.events
    session, recorder = a_sitting(events, percent=100, size=60, lost=[events[0].id])
    label(session, 60)
    twice = {event.document.id for event in recorder.events if event.look == 2}
    assert events[1].document.id in twice
    assert events[0].document.id not in twice


def test_without_new_documents_every_second_look_comes_that_is_far_enough_away() -> None:
    session, recorder = a_sitting(percent=100, size=15)
    label(session, 100)
    assert session.shown is None
    places = {event.document.id: place for place, event in enumerate(recorder.events) if event.look == 1}
    twice = {event.document.id for event in recorder.events if event.look == 2}
    assert len(places) == 30
    assert twice
    left = [place for document, place in places.items() if document not in twice]
    assert all(len(recorder.events) - place <= DISTANCE for place in left)
