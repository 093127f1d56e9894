"""Blind second looks: which documents get one, when, and what stays hidden until they are decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.ledger.read.records import FirstLabel
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.session.repeats import DISTANCE, SPREAD, RepeatSelection, SecondLooks
from corpuscope.session.session import Session
from makers import ListEventSink, a_document
from session_fakes import CORPORA, SEED, InstantLoader, a_session_with_repeats


def label(session: Session, times: int, category: str = "Forum") -> None:
    for _ in range(times):
        session.assign(category)


def order(events: Iterable[Event]) -> list[tuple[str, int, int]]:
    return [(event.document.corpus, event.document.draw, event.look) for event in events]


def label_up_to_a_second_look(session: Session, sink: ListEventSink) -> Event:
    """Label until the document on screen is a second look; return the event of its first look."""
    firsts: dict[str, Event] = {}
    for _ in range(400):
        assert session.shown is not None
        if session.shown.document.id in firsts:
            return firsts[session.shown.document.id]
        session.assign("Forum")
        firsts[sink.events[-1].document.id] = sink.events[-1]
    raise AssertionError("no second look came")


@settings(max_examples=30, deadline=None)
@given(percent=st.integers(1, 100))
def test_second_looks_have_the_planned_number_and_distance(percent: int) -> None:
    session, sink = a_session_with_repeats(percent=percent, size=100)
    label(session, 400)
    assert session.shown is None
    events = order(sink.events)
    firsts = {(corpus, draw): i for i, (corpus, draw, look) in enumerate(events) if look == 1}
    seconds = {(corpus, draw): i for i, (corpus, draw, look) in enumerate(events) if look == 2}
    assert len(firsts) == 200
    assert len(seconds) <= 2 * percent
    # only documents at the very end may go without one
    assert len(seconds) >= 2 * percent - DISTANCE - SPREAD
    assert len(firsts) + len(seconds) == len(events)
    assert all(place - firsts[key] > DISTANCE for key, place in seconds.items())


def test_the_same_seed_gives_the_same_queue() -> None:
    orders = []
    for category in ("Forum", "Educational"):
        session, sink = a_session_with_repeats()
        label(session, 150, category)
        orders.append(order(sink.events))
    assert orders[0] == orders[1]
    assert sum(look == 2 for _, _, look in orders[0]) > 8


@settings(max_examples=30, deadline=None)
@given(stops=st.lists(st.integers(1, 60), min_size=1, max_size=4), percent=st.sampled_from([10, 35, 100]))
def test_a_killed_session_continues_in_the_same_order(stops: list[int], percent: int) -> None:
    whole, expected = a_session_with_repeats(percent=percent, size=100)
    label(whole, sum(stops))
    events: list[Event] = []
    for stop in stops:
        session, sink = a_session_with_repeats(events, percent=percent, size=100)
        label(session, stop)
        events += sink.events
    assert order(events) == order(expected.events)


def test_two_corpora_that_read_the_same_rows_both_get_their_second_looks() -> None:
    documents = [a_document(draw, corpus=corpus) for draw in range(15) for corpus in CORPORA]
    events = {document.key: f"event {place}" for place, document in enumerate(documents)}
    loader = InstantLoader(())
    loader.documents = {events[document.key]: document for document in documents}
    waiting = [
        FirstLabel(events[document.key], document.id, document.corpus, document.draw, place)
        for place, document in enumerate(documents)
    ]
    second_looks = SecondLooks(
        RepeatSelection(SEED, 100, CORPORA), loader, place=len(documents), waiting=waiting
    )
    taken = []
    for _ in range(200):
        if (document := second_looks.take() if second_looks.due() else None) is not None:
            taken.append(document.key)
        else:
            second_looks.handed_out()
    assert sorted(taken) == sorted(events)


def test_first_looks_stay_balanced_and_in_the_order_of_the_plan() -> None:
    session, sink = a_session_with_repeats(percent=50)
    label(session, 150)
    firsts = [corpus for corpus, _, look in order(sink.events) if look == 1]
    assert firsts == QueueOrder(SEED, dict.fromkeys(CORPORA, 1), version=1).first(len(firsts))


def test_a_second_look_is_shown_like_a_first_one_until_it_is_decided() -> None:
    session, sink = a_session_with_repeats(percent=100)
    session.note("mentions a price")
    session.bookmark()
    first = label_up_to_a_second_look(session, sink)
    assert first.document.draw == 0
    assert session.shown is not None
    assert (session.shown.decided, session.shown.category) == (False, None)
    assert (session.shown.note, session.shown.bookmarked, session.shown.back) == ("", False, 0)
    labelled = session.progress.labelled
    session.assign("Advertising")
    assert sink.events[-1].look == 2
    assert session.last is not None
    assert (session.last.look, session.last.category) == (2, "Advertising")
    assert session.first_label(session.last) == "Forum"
    assert session.progress.labelled == labelled
    assert "Advertising" not in session.category_counts


def test_notes_of_both_looks_are_kept_and_the_earlier_one_stays_hidden() -> None:
    session, sink = a_session_with_repeats(percent=100)
    session.note("looks sold")
    session.bookmark()
    first = label_up_to_a_second_look(session, sink)
    assert first.document.draw == 0
    assert session.shown is not None
    session.note("a shop")
    assert session.shown.note == "a shop"
    assert sink.events[-1].note == "looks sold; a shop"
    session.note("a shop window")
    assert session.shown.note == "a shop window"
    assert sink.events[-1].note == "looks sold; a shop window"
    session.bookmark()
    assert session.shown.bookmarked
    session.assign("Forum")
    session.back()
    assert session.shown.note == "looks sold; a shop window"


def test_undo_applies_to_each_look_separately() -> None:
    session, sink = a_session_with_repeats()
    first = label_up_to_a_second_look(session, sink)
    labelled = session.progress.labelled
    session.assign("Advertising")
    after = session.shown
    session.undo()
    assert sink.events[-1].kind is EventKind.UNDO
    assert sink.events[-1].target == sink.events[-2].id
    assert session.shown is not None
    assert session.shown.document.id == first.document.id
    assert not session.shown.decided
    session.assign("Educational")
    assert sink.events[-1].look == 2
    assert session.shown == after
    session.back()
    assert session.shown is not None
    assert session.shown.category == "Educational"
    assert session.progress.labelled == labelled


def test_a_first_label_that_is_undone_or_skipped_gets_no_second_look() -> None:
    session, sink = a_session_with_repeats(percent=100, size=30)
    session.assign("Forum")
    session.undo()
    session.skip()
    session.assign("Forum")
    session.back()
    session.skip()
    label(session, 200)
    twice = {event.document.id for event in sink.events if event.look == 2}
    skipped = {event.document.id for event in sink.events if event.kind is EventKind.SKIP}
    assert len(skipped) == 2
    assert twice
    assert not twice & skipped


def test_going_back_to_a_document_postpones_its_second_look() -> None:
    session, sink = a_session_with_repeats(percent=100, size=60)
    label(session, DISTANCE)
    for _ in range(DISTANCE):
        session.back()
    assert session.shown is not None
    reviewed, before = session.shown.document.id, len(sink.events)
    session.current()
    label(session, 60)
    second = next(
        i for i, event in enumerate(sink.events) if event.look == 2 and event.document.id == reviewed
    )
    assert second - before >= DISTANCE


def test_a_document_whose_text_is_lost_is_passed_over() -> None:
    session, sink = a_session_with_repeats(percent=100, size=60)
    label(session, 20)
    events = sink.events
    session, sink = a_session_with_repeats(events, percent=100, size=60, lost=[events[0].id])
    label(session, 60)
    twice = {event.document.id for event in sink.events if event.look == 2}
    assert events[1].document.id in twice
    assert events[0].document.id not in twice


def test_without_new_documents_every_second_look_at_a_sufficient_distance_is_made() -> None:
    session, sink = a_session_with_repeats(percent=100, size=15)
    label(session, 100)
    assert session.shown is None
    places = {event.document.id: place for place, event in enumerate(sink.events) if event.look == 1}
    twice = {event.document.id for event in sink.events if event.look == 2}
    assert len(places) == 30
    assert twice
    remaining = [place for document, place in places.items() if document not in twice]
    assert all(len(sink.events) - place <= DISTANCE for place in remaining)


def test_the_second_looks_of_a_seed_are_the_same_on_every_machine() -> None:
    selection = RepeatSelection(2026, 10, ("web",))
    assert [draw for draw in range(60) if selection("web", draw)] == [6, 11, 29, 31, 47, 55]
    assert [selection.distance("web", draw) for draw in range(5)] == [26, 38, 29, 37, 29]


class WatchedLoader(InstantLoader):
    """Remembers what it was asked for, and has nothing loaded until told so."""

    def __init__(self) -> None:
        super().__init__(())
        self.calls: list[str] = []
        self.wanted: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def close(self) -> None:
        self.calls.append("close")

    def want(self, event_ids: Sequence[str]) -> None:
        self.wanted = list(event_ids)

    def get(self, event_id: str) -> Document | None:
        return self.documents.get(event_id)


def test_the_texts_of_the_next_second_looks_are_loaded_ahead() -> None:
    loader = WatchedLoader()
    waiting = [FirstLabel(f"event {n}", a_document(n).id, "a", n, n) for n in range(30)]
    looks = SecondLooks(RepeatSelection(SEED, 100, CORPORA), loader, place=100, waiting=waiting)
    looks.start()
    assert loader.calls == ["start"]
    due = sorted(
        waiting, key=lambda first: first.place + RepeatSelection(SEED, 100, CORPORA).distance("a", first.draw)
    )
    assert loader.wanted == [first.event_id for first in due[:8]]
    assert looks.due()
    assert looks.peek() is None
    assert looks.take() is None
    loader.documents[loader.wanted[0]] = a_document(due[0].draw, corpus="a")
    assert looks.take() == a_document(due[0].draw, corpus="a")
    assert loader.wanted == [first.event_id for first in due[1:9]]
    assert looks.place == 101
    assert not looks.due()  # the next one keeps its distance to this one
    looks.handed_out()
    assert looks.due()
    looks.close()
    assert loader.calls == ["start", "close"]
