"""Tests of drawing pools in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from corpuscope.errors import CorpusError
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.session.pool_drawer import PoolDrawer, PoolProgress

OnDocument = Callable[[int], None]
OnStatus = Callable[[FeedStatus], None]


def finish(drawer: PoolDrawer) -> tuple[PoolProgress, ...]:
    thread = next(thread for thread in threading.enumerate() if thread.name == "pool")
    thread.join()
    return drawer.progress


def test_pools_are_drawn_one_after_another_and_their_progress_can_be_read() -> None:
    go_on = threading.Event()

    def draw(_corpus: str, on_document: OnDocument, on_status: OnStatus) -> None:
        on_status(FeedStatus(FeedState.OFFLINE, 0, "no network"))
        on_document(3)
        go_on.wait(60)

    drawer = PoolDrawer(draw)
    drawer.start(["a", "b"])
    drawer.start(["c"])
    go_on.set()
    assert [(pool.corpus, pool.drawn, pool.done) for pool in finish(drawer)] == [
        ("a", 3, True),
        ("b", 3, True),
    ]


@pytest.mark.parametrize("fault", [CorpusError("gone"), ZeroDivisionError("oops")])
def test_a_fault_is_said_and_not_tried_again_at_once(fault: Exception) -> None:
    calls = []

    def draw(corpus: str, on_document: OnDocument, _on_status: OnStatus) -> None:
        calls.append(corpus)
        on_document(2)
        raise fault

    drawer = PoolDrawer(draw)
    drawer.start(["a"])
    (progress,) = finish(drawer)
    assert str(fault) in progress.problem
    assert (progress.drawn, progress.done) == (2, True)
    drawer.start(["a"])
    assert calls == ["a"]


def test_leaving_the_app_ends_the_drawing() -> None:
    started = threading.Event()

    def draw(_corpus: str, on_document: OnDocument, _on_status: OnStatus) -> None:
        for drawn in range(1_000_000):
            on_document(drawn)
            started.set()

    drawer = PoolDrawer(draw)
    drawer.start(["a"])
    assert started.wait(60)
    drawer.stop()
    assert not drawer.is_running
