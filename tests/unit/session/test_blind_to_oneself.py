"""A second look shows nothing of the first label until it is decided, whatever keys are pressed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from corpuscope.domain.clock import EventIds
from corpuscope.domain.document import Document
from corpuscope.session.document_loader import DocumentLoader, RelabelQueue
from corpuscope.session.event_recorder import AnnotatorContext
from corpuscope.session.repeats import RepeatSelection, SecondLooks
from corpuscope.session.session import Session
from makers import ListEventSink, ListSupplier, SetClock, a_document, a_scheme

if TYPE_CHECKING:
    from collections.abc import Callable


def unread(_event_id: str) -> Document:
    raise AssertionError("every document was labelled in this session")


def a_session_with_repeats(percent: int = 100) -> tuple[Session, ListEventSink]:
    """Start a session in which `percent` of the documents get a second look."""
    sink, clock = ListEventSink(), SetClock()
    second_looks = SecondLooks(RepeatSelection(7, percent, ["web"]), DocumentLoader(unread, lambda: None))
    session = Session(
        AnnotatorContext("session-1", "reader", blind=True),
        a_scheme("News", "Forum"),
        sink,
        ListSupplier([a_document(i) for i in range(200)]),
        clock,
        EventIds(clock),
        targets={"web": 200},
        second_looks=second_looks,
    )
    session.advance()
    return session, sink


def shown_id(session: Session) -> str:
    assert session.shown is not None
    return session.shown.document.id


def is_bookmarked(session: Session) -> bool:
    return session.shown is not None and session.shown.bookmarked


def up_to_the_first_second_look(session: Session, sink: ListEventSink) -> str:
    """Label until a document is shown for its second look; return its id."""
    while (shown := shown_id(session)) not in {event.document.id for event in sink.events}:
        session.assign("News")
    return shown


def test_going_back_and_forward_passes_over_the_first_look() -> None:
    session, sink = a_session_with_repeats()
    repeated = up_to_the_first_second_look(session, sink)
    labels = len(sink.events)
    steps = 0
    while session.back():
        steps += 1
        assert shown_id(session) != repeated
    assert steps == labels - 1
    while session.forward():
        assert session.shown is not None
        assert shown_id(session) != repeated or not session.shown.decided
    assert shown_id(session) == repeated


def test_after_the_second_look_is_decided_both_looks_can_be_changed_separately() -> None:
    session, sink = a_session_with_repeats()
    repeated = up_to_the_first_second_look(session, sink)
    session.assign("Forum")
    session.back()
    assert (shown_id(session), session.shown and session.shown.category) == (repeated, "Forum")
    while session.back():
        if shown_id(session) == repeated:
            break
    assert session.shown is not None
    assert session.shown.category == "News"
    session.assign("Forum")
    assert [e.look for e in sink.events if e.document.id == repeated] == [1, 2, 1]
    assert session.progress.labelled == len({e.document.id for e in sink.events})


def test_an_earlier_bookmark_is_hidden_but_not_lost() -> None:
    session, sink = a_session_with_repeats()
    bookmarked = shown_id(session)
    while shown_id(session) != bookmarked or not sink.events:
        if shown_id(session) not in {event.document.id for event in sink.events}:
            session.bookmark()
        session.assign("News")
    assert not is_bookmarked(session)
    before = len(sink.events)
    assert session.bookmark()
    assert is_bookmarked(session)
    assert not session.bookmark()
    assert len(sink.events) == before
    session.assign("News")
    session.back()
    assert is_bookmarked(session)


@settings(max_examples=60)
@given(st.lists(st.sampled_from("lllllllsubfcn"), max_size=150), st.sampled_from([10, 50, 100]))
def test_no_key_shows_the_first_label_before_the_second_is_given(keys: list[str], percent: int) -> None:
    session, sink = a_session_with_repeats(percent)
    for _ in range(30):
        session.assign("News")
    actions: dict[str, Callable[[], object]] = {
        "l": lambda: session.assign("Forum"),
        "s": session.skip,
        "u": session.undo,
        "b": session.back,
        "f": session.forward,
        "c": session.current,
        "n": lambda: session.note("seen"),
    }
    for key in keys:
        actions[key]()
        session.current()
        if session.shown is None:
            break
        second = session.shown.document.id in labelled(sink)
        if not second:
            continue
        assert (session.shown.category, session.shown.decided) == (None, False)
        repeated = session.shown.document.id
        for _ in range(45):
            if session.back():
                assert shown_id(session) != repeated
        session.current()


def labelled(sink: ListEventSink) -> set[str]:
    """Return the ids of the documents with a first label in force."""
    undone = {event.target for event in sink.events}
    last = {e.document.id: e.kind for e in sink.events if e.look == 1 and e.id not in undone and not e.target}
    return {key for key, kind in last.items() if kind == "label"}


def test_a_text_that_the_disk_does_not_return_is_passed_over() -> None:
    def load(event_id: str) -> Document:
        if event_id == "lost":
            raise PermissionError(13, "Permission denied", "part.parquet")
        return a_document(text=event_id)

    arrived = threading.Semaphore(0)
    feed = RelabelQueue(["lost", "readable"], DocumentLoader(load, arrived.release))
    feed.start()
    assert arrived.acquire(timeout=60)
    while (document := feed.take()) is None:
        assert arrived.acquire(timeout=60)
    feed.close()
    assert document.text == "readable"
