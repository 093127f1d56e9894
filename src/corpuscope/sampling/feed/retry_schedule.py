"""Scheduling of fetches: one alone at first, with delays after failures, rarely while offline."""

from __future__ import annotations

from dataclasses import dataclass

from corpuscope.domain.document import Document
from corpuscope.errors import SourceUnavailable
from corpuscope.sampling.feed.draw_reader import NoDocument
from corpuscope.sampling.feed.prefetch_window import DrawState, PendingDraw, PrefetchWindow
from corpuscope.sampling.feed.retry_policy import RetryPolicy
from corpuscope.sampling.feed.status import FeedState

Outcome = Document | NoDocument | SourceUnavailable
"""The outcome of a fetch job."""


@dataclass(frozen=True, slots=True)
class FetchJob:
    """A draw for a worker to fetch now."""

    pending: PendingDraw
    """The draw to fetch."""
    needs_substitute: bool
    """True when the draw's own document is unavailable and a substitute is needed."""
    own_first: bool
    """True when the draw's own document may have become reachable in the meantime."""
    rounds: int
    """Number of rounds so far in which nothing could be reached."""


class RetryScheduler:
    """The retry rules, without threads or clocks: `now` is monotonic time in seconds. Not thread-safe."""

    def __init__(self, window: PrefetchWindow, policy: RetryPolicy) -> None:
        self.window = window
        self._policy = policy
        self._alone = True
        self._fault: SourceUnavailable | None = None
        self._rounds = 0
        self._paused_until = 0.0

    def job(self, now: float) -> FetchJob | None:
        """Return the next fetch to start; None when there is none before `wake_at`."""
        if now < self._paused_until or (self._alone and self._busy):
            return None
        due = (pending for pending in self.window.waiting() if pending.not_before <= now)
        pending = next(due, None) or self.window.add_next()
        if pending is None:
            return None
        job = FetchJob(
            pending, pending.state is DrawState.PASSED_OVER, pending.fault is not None, self._rounds
        )
        pending.state, pending.since = DrawState.FETCHING, now
        return job

    def wake_at(self) -> float | None:
        """Return the time at which the next delayed fetch is due; None when there is none."""
        times = [max(pending.not_before, self._paused_until) for pending in self.window.waiting()]
        return min(times, default=None)

    def report(self, job: FetchJob, outcome: Outcome, now: float) -> list[Document]:
        """Record the outcome of a job and return the documents that it commits, in order."""
        pending = job.pending
        self._alone = False
        match outcome:
            case Document():
                pending.state, pending.document, pending.fault = DrawState.FETCHED, outcome, None
                self.reached()
            case NoDocument.PASSED_OVER:
                pending.state, pending.fault = DrawState.PASSED_OVER, None
            case NoDocument.USED_UP:
                self.window.finish(pending.draw)
            case SourceUnavailable() if job.needs_substitute:
                pending.state, pending.fault = DrawState.PASSED_OVER, outcome
                self.offline(outcome, now)
            case SourceUnavailable():
                self._schedule_retry(pending, outcome, now)
        return self.window.commit()

    def reached(self) -> None:
        """Record that something was reached, so the network is up."""
        self._fault, self._rounds = None, 0

    def offline(self, fault: SourceUnavailable, now: float) -> float:
        """Record that nothing can be reached, and return the time of the next attempt."""
        self._fault = fault
        wait = max(self._policy.offline_wait(self._rounds), fault.retry_after or 0.0)
        self._paused_until = max(self._paused_until, now + wait)
        self._rounds += 1
        return self._paused_until

    def _schedule_retry(self, pending: PendingDraw, fault: SourceUnavailable, now: float) -> None:
        """Schedule a retry of a draw; when its retries are used up, pass over its own document."""
        pending.fault = fault
        if pending.failures == len(self._policy.waits):
            pending.state = DrawState.PASSED_OVER
        else:
            pending.state = DrawState.WAITING
            pending.not_before = now + self._policy.waits[pending.failures]
            pending.failures += 1
        if fault.retry_after is not None:
            self._paused_until = max(self._paused_until, now + fault.retry_after)

    def trouble(self, now: float) -> tuple[FeedState, str, float | None] | None:
        """Return state, message and time of the next attempt; None when there is no trouble."""
        if self._fault is not None:
            return FeedState.OFFLINE, self._fault.message, self._paused_until
        for pending in self.window.pending_draws:
            if pending.fault is not None:
                return FeedState.RETRYING, pending.fault.message, max(pending.not_before, self._paused_until)
        first = self.window.first_uncommitted
        if first is not None and first.state is DrawState.FETCHING and not self.window.ready:
            waited = now - first.since
            if waited > self._policy.slow:
                return FeedState.STREAMING, f"the next document has been on its way for {waited:.0f} s", None
        return None

    @property
    def _busy(self) -> bool:
        return any(pending.state is DrawState.FETCHING for pending in self.window.pending_draws)
