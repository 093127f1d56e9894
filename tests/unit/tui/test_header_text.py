"""What the header says of time, and the line of the last decision of second looks and of pauses."""

from dataclasses import dataclass

from corpuscope.domain.clock import EventIds
from corpuscope.domain.document import Document
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.session.document_queue import DocumentQueue
from corpuscope.session.event_recorder import AnnotatorContext
from corpuscope.session.fatigue import LONG_STRETCH
from corpuscope.session.session import Session
from corpuscope.session.workspace import RunningSession
from corpuscope.tui.header_text import header_items, last_decision_items
from makers import ListEventSink, ListSupplier, SetClock, a_document, a_scheme


@dataclass
class AFeed:
    """A feed in one state."""

    state: FeedState = FeedState.STREAMING
    ready: int = 8

    @property
    def status(self) -> FeedStatus:
        return FeedStatus(self.state, self.ready)

    def take(self) -> Document | None:
        return None

    def peek(self) -> Document | None:
        return None

    def start(self) -> None: ...

    def close(self) -> None: ...


def a_sitting(
    look: int = 1, first_label: str = "Forum", documents: int = 3, target: int = 3
) -> tuple[RunningSession, SetClock]:
    drawn = [a_document(i) for i in range(documents)]
    clock = SetClock()
    session = Session(
        AnnotatorContext("session", "reader", blind=True, look=look),
        a_scheme(),
        ListEventSink(),
        ListSupplier(drawn),
        clock,
        EventIds(clock),
        targets={"web": target},
        first_labels={document.id: first_label for document in drawn},
    )
    session.advance()
    session.painted()
    return RunningSession(session, DocumentQueue({"web": AFeed()}, lambda _: "web", {"web": 0}), ()), clock


def header(live: RunningSession) -> str:
    return "  ".join(piece.text for piece in header_items((), live)[0])


def said(live: RunningSession) -> str:
    return " ".join(piece.text for piece in last_decision_items(live, ""))


def test_a_second_look_is_said_after_its_key_with_what_was_said_at_first() -> None:
    live, _ = a_sitting(look=2)
    assert said(live) == ""
    live.session.assign("Forum")
    assert said(live).startswith("last: Forum · a second look, as at first · web")
    live.session.assign("Advertising")
    assert said(live).startswith("last: Advertising · a second look, Forum at first · web")
    live.session.skip()
    assert said(live).startswith("last: skipped · a second look · web")


def test_a_first_look_says_nothing_of_another() -> None:
    live, _ = a_sitting()
    live.session.assign("Forum")
    assert "look" not in said(live)


def test_a_suggestion_to_pause_stands_at_the_end_of_the_line() -> None:
    live, clock = a_sitting()
    for _ in range(21):
        clock.wait(LONG_STRETCH / 20)
        live.session.timer.activity()
    live.session.assign("Forum")
    assert "break" not in said(live)
    live.session.painted()
    assert said(live).endswith("· 52 minutes without a break: a good moment for one")


def test_no_more_time_is_left_than_there_are_documents() -> None:
    live, clock = a_sitting(documents=5, target=200)
    for _ in range(3):
        live.session.painted()
        clock.wait(60)
        live.session.assign("Forum")
    assert "about 3.3 h left" in header(live)
    for ready, said in ((1, "about 2 min left"), (0, "about 1 min left")):
        queue = DocumentQueue({"web": AFeed(FeedState.EXHAUSTED, ready)}, lambda _: "web", {"web": 3})
        assert said in header(RunningSession(live.session, queue, ()))
    live.session.assign("Forum")
    live.session.assign("Forum")
    assert "left" not in header(RunningSession(live.session, queue, ()))
    assert "5 of 200" in header(RunningSession(live.session, queue, ()))


def test_second_looks_promise_no_narrower_share() -> None:
    live, _ = a_sitting(look=2)
    live.session.assign("Forum")
    assert live.session.progress.labelled == 1
    assert live.session.progress.half_width is None
