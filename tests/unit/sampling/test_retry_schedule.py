"""The rules of retries, at times that the test sets: what is fetched when, and what is said meanwhile."""

from __future__ import annotations

import pytest

from corpuscope.errors import SourceUnavailable
from corpuscope.sampling.feed.draw_reader import NoDocument
from corpuscope.sampling.feed.prefetch_window import DrawState, PrefetchWindow
from corpuscope.sampling.feed.retry_policy import RetryPolicy
from corpuscope.sampling.feed.retry_schedule import FetchJob, RetryScheduler
from corpuscope.sampling.feed.status import FeedState
from makers import a_document

POLICY = RetryPolicy(waits=(1.0, 2.0), offline_waits=(10.0, 20.0), slow=5.0)


@pytest.fixture
def scheduler() -> RetryScheduler:
    return RetryScheduler(PrefetchWindow(3), POLICY)


def job_at(scheduler: RetryScheduler, now: float) -> FetchJob:
    job = scheduler.job(now)
    assert job is not None
    return job


def down(retry_after: float | None = None) -> SourceUnavailable:
    return SourceUnavailable("the network is down", "check it", retry_after=retry_after)


def test_the_first_fetch_is_alone_and_later_ones_are_side_by_side(scheduler: RetryScheduler) -> None:
    first = job_at(scheduler, 0.0)
    assert (first.pending.draw, first.needs_substitute, first.own_first, first.rounds) == (0, False, False, 0)
    assert scheduler.job(0.0) is None
    assert [document.draw for document in scheduler.report(first, a_document(0), 0.0)] == [0]
    assert [job_at(scheduler, 0.0).pending.draw for _ in range(2)] == [1, 2]
    assert scheduler.job(0.0) is None  # the window is full
    assert scheduler.wake_at() is None


def test_a_document_is_tried_again_after_each_wait_and_then_passed_over(scheduler: RetryScheduler) -> None:
    now = 100.0
    for wait in POLICY.waits:
        assert scheduler.report(job_at(scheduler, now), down(), now) == []
        assert scheduler.wake_at() == now + wait
        assert scheduler.trouble(now) == (FeedState.RETRYING, "the network is down", now + wait)
        now += wait
        later = scheduler.job(now - 0.5)  # the next draw meanwhile
        assert later is None or later.pending.draw > 0
    again = job_at(scheduler, now)
    assert (again.pending.draw, again.own_first, again.needs_substitute) == (0, True, False)
    scheduler.report(again, down(), now)
    substitute = job_at(scheduler, now)
    assert (substitute.pending.draw, substitute.own_first, substitute.needs_substitute) == (0, True, True)


def test_a_draw_whose_own_document_is_unavailable_needs_a_substitute_at_once(
    scheduler: RetryScheduler,
) -> None:
    scheduler.report(job_at(scheduler, 0.0), NoDocument.PASSED_OVER, 0.0)
    substitute = job_at(scheduler, 0.0)
    assert (substitute.pending.draw, substitute.own_first, substitute.needs_substitute) == (0, False, True)
    assert scheduler.trouble(0.0) is None


def test_rounds_without_a_network_wait_ever_longer_until_something_is_reached(
    scheduler: RetryScheduler,
) -> None:
    scheduler.report(job_at(scheduler, 0.0), NoDocument.PASSED_OVER, 0.0)
    now = 0.0
    for number, wait in enumerate((10.0, 20.0, 20.0)):
        substitute = job_at(scheduler, now)
        assert substitute.rounds == number
        scheduler.report(substitute, down(), now)
        assert scheduler.job(now + wait - 0.1) is None
        assert scheduler.wake_at() == now + wait
        assert scheduler.trouble(now) == (FeedState.OFFLINE, "the network is down", now + wait)
        now += wait
    substitute = job_at(scheduler, now)
    assert [document.draw for document in scheduler.report(substitute, a_document(0), now)] == [0]
    assert scheduler.trouble(now) is None
    assert job_at(scheduler, now).rounds == 0


def test_a_server_that_asks_to_wait_is_waited_for(scheduler: RetryScheduler) -> None:
    scheduler.report(job_at(scheduler, 0.0), down(retry_after=30.0), 0.0)
    assert scheduler.job(29.9) is None
    assert scheduler.wake_at() == 30.0
    assert scheduler.trouble(0.0) == (FeedState.RETRYING, "the network is down", 30.0)
    assert job_at(scheduler, 30.0).pending.draw == 0
    assert scheduler.offline(down(retry_after=60.0), 30.0) == 90.0
    assert scheduler.offline(down(), 40.0) == 90.0
    assert scheduler.offline(down(), 100.0) == 120.0


def test_the_end_of_a_corpus_ends_the_window(scheduler: RetryScheduler) -> None:
    scheduler.report(job_at(scheduler, 0.0), NoDocument.USED_UP, 0.0)
    assert scheduler.job(1.0) is None
    assert scheduler.window.ended


def test_only_the_next_document_is_called_slow(scheduler: RetryScheduler) -> None:
    job_at(scheduler, 100.0)
    assert scheduler.trouble(105.0) is None
    assert scheduler.trouble(106.4) == (
        FeedState.STREAMING,
        "the next document has been on its way for 6 s",
        None,
    )
    scheduler.window.pending_draws[0].state = DrawState.WAITING
    assert scheduler.trouble(200.0) is None
    scheduler.report(job_at(scheduler, 200.0), a_document(0), 200.0)
    job_at(scheduler, 200.0)
    assert scheduler.trouble(300.0) is None  # a document is ready


def test_the_policy_of_feeds_retries_for_a_second_and_offline_for_half_a_minute_at_most() -> None:
    policy = RetryPolicy()
    assert sum(policy.waits) < 1
    assert [policy.offline_wait(rounds) for rounds in (0, 1, 2, 3, 4, 5, 6, 99)] == [
        1,
        2,
        4,
        8,
        15,
        30,
        30,
        30,
    ]
    assert (policy.max_unreachable, policy.max_unreadable, policy.slow) == (3, 3, 10.0)
