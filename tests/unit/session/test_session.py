"""The actions of a session, and what is then on screen and on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.domain.label import EventKind
from corpuscope.errors import LedgerError
from corpuscope.session.history import HistoryEntry
from corpuscope.session.session import Session
from corpuscope.stats.distribution import distribution_of
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise
from makers import ListEventSink, ListSupplier, SetClock, a_document
from session_fakes import a_session

if TYPE_CHECKING:
    from corpuscope.domain.document import Document


def shown_text(session: Session) -> str | None:
    return session.shown.document.text if session.shown else None


def test_a_key_records_the_label_and_shows_the_next_document() -> None:
    sink = ListEventSink()
    session = a_session(sink=sink)
    session.assign("Advertising")
    assert sink.story == ["label Advertising"]
    assert sink.events[0].document.text == "document 0"
    assert shown_text(session) == "document 1"


def test_other_documents_are_fetched_only_once_the_one_shown_is_painted() -> None:
    session = a_session()
    supplier = session._supplier
    assert isinstance(supplier, ListSupplier)
    session.assign("Advertising")
    assert supplier.refills == 0
    session.painted()
    assert supplier.refills == 1


def test_a_label_that_is_not_durable_leaves_the_document_on_screen() -> None:
    sink = ListEventSink()
    session = a_session(sink=sink)
    sink.full = True
    with pytest.raises(LedgerError):
        session.assign("Advertising")
    assert shown_text(session) == "document 0"
    assert session.progress.labelled == 0
    sink.full = False
    session.assign("Educational")
    assert sink.story == ["label Educational"]


def test_two_corpora_that_read_the_same_rows_keep_their_labels_notes_and_bookmarks_apart() -> None:
    sink = ListEventSink()
    session = a_session([a_document(0), a_document(0, corpus="mail"), a_document(1)], sink=sink)
    session.note("of the web")
    session.bookmark()
    session.assign("Advertising")
    assert session.shown is not None
    assert (session.shown.note, session.shown.bookmarked) == ("", False)
    session.assign("Educational")
    session.back()
    session.back()
    session.assign("Educational")  # in place of the label of the web
    changed = sink.events[-1]
    assert session.undo()
    assert sink.events[-1].target == changed.id
    assert session.shown.document.corpus == "web"


def test_a_refused_undo_or_note_changes_nothing() -> None:
    sink = ListEventSink()
    session = a_session(sink=sink)
    session.assign("Advertising")
    sink.full = True
    for attempt in (session.undo, session.bookmark, lambda: session.note("seen")):
        with pytest.raises(LedgerError):
            attempt()
    assert shown_text(session) == "document 1"
    assert session.progress.labelled == 1
    assert session.shown is not None
    assert not session.shown.bookmarked
    assert session.shown.note == ""


def test_undo_shows_the_document_again_before_the_one_that_was_waiting() -> None:
    sink = ListEventSink()
    session = a_session(sink=sink)
    session.assign("Advertising")
    session.skip()
    assert session.undo()
    assert session.undo()
    assert not session.undo()
    assert shown_text(session) == "document 0"
    assert sink.events[2].target == sink.events[1].id
    assert sink.events[3].target == sink.events[0].id
    session.assign("Educational")
    assert shown_text(session) == "document 1"
    session.assign("Educational")
    assert shown_text(session) == "document 2"
    assert session.progress.labelled == 2


def test_going_back_and_pressing_a_key_changes_the_label_and_returns() -> None:
    sink = ListEventSink()
    session = a_session(sink=sink)
    for _ in range(3):
        session.assign("Advertising")
    session.back()
    session.back()
    assert shown_text(session) == "document 1"
    assert session.shown is not None
    assert session.shown.category == "Advertising"
    session.assign("Educational")
    assert sink.events[-1].document.text == "document 1"
    assert shown_text(session) == "document 3"
    assert dict(session.category_counts) == {"Advertising": 2, "Educational": 1}


def test_only_a_first_answer_is_blind() -> None:
    sink = ListEventSink()
    session = a_session(sink=sink, blind=True)
    session.assign("Advertising")
    session.assign("Advertising")
    session.undo()
    session.assign("Educational")
    session.back()
    session.assign("Educational")
    session.assign("Advertising")
    decisions = [(event.document.draw, event.blind) for event in sink.events if event.kind is EventKind.LABEL]
    assert decisions == [(0, True), (1, True), (1, False), (1, False), (2, True)]


def test_undoing_a_changed_label_restores_the_earlier_one() -> None:
    session = a_session()
    session.assign("Advertising")
    session.back()
    session.assign("Educational")
    session.undo()
    assert session.shown is not None
    assert session.shown.category == "Advertising"
    assert session.progress.labelled == 1
    session.current()
    assert shown_text(session) == "document 1"


def test_back_and_forward_end_at_the_first_and_at_the_current_document() -> None:
    session = a_session()
    session.assign("Advertising")
    assert session.back()
    assert not session.back()
    assert session.forward()
    assert not session.forward()
    assert shown_text(session) == "document 1"


def test_decisions_of_an_earlier_session_can_be_undone() -> None:
    old = a_document(77)
    entry = HistoryEntry("old-event", old.id, "web", "Advertising")
    sink = ListEventSink()
    session = a_session(sink=sink, earlier=(entry,), load=lambda event_id: {"old-event": old}[event_id])
    assert session.progress.labelled == 1
    session.undo()
    assert shown_text(session) == "document 77"
    assert sink.events[0].target == "old-event"
    assert session.progress.labelled == 0


def test_the_widest_interval_is_that_of_the_summary_and_hidden_below_20_labels() -> None:
    session = a_session([a_document(i) for i in range(30)])
    for i in range(20):
        assert session.progress.widest is None
        session.assign("Educational" if i % 4 else "Advertising")
    shares = distribution_of(("Educational", "Advertising"), (15, 5))
    assert session.progress.widest == pytest.approx(100 * shares.half_width)


def test_the_header_of_a_small_corpus_knows_its_size() -> None:
    session = a_session([a_document(i) for i in range(30)], size=44)
    assert session.progress.target == 44
    for i in range(22):
        session.assign("Educational" if i % 2 else "Advertising")
    shares = distribution_of(("Educational", "Advertising"), (11, 11), population=44)
    assert session.progress.widest == pytest.approx(100 * shares.half_width)


def test_the_header_of_a_small_corpus_leaves_out_those_that_will_be_skipped_as_the_summary_does() -> None:
    session = a_session([a_document(i) for i in range(30)], size=44)
    for i in range(26):
        if i < 4:
            session.skip()
        else:
            session.assign("Educational" if i % 2 else "Advertising")
    sample = replace(Sample.of_counts("web", ("Educational", "Advertising"), (11, 11)), documents=44, skips=4)
    (web,) = summarise([sample]).corpora
    assert session.progress.widest == pytest.approx(100 * web.distribution.half_width)
    session.undo()
    session.skip()
    assert session.progress.widest != pytest.approx(100 * web.distribution.half_width)


def test_a_skip_counts_in_no_share() -> None:
    session = a_session()
    session.skip()
    assert session.progress.labelled == 0
    assert not any(session.category_counts.values())


def test_a_note_and_a_bookmark_are_recorded_for_the_document_on_screen() -> None:
    sink = ListEventSink()
    session = a_session(sink=sink)
    session.note("a close call")
    assert session.bookmark()
    assert session.shown is not None
    assert session.shown.note == "a close call"
    assert not session.bookmark()
    assert sink.story == ["note a close call", "bookmark", "unbookmark"]


def test_the_label_just_given_is_marked_as_unsure_and_nothing_else_of_it_changes() -> None:
    sink, clock = ListEventSink(), SetClock()
    session = a_session(sink=sink, clock=clock, blind=True)
    assert not session.mark_unsure()
    session.painted()
    clock.seconds += 4
    session.assign("Advertising")
    assert session.mark_unsure()
    label, marked = sink.events
    assert (label.unsure, marked.unsure) == (False, True)
    assert (marked.kind, marked.category, marked.document) == (label.kind, label.category, label.document)
    assert (marked.reading_ms, marked.blind, marked.look) == (4_000, True, 1)
    assert shown_text(session) == "document 1"
    assert session.progress.labelled == 1
    assert session.last
    assert session.last.unsure
    session.mark_unsure()
    assert not sink.events[-1].unsure
    session.undo()
    assert session.last.unsure
    session.skip()
    session.skip()
    assert not session.mark_unsure()


def test_an_unchanged_note_is_not_recorded_again() -> None:
    sink = ListEventSink()
    session = a_session(sink=sink)
    session.note("")
    session.note("x")
    session.note("x")
    assert sink.story == ["note x"]


def test_without_a_document_no_action_has_an_effect() -> None:
    sink = ListEventSink()
    session = a_session(documents=(), sink=sink)
    session.assign("Advertising")
    session.skip()
    session.note("x")
    assert not session.bookmark()
    assert not session.undo()
    assert not session.back()
    assert sink.events == []


def test_reading_time_runs_from_paint_to_key_and_limits_idle_stretches() -> None:
    clock = SetClock()
    sink = ListEventSink()
    session = a_session(sink=sink, clock=clock)
    session.timer.start()
    clock.wait(4)
    session.timer.activity()
    clock.wait(3600)
    session.assign("Advertising")
    assert sink.events[0].reading_ms == 64_000


def test_a_refused_label_does_not_lose_the_reading_time() -> None:
    clock = SetClock()
    sink = ListEventSink()
    session = a_session(sink=sink, clock=clock)
    session.timer.start()
    clock.wait(4)
    sink.full = True
    with pytest.raises(LedgerError):
        session.assign("Advertising")
    clock.wait(2)
    sink.full = False
    session.assign("Advertising")
    assert sink.events[0].reading_ms == 6_000


def test_the_texts_of_old_entries_are_loaded_again() -> None:
    by_event: dict[str, Document] = {}
    sink = ListEventSink()
    session = a_session(
        documents=map(a_document, range(120)), sink=sink, load=lambda event_id: by_event[event_id]
    )
    for _ in range(110):
        session.assign("Advertising")
    by_event.update({event.id: event.document for event in sink.events})
    for _ in range(110):
        assert session.back()
    assert shown_text(session) == "document 0"


@given(
    st.lists(st.sampled_from(["Educational", "Advertising", "skip", "undo", "back", "forward", "current"]))
)
def test_after_any_sequence_of_keys_the_counts_match_the_record(keys: list[str]) -> None:
    sink = ListEventSink()
    session = a_session(documents=map(a_document, range(100)), sink=sink)
    for key in keys:
        if key in ("Educational", "Advertising"):
            session.assign(key)
        else:
            getattr(session, key)()
    undone = {event.target for event in sink.events if event.kind is EventKind.UNDO}
    in_force = {
        event.document.id: event.category
        for event in sink.events
        if event.id not in undone and event.kind in (EventKind.LABEL, EventKind.SKIP)
    }
    labels = [category for category in in_force.values() if category]
    assert session.progress.labelled == len(labels)
    assert {k: v for k, v in session.category_counts.items() if v} == {
        c: labels.count(c) for c in set(labels)
    }
    assert [event.id for event in sink.events] == sorted(event.id for event in sink.events)


class PreparingSink(ListEventSink):
    """A sink that remembers the documents it was told of."""

    def __init__(self) -> None:
        super().__init__()
        self.prepared: list[int] = []

    def prepare(self, document: Document) -> None:
        self.prepared.append(document.draw)


def test_a_document_is_prepared_once_it_is_painted() -> None:
    sink = PreparingSink()
    session = a_session([a_document(0)], sink=sink)
    assert sink.prepared == []
    session.painted()
    assert sink.prepared == [0]
    session.assign("Advertising")
    session.painted()  # no document is there
    assert sink.prepared == [0]


def test_a_document_has_the_number_of_its_label() -> None:
    session = a_session()
    numbers = [session.number]
    for category in ("Advertising", None, "Educational"):
        session.assign(category) if category else session.skip()
        numbers.append(session.number)
    assert numbers == [1, 2, 2, 3]
    back = []
    while session.back():
        back.append((session.number, session.shown.category if session.shown else None))
    assert back == [(2, "Educational"), (2, None), (1, "Advertising")]


def test_the_latest_decisions_are_hidden_from_a_blind_annotator() -> None:
    for blind, shown in ((False, ["Educational", "Advertising"]), (True, [])):
        session = a_session(blind=blind)
        for category in ("Forum", "Advertising", "Educational"):
            session.assign(category)
        assert [entry.category for entry in session.recent(2)] == shown
        assert session.last is not None
        assert session.last.category == "Educational"


def label_forum(session: Session) -> None:
    session.assign("Forum")


@pytest.mark.parametrize("step", [Session.skip, label_forum, Session.back, Session.mark_unsure])
def test_an_undo_is_told_until_the_next_decision_or_step(step: Callable[[Session], object]) -> None:
    session = a_session()
    presses: list[Callable[[Session], object]] = [label_forum, label_forum, Session.undo, step]
    undone = []
    for press in presses:
        press(session)
        undone.append(session.undone.category if session.undone else None)
    assert undone == [None, None, "Forum", None]


def test_a_bookmark_of_an_undone_document_can_be_removed() -> None:
    sink = ListEventSink()
    session = a_session(sink=sink)
    session.bookmark()
    label_forum(session)
    session.undo()
    assert session.shown is not None
    assert session.shown.bookmarked
    assert not session.bookmark()
    assert sink.events[-1].kind is EventKind.UNBOOKMARK


def test_the_pace_is_that_of_the_labels_of_this_session() -> None:
    clock = SetClock()
    session = a_session(clock=clock)
    paces = []
    for seconds in (5, 7, 6, 30):
        session.painted()
        clock.wait(seconds)
        label_forum(session)
        paces.append(session.progress.pace)
    assert paces == [None, None, 6.0, 7.0]


def test_fifty_minutes_without_a_break_are_told_when_the_next_document_is_painted() -> None:
    clock = SetClock()
    session = a_session([a_document(i) for i in range(30)], clock=clock)
    for _ in range(25):
        session.painted()
        assert session.advice == ""
        clock.wait(121.0)
        session.timer.activity()
        session.assign("Advertising")
    session.painted()
    assert session.advice == "50 minutes without a break: a good moment for one"


def test_an_undone_label_does_not_count_towards_a_drift() -> None:
    session = a_session([a_document(i) for i in range(200)], clock=(clock := SetClock()))

    def label(seconds: float, category: str) -> None:
        session.painted()
        clock.wait(seconds)
        session.assign(category)

    for i in range(59):
        label(9 + i % 7 / 100, "Forum" if i % 3 else "Educational")
    for _ in range(60):
        label(0.1, "Advertising")
        session.undo()
        assert session.advice == ""
    label(9, "Forum")
    session.painted()
    assert session.advice == ""
