"""The document announced as upcoming is the one that is shown next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.domain.document import Document
from corpuscope.session.session import Session
from makers import a_document
from session_fakes import a_session, a_session_with_repeats


def shown(session: Session) -> Document | None:
    return session.shown.document if session.shown else None


def test_the_next_document_is_announced_without_being_taken() -> None:
    first, second = a_document(0), a_document(1)
    session = a_session([first, second])
    assert session.upcoming is session.upcoming is second
    session.assign("Advertising")
    assert shown(session) is second
    assert session.upcoming is None


def test_nothing_is_announced_while_no_document_is_ready() -> None:
    session = a_session([a_document(0), None, a_document(2)])
    assert session.upcoming is None
    session.assign("Advertising")
    assert shown(session) is None


def test_after_an_earlier_document_comes_the_one_to_label() -> None:
    first, second, third = (a_document(draw) for draw in range(3))
    session = a_session([first, second, third])
    session.assign("Advertising")
    session.back()
    assert session.upcoming is second
    session.assign("Educational")
    assert shown(session) is second
    assert session.upcoming is third


def test_after_an_undone_document_comes_the_one_that_was_on_screen() -> None:
    first, second, third = (a_document(draw) for draw in range(3))
    session = a_session([first, second, third])
    session.assign("Advertising")
    session.undo()
    assert shown(session) is first
    assert session.upcoming is second
    session.skip()
    assert shown(session) is second
    assert session.upcoming is third


def test_a_second_look_is_announced_before_it_is_shown() -> None:
    session, sink = a_session_with_repeats(percent=50)
    second_looks = 0
    for _ in range(120):
        upcoming = session.upcoming
        session.assign("Forum")
        assert upcoming is not None
        assert shown(session) is upcoming
        second_looks += sink.events[-1].look == 2
    assert second_looks > 10


@pytest.mark.slow
@given(
    st.lists(st.sampled_from(["Forum", "News", "skip", "undo", "back", "forward", "current"]), max_size=60)
)
def test_after_any_keys_a_decision_shows_the_document_that_was_announced(keys: list[str]) -> None:
    session, _ = a_session_with_repeats(percent=50, size=60)
    for key in [*["Forum"] * 20, *keys]:
        upcoming = session.upcoming
        if key in ("Forum", "News"):
            session.assign(key)
        else:
            getattr(session, key)()
        if upcoming is not None and key in ("Forum", "News", "skip"):
            assert shown(session) == upcoming
