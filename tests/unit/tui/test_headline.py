"""What the line of the last decision says of second looks and of pauses."""

from corpuscope.domain.clock import EventIds
from corpuscope.session.advice import LONG
from corpuscope.session.author import Who
from corpuscope.session.queue import DocumentQueue
from corpuscope.session.session import Session
from corpuscope.session.workspace import LiveSession
from corpuscope.tui.headline import last_pieces
from makers import ListRecorder, ListSupply, SetClock, a_document, a_scheme


def a_sitting(look: int = 1, first_label: str = "Forum") -> tuple[LiveSession, SetClock]:
    documents = [a_document(i) for i in range(3)]
    clock = SetClock()
    session = Session(
        Who("session", "reader", blind=True, look=look),
        a_scheme(),
        ListRecorder(),
        ListSupply(documents),
        clock,
        EventIds(clock),
        targets={"web": 3},
        first_labels={document.id: first_label for document in documents},
    )
    session.advance()
    session.painted()
    return LiveSession(session, DocumentQueue({}, lambda _: "", {}), ()), clock


def said(live: LiveSession) -> str:
    return " ".join(piece.text for piece in last_pieces(live, ""))


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
        clock.wait(LONG / 20)
        live.session.timer.activity()
    live.session.assign("Forum")
    assert "break" not in said(live)
    live.session.painted()
    assert said(live).endswith("· 52 minutes without a break: a good moment for one")


def test_second_looks_promise_no_narrower_share() -> None:
    live, _ = a_sitting(look=2)
    live.session.assign("Forum")
    assert live.session.progress.labelled == 1
    assert live.session.progress.half_width is None
