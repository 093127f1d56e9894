"""When which draw is fetched: one alone at first, patiently after failures, hardly at all while offline."""

from dataclasses import dataclass

from corpuscope.domain.document import Document
from corpuscope.errors import SourceUnavailable
from corpuscope.sampling.feed.draw_reader import NoDocument
from corpuscope.sampling.feed.prefetch_window import DrawState, PendingDraw, PrefetchWindow
from corpuscope.sampling.feed.status import FeedState, RetryPolicy

Outcome = Document | NoDocument | SourceUnavailable
"""What became of a job."""


@dataclass(frozen=True, slots=True)
class FetchJob:
    """What a worker is to do now."""

    pending: PendingDraw
    """The draw it is for."""
    needs_substitute: bool
    """True when a stand-in has to be found for the draw's own document."""
    own_first: bool
    """True when the draw's own document may have become reachable meanwhile."""
    rounds: int
    """How many rounds have passed in which nothing could be reached."""


class RetryScheduler:
    """The rules of retrying, without threads or clocks: `now` is handed in. One thread at a time."""

    def __init__(self, window: PrefetchWindow, policy: RetryPolicy) -> None:
        self.window = window
        self._policy = policy
        self._alone = True
        self._fault: SourceUnavailable | None = None
        self._rounds = 0
        self._quiet_until = 0.0

    def job(self, now: float) -> FetchJob | None:
        """The next thing to do; None when there is nothing to do before `wake_at`."""
        if now < self._quiet_until or (self._alone and self._busy):
            return None
        due = (pending for pending in self.window.to_do() if pending.not_before <= now)
        pending = next(due, None) or self.window.open()
        if pending is None:
            return None
        job = FetchJob(
            pending, pending.state is DrawState.PASSED_OVER, pending.fault is not None, self._rounds
        )
        pending.state, pending.since = DrawState.FETCHING, now
        return job

    def wake_at(self) -> float | None:
        """When something falls due that waits for a time; None when nothing does."""
        times = [max(pending.not_before, self._quiet_until) for pending in self.window.to_do()]
        return min(times, default=None)

    def report(self, job: FetchJob, outcome: Outcome, now: float) -> list[Document]:
        """Takes note of what became of a job. Returns the documents that this settles, in order."""
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
                self._put_off(pending, outcome, now)
        return self.window.commit()

    def reached(self) -> None:
        """Something could be reached: the network is there."""
        self._fault, self._rounds = None, 0

    def offline(self, fault: SourceUnavailable, now: float) -> float:
        """Nothing can be reached, not even the manifest or a stand-in. Returns when to try again."""
        self._fault = fault
        wait = max(self._policy.offline_wait(self._rounds), fault.retry_after or 0.0)
        self._quiet_until = max(self._quiet_until, now + wait)
        self._rounds += 1
        return self._quiet_until

    def _put_off(self, pending: PendingDraw, fault: SourceUnavailable, now: float) -> None:
        """Tries a draw again a little later; when that was done often enough, it looks for a stand-in."""
        pending.fault = fault
        if pending.failures == len(self._policy.waits):
            pending.state = DrawState.PASSED_OVER
        else:
            pending.state = DrawState.WAITING
            pending.not_before = now + self._policy.waits[pending.failures]
            pending.failures += 1
        if fault.retry_after is not None:
            self._quiet_until = max(self._quiet_until, now + fault.retry_after)

    def trouble(self, now: float) -> tuple[FeedState, str, float | None] | None:
        """The state, what is wrong and when it is tried again; None when all is well."""
        if self._fault is not None:
            return FeedState.OFFLINE, self._fault.message, self._quiet_until
        for pending in self.window.pending:
            if pending.fault is not None:
                return FeedState.RETRYING, pending.fault.message, max(pending.not_before, self._quiet_until)
        first = self.window.first_uncommitted
        if first is not None and first.state is DrawState.FETCHING and not self.window.ready:
            waited = now - first.since
            if waited > self._policy.slow:
                return FeedState.STREAMING, f"the next document has been on its way for {waited:.0f} s", None
        return None

    @property
    def _busy(self) -> bool:
        return any(pending.state is DrawState.FETCHING for pending in self.window.pending)
