"""The document feed: prefetches documents in draw order on a few threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Iterable
from functools import partial

from corpuscope.corpora.source import Manifest, Source
from corpuscope.domain.clock import Clock
from corpuscope.domain.document import Document
from corpuscope.errors import CorpuscopeError, PlanError, SourceUnavailable
from corpuscope.sampling.draws import ShardRow
from corpuscope.sampling.feed.document_cache import DocumentCache
from corpuscope.sampling.feed.draw_reader import DrawReader
from corpuscope.sampling.feed.prefetch_window import PrefetchWindow
from corpuscope.sampling.feed.retry_policy import RetryPolicy
from corpuscope.sampling.feed.retry_schedule import FetchJob, Outcome, RetryScheduler
from corpuscope.sampling.feed.status import FeedState, FeedStatus

__all__ = ["Feed", "FeedState", "FeedStatus", "RetryPolicy"]

Pause = Callable[[threading.Condition, float | None], object]
"""Waits on a held condition for at most the given seconds, or without limit for None; replaceable in tests."""


class Feed:
    """Prefetches the documents of one corpus.

    `done` holds the draws to leave out, or is a function that returns them and is called once in a worker.
    `taken` returns the locations of decided documents that are substitutes (`attempt` above 0). `labelled` is that
    of `DrawReader`. `revision` is
    the one pinned by the plan, None before the first use. At most `depth` draws are in progress on `workers`
    threads. `activity` describes what the source is doing while it opens. `on_change` is called from worker
    threads after every change of `status` and must be fast.
    """

    def __init__(
        self,
        source: Source,
        *,
        seed: int,
        done: Container[int] | Callable[[], Container[int]] = (),
        taken: Callable[[], Iterable[ShardRow]] = list,
        labelled: Callable[[str], str | None] = lambda _: None,
        revision: str | None = None,
        depth: int = 8,
        workers: int = 3,
        document_cache: DocumentCache | None = None,
        clock: Clock | None = None,
        on_change: Callable[[], None] = lambda: None,
        activity: Callable[[], str] = str,
        retry_policy: RetryPolicy | None = None,
        pause: Pause = threading.Condition.wait,
    ) -> None:
        self._source = source
        self._seed = seed
        self._done = done
        self._taken = taken
        self._labelled = labelled
        self._revision = revision
        self._depth = depth
        self._workers = workers
        self._document_cache = document_cache
        self._clock = clock or Clock()
        self._on_change = on_change
        self._activity = activity
        self._retry_policy = retry_policy or RetryPolicy()
        self._pause = pause
        self._changed = threading.Condition()
        self._scheduler = RetryScheduler(PrefetchWindow(0), self._retry_policy)
        self._reader: DrawReader | None = None
        self._manifest: Manifest | None = None
        self._notes: tuple[str, ...] = ()
        self._failure: CorpuscopeError | None = None
        self._closed = False

    def start(self) -> None:
        """Start the threads. Non-blocking."""
        self._start_thread(self._open, "open")

    def take(self, *, refill: bool = True) -> Document | None:
        """Take the next document in draw order; None when it is not ready, for which `status` has the reason.

        Non-blocking. Without `refill` no other is fetched in its place until `refill` is called: to wake the workers
        and to decode what they fetch would delay the painting of this one.
        """
        with self._changed:
            document = self._scheduler.window.take()
        if refill and document is not None:
            self.refill()
        return document

    def refill(self) -> None:
        """Fetch documents in place of those that were taken. Non-blocking."""
        with self._changed:
            self._changed.notify_all()

    def peek(self) -> Document | None:
        """Return the document that `take` would return now. Non-blocking."""
        with self._changed:
            return self._scheduler.window.peek()

    @property
    def manifest(self) -> Manifest | None:
        """The manifest of the corpus; None until it is loaded."""
        return self._manifest

    @property
    def failure(self) -> CorpuscopeError | None:
        """The fault that ended the feed; None unless its state is FAILED."""
        return self._failure

    @property
    def status(self) -> FeedStatus:
        """A snapshot of the feed."""
        with self._changed:
            state, message, retry_at = self._state()
            ready = self._scheduler.window.ready
        return FeedStatus(
            state=state,
            ready=ready,
            message=message,
            retry_in=None if retry_at is None else max(0.0, retry_at - self._clock.monotonic()),
            warnings=self._reader.warnings if self._reader else (),
            notes=(*(self._manifest.notes if self._manifest else ()), *self._notes),
            set_aside=self._reader.set_aside if self._reader else 0.0,
        )

    def add_note(self, note: str) -> None:
        """Add a sentence to the notes of `status`."""
        self._notes += (note,)

    def close(self) -> None:
        """Stop the feed. Non-blocking, even while a fetch hangs; its thread ends with the fetch."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._changed.notify_all()
        self._start_thread(self._source.close, "close")

    def _state(self) -> tuple[FeedState, str, float | None]:
        if self._failure is not None:
            return FeedState.FAILED, str(self._failure), None
        if self._scheduler.window.ended:
            return FeedState.EXHAUSTED, self._exhausted_message(), None
        trouble = self._scheduler.trouble(self._clock.monotonic())
        if trouble is not None:
            return trouble
        if self._reader is None:
            return FeedState.OPENING, self._activity(), None
        return FeedState.STREAMING, "", None

    def _exhausted_message(self) -> str:
        set_aside = len(self._reader.warnings) if self._reader else 0
        return f"all was drawn, except from {set_aside} files set aside" if set_aside else ""

    def _notify(self) -> None:
        if not self._closed:
            self._on_change()

    def _start_thread(self, target: Callable[[], None], name: str) -> None:
        threading.Thread(target=target, name=f"feed-{self._source.corpus.key}-{name}", daemon=True).start()

    def _open(self) -> None:
        """Run the first thread: load done draws and the cache, then the manifest, then work like the others."""
        try:
            self._load_cached()
            manifest = self._load_manifest()
        except Exception as error:  # noqa: BLE001  a thread has no caller, so the fault becomes the status
            self._fail(error)
            return
        if manifest is None:
            return
        with self._changed:
            self._manifest = manifest
            self._reader = reader = DrawReader(
                self._source, manifest, self._seed, self._retry_policy, self._labelled
            )
            self._scheduler.reached()
        try:
            self._notify()
        except CorpuscopeError as error:  # the plan was changed in the meantime, or cannot be written
            self._fail(error)
            return
        for number in range(1, self._workers):
            self._start_thread(partial(self._work, reader), str(number))
        self._work(reader)

    def _load_cached(self) -> None:
        done = self._done() if callable(self._done) else self._done
        window = PrefetchWindow(self._depth, done, self._taken())
        window.refill(
            self._document_cache.load(self._revision) if self._document_cache and self._revision else []
        )
        window.commit()
        with self._changed:
            self._scheduler = RetryScheduler(window, self._retry_policy)
        self._notify()

    def _load_manifest(self) -> Manifest | None:
        """Load the manifest, waiting while the network is down; None when the feed was closed in the meantime."""
        while not self._closed:
            try:
                manifest = self._source.manifest()
            except SourceUnavailable as fault:
                self._wait_offline(fault)
                continue
            if self._revision not in {None, manifest.revision}:
                raise PlanError(
                    f"{self._source.corpus.key} is not what the plan was made for: "
                    f"the plan has revision {self._revision}, and the corpus now has {manifest.revision}",
                    "restore what was there, or use another labels folder",
                )
            return manifest
        return None

    def _wait_offline(self, fault: SourceUnavailable) -> None:
        with self._changed:
            until = self._scheduler.offline(fault, self._clock.monotonic())
        self._notify()
        with self._changed:
            while not self._closed and (remaining := until - self._clock.monotonic()) > 0:
                self._pause(self._changed, remaining)

    def _work(self, reader: DrawReader) -> None:
        while (job := self._next_job()) is not None:
            try:
                self._run(reader, job)
            except Exception as error:  # noqa: BLE001  see _open
                self._fail(error)
                return
            self._notify()

    def _next_job(self) -> FetchJob | None:
        """Wait for the next job; None when the feed has ended."""
        with self._changed:
            while not self._closed and self._failure is None:
                now = self._clock.monotonic()
                job = self._scheduler.job(now)
                if job is not None:
                    return job
                wake_at = self._scheduler.wake_at()
                self._pause(self._changed, None if wake_at is None else max(0.0, wake_at - now))
        return None

    def _run(self, reader: DrawReader, job: FetchJob) -> None:
        taken = self._scheduler.window.taken
        draw = job.pending.draw
        outcome: Outcome
        try:
            if job.needs_substitute:
                outcome = reader.read_substitute(draw, taken, own_first=job.own_first, rounds=job.rounds)
            else:
                outcome = reader.read_own(draw, taken)
        except SourceUnavailable as fault:
            outcome = fault
        with self._changed:
            committed = self._scheduler.report(job, outcome, self._clock.monotonic())
            self._changed.notify_all()
        if self._document_cache is not None:
            self._document_cache.add(committed)

    def _fail(self, error: Exception) -> None:
        with self._changed:
            if self._closed:
                return
            if not isinstance(error, CorpuscopeError):
                error = CorpuscopeError(f"{type(error).__name__}: {error}")
            self._failure = error
            self._changed.notify_all()
        self._notify()
