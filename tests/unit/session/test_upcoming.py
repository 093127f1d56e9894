"""The document that may be prepared is the one that comes."""

from hypothesis import given
from hypothesis import strategies as st

from corpuscope.domain.document import Document
from corpuscope.session.session import Session
from makers import a_document
from session_fakes import a_session, a_sitting


def shown(session: Session) -> Document | None:
    return session.shown.document if session.shown else None


def test_the_document_behind_the_one_on_screen_comes_next_and_asking_takes_nothing() -> None:
    first, second = a_document(0), a_document(1)
    session = a_session([first, second])
    assert session.upcoming is session.upcoming is second
    session.assign("Advertising")
    assert shown(session) is second
    assert session.upcoming is None


def test_nothing_is_known_while_nothing_is_ready() -> None:
    session = a_session([a_document(0), None, a_document(2)])
    assert session.upcoming is None
    session.assign("Advertising")
    assert shown(session) is None


def test_from_an_earlier_document_the_way_leads_back_to_the_one_to_label() -> None:
    first, second, third = (a_document(draw) for draw in range(3))
    session = a_session([first, second, third])
    session.assign("Advertising")
    session.back()
    assert session.upcoming is second
    session.assign("Educational")
    assert shown(session) is second
    assert session.upcoming is third


def test_behind_a_document_taken_back_waits_the_one_that_was_on_screen() -> None:
    first, second, third = (a_document(draw) for draw in range(3))
    session = a_session([first, second, third])
    session.assign("Advertising")
    session.undo()
    assert shown(session) is first
    assert session.upcoming is second
    session.skip()
    assert shown(session) is second
    assert session.upcoming is third


def test_a_second_look_is_known_before_it_comes() -> None:
    session, recorder = a_sitting(percent=50)
    seconds = 0
    for _ in range(120):
        coming = session.upcoming
        session.assign("Forum")
        assert coming is not None
        assert shown(session) is coming
        seconds += recorder.events[-1].look == 2
    assert seconds > 10


@given(
    st.lists(st.sampled_from(["Forum", "News", "skip", "undo", "back", "forward", "current"]), max_size=60)
)
def test_whatever_was_pressed_a_decision_brings_what_was_prepared(keys: list[str]) -> None:
    session, _ = a_sitting(percent=50, size=60)
    for key in [*["Forum"] * 20, *keys]:
        coming = session.upcoming
        if key in ("Forum", "News"):
            session.assign(key)
        else:
            getattr(session, key)()
        if coming is not None and key in ("Forum", "News", "skip"):
            assert shown(session) == coming
