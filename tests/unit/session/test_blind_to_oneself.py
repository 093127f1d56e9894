"""A second look shows nothing of the first one before its key, whatever keys are pressed."""

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
    raise AssertionError("every document was labelled in this sitting")


def a_sitting(percent: int = 100) -> tuple[Session, ListEventSink]:
    """Every document is to be looked at twice, unless told otherwise."""
    recorder, clock = ListEventSink(), SetClock()
    again = SecondLooks(RepeatSelection(7, percent, ["web"]), DocumentLoader(unread, lambda: None))
    session = Session(
        AnnotatorContext("session-1", "reader", blind=True),
        a_scheme("News", "Forum"),
        recorder,
        ListSupplier([a_document(i) for i in range(200)]),
        clock,
        EventIds(clock),
        targets={"web": 200},
        second_looks=again,
    )
    session.advance()
    return session, recorder


def read(session: Session) -> str:
    assert session.shown is not None
    return session.shown.document.id


def is_bookmarked(session: Session) -> bool:
    return session.shown is not None and session.shown.bookmarked


def up_to_the_first_second_look(session: Session, recorder: ListEventSink) -> str:
    """Labels until a document comes again; its id."""
    while (shown := read(session)) not in {event.document.id for event in recorder.events}:
        session.assign("News")
    return shown


def test_going_back_passes_over_the_first_look_and_comes_forward_past_it_too() -> None:
    session, recorder = a_sitting()
    again = up_to_the_first_second_look(session, recorder)
    labels = len(recorder.events)
    went = 0
    while session.back():
        went += 1
        assert read(session) != again
    assert went == labels - 1
    while session.forward():
        assert session.shown is not None
        assert read(session) != again or not session.shown.decided
    assert read(session) == again


def test_after_its_key_both_looks_can_be_gone_back_to_and_changed_apart() -> None:
    session, recorder = a_sitting()
    again = up_to_the_first_second_look(session, recorder)
    session.assign("Forum")
    session.back()
    assert (read(session), session.shown and session.shown.category) == (again, "Forum")
    while session.back():
        if read(session) == again:
            break
    assert session.shown is not None
    assert session.shown.category == "News"
    session.assign("Forum")
    assert [e.look for e in recorder.events if e.document.id == again] == [1, 2, 1]
    assert session.progress.labelled == len({e.document.id for e in recorder.events})


def test_an_earlier_bookmark_is_not_shown_and_not_lost() -> None:
    session, recorder = a_sitting()
    marked = read(session)
    while read(session) != marked or not recorder.events:
        if read(session) not in {event.document.id for event in recorder.events}:
            session.bookmark()
        session.assign("News")
    assert not is_bookmarked(session)
    before = len(recorder.events)
    assert session.bookmark()
    assert is_bookmarked(session)
    assert not session.bookmark()
    assert len(recorder.events) == before
    session.assign("News")
    session.back()
    assert is_bookmarked(session)


@settings(max_examples=60)
@given(st.lists(st.sampled_from("lllllllsubfcn"), max_size=150), st.sampled_from([10, 50, 100]))
def test_no_keys_show_the_first_label_before_the_second_is_given(keys: list[str], percent: int) -> None:
    session, recorder = a_sitting(percent)
    for _ in range(30):
        session.assign("News")
    acts: dict[str, Callable[[], object]] = {
        "l": lambda: session.assign("Forum"),
        "s": session.skip,
        "u": session.undo,
        "b": session.back,
        "f": session.forward,
        "c": session.current,
        "n": lambda: session.note("seen"),
    }
    for key in keys:
        acts[key]()
        session.current()
        if session.shown is None:
            break
        second = session.shown.document.id in labelled(recorder)
        if not second:
            continue
        assert (session.shown.category, session.shown.decided) == (None, False)
        again = session.shown.document.id
        for _ in range(45):
            if session.back():
                assert read(session) != again
        session.current()


def labelled(recorder: ListEventSink) -> set[str]:
    """The documents with a first label that stands."""
    gone = {event.target for event in recorder.events}
    last = {
        e.document.id: e.kind for e in recorder.events if e.look == 1 and e.id not in gone and not e.target
    }
    return {key for key, kind in last.items() if kind == "label"}


def test_a_text_the_disk_does_not_give_back_holds_nobody_up() -> None:
    def load(event_id: str) -> Document:
        if event_id == "gone":
            raise PermissionError(13, "Permission denied", "part.parquet")
        return a_document(text=event_id)

    arrived = threading.Semaphore(0)
    feed = RelabelQueue(["gone", "there"], DocumentLoader(load, arrived.release))
    feed.start()
    assert arrived.acquire(timeout=60)
    while (document := feed.take()) is None:
        assert arrived.acquire(timeout=60)
    feed.close()
    assert document.text == "there"
