"""The window of draws in progress: which comes next, what may be taken, and where it ends."""

from __future__ import annotations

from dataclasses import replace

from corpuscope.sampling.draws import ShardRow
from corpuscope.sampling.feed.prefetch_window import DrawState, PrefetchWindow
from makers import a_document


def added(window: PrefetchWindow) -> list[int]:
    """Add draws until none can be added; return all in progress."""
    while window.add_next() is not None:
        pass
    return [pending.draw for pending in window.pending_draws]


def fetch(window: PrefetchWindow, draw: int, *, row: int | None = None, attempt: int = 0) -> None:
    pending = next(pending for pending in window.pending_draws if pending.draw == draw)
    pending.state = DrawState.FETCHED
    pending.document = replace(a_document(draw, row=row), attempt=attempt)


def test_a_window_holds_so_many_draws_without_those_that_are_done() -> None:
    window = PrefetchWindow(3, done={0, 2, 3})
    assert added(window) == [1, 4, 5]
    assert window.add_next() is None
    fetch(window, 1)
    window.commit()
    assert window.take() is not None
    assert added(window) == [4, 5, 6]


def test_documents_are_committed_and_taken_in_the_order_of_their_draws() -> None:
    window = PrefetchWindow(3)
    added(window)
    fetch(window, 1)
    assert window.commit() == []
    assert (window.ready, window.peek(), window.take()) == (0, None, None)
    fetch(window, 0)
    assert [document.draw for document in window.commit()] == [0, 1]
    assert window.ready == 2
    assert window.first_uncommitted is not None
    assert window.first_uncommitted.draw == 2
    assert window.peek() == a_document(0)
    assert [window.take(), window.take(), window.take()] == [a_document(0), a_document(1), None]


def test_a_row_that_an_earlier_draw_took_as_a_substitute_is_passed_over() -> None:
    window = PrefetchWindow(3, taken=[ShardRow("part-0.jsonl", 9)])
    added(window)
    fetch(window, 0, row=5, attempt=1)
    fetch(window, 1, row=5)
    fetch(window, 2, row=6)
    assert [document.draw for document in window.commit()] == [0]
    assert window.taken == {ShardRow("part-0.jsonl", 9), ShardRow("part-0.jsonl", 5)}
    passed_over = window.pending_draws[1]
    assert (passed_over.state, passed_over.document) == (DrawState.PASSED_OVER, None)
    fetch(window, 1, row=9)
    assert window.commit() == []
    fetch(window, 1, row=7)
    assert [document.draw for document in window.commit()] == [1, 2]
    assert len(window.taken) == 2


def test_a_substitute_is_looked_for_once_all_earlier_draws_are_committed() -> None:
    window = PrefetchWindow(3)
    added(window)
    first, second, third = window.pending_draws
    first.state, second.state, third.state = DrawState.FETCHING, DrawState.PASSED_OVER, DrawState.WAITING
    assert window.waiting() == [third]
    fetch(window, 0)
    window.commit()
    assert window.waiting() == [second, third]


def test_the_end_of_a_corpus_drops_the_draws_behind_it() -> None:
    window = PrefetchWindow(4)
    added(window)
    window.finish(2)
    window.finish(3)
    assert added(window) == [0, 1]
    ends = []
    for draw in (0, 1):
        fetch(window, draw)
        window.commit()
        ends.append((window.ended, window.ready))
    assert ends == [(False, 1), (True, 2)]
    assert window.first_uncommitted is None
    empty = PrefetchWindow(2)
    empty.finish(0)
    assert added(empty) == []


def test_documents_of_an_earlier_session_fill_the_window_up_to_the_first_that_is_missing() -> None:
    window = PrefetchWindow(4, done={0})
    window.refill([a_document(2), a_document(1), a_document(4)])
    assert [(pending.draw, pending.state) for pending in window.pending_draws] == [
        (1, DrawState.FETCHED),
        (2, DrawState.FETCHED),
        (3, DrawState.WAITING),
    ]
    assert [document.draw for document in window.commit()] == [1, 2]
    full = PrefetchWindow(1)
    full.refill([a_document(0), a_document(1)])
    assert len(full.pending_draws) == 1
