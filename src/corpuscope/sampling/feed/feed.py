"""The one prefetch: documents in draw order, fetched ahead by a few threads so that no reader waits."""

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
from corpuscope.sampling.feed.retry_schedule import FetchJob, Outcome, RetryScheduler
from corpuscope.sampling.feed.status import FeedState, FeedStatus, RetryPolicy

__all__ = ["Feed", "FeedState", "FeedStatus", "RetryPolicy"]

Pause = Callable[[threading.Condition, float | None], object]
"""Waits on a held condition for at most so many seconds, None without end; tests make it leap."""

GIVE_WAY = 0.02
"""Seconds a worker waits after a document was taken: that one is being painted, and decoding holds the interpreter."""


class Feed:
    """Fetches the documents of one corpus ahead of its reader.

    `done` holds the draws already decided, which are left out; it may be a function, called once in a worker.
    `taken` gives the places of decided documents whose `attempt` is above 0. `revision` is the one the plan
    pinned, None before its first use. `activity` says what the source is doing while it opens. `on_change` is
    called from worker threads after every change of `status` and has to be cheap.
    """

    def __init__(
        self,
        source: Source,
        *,
        seed: int,
        done: Container[int] | Callable[[], Container[int]] = (),
        taken: Callable[[], Iterable[ShardRow]] = list,
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
        self._failure: CorpuscopeError | None = None
        self._closed = False
        self._gives_way = False  # a document was taken, and no worker has waited yet for it to be painted

    def start(self) -> None:
        """Starts the threads and returns at once."""
        self._thread(self._open, "open")

    def take(self) -> Document | None:
        """The next document in draw order; None when it is not here yet. Never blocks; `status` says why."""
        with self._changed:
            document = self._scheduler.window.take()
            if document is not None:
                self._gives_way = True
                self._changed.notify_all()
            return document

    def peek(self) -> Document | None:
        """What `take` would bring now."""
        with self._changed:
            return self._scheduler.window.peek()

    @property
    def manifest(self) -> Manifest | None:
        """The files of the corpus; None until they are known."""
        return self._manifest

    @property
    def failure(self) -> CorpuscopeError | None:
        """What ended the feed; None while its state is not FAILED."""
        return self._failure

    @property
    def status(self) -> FeedStatus:
        """What the feed is doing now."""
        with self._changed:
            state, message, retry_at = self._state()
            ready = self._scheduler.window.ready
        return FeedStatus(
            state=state,
            ready=ready,
            message=message,
            retry_in=None if retry_at is None else max(0.0, retry_at - self._clock.monotonic()),
            warnings=self._reader.warnings if self._reader else (),
            set_aside=self._reader.set_aside if self._reader else 0.0,
        )

    def close(self) -> None:
        """Ends the feed and returns at once, also while a fetch hangs; its thread ends with the fetch."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._changed.notify_all()
        self._thread(self._source.close, "close")

    def _state(self) -> tuple[FeedState, str, float | None]:
        if self._failure is not None:
            return FeedState.FAILED, str(self._failure), None
        if self._scheduler.window.ended:
            return FeedState.EXHAUSTED, self._ending(), None
        trouble = self._scheduler.trouble(self._clock.monotonic())
        if trouble is not None:
            return trouble
        if self._reader is None:
            return FeedState.OPENING, self._activity(), None
        return FeedState.STREAMING, "", None

    def _ending(self) -> str:
        set_aside = len(self._reader.warnings) if self._reader else 0
        return f"all was drawn, except from {set_aside} files set aside" if set_aside else ""

    def _tell(self) -> None:
        if not self._closed:
            self._on_change()

    def _thread(self, target: Callable[[], None], name: str) -> None:
        threading.Thread(target=target, name=f"feed-{self._source.corpus.key}-{name}", daemon=True).start()

    def _open(self) -> None:
        """The first thread: what was decided and spooled, then the manifest, then work like the others."""
        try:
            self._recall()
            manifest = self._resolve()
        except Exception as error:  # noqa: BLE001  a thread has no caller: what went wrong becomes the status
            self._fail(error)
            return
        if manifest is None:
            return
        with self._changed:
            self._manifest = manifest
            self._reader = reader = DrawReader(self._source, manifest, self._seed, self._retry_policy)
            self._scheduler.reached()
        try:
            self._tell()
        except CorpuscopeError as error:  # a plan that was changed meanwhile, or cannot be written
            self._fail(error)
            return
        for number in range(1, self._workers):
            self._thread(partial(self._work, reader), str(number))
        self._work(reader)

    def _recall(self) -> None:
        done = self._done() if callable(self._done) else self._done
        window = PrefetchWindow(self._depth, done, self._taken())
        window.refill(
            self._document_cache.load(self._revision) if self._document_cache and self._revision else []
        )
        window.commit()
        with self._changed:
            self._scheduler = RetryScheduler(window, self._retry_policy)
        self._tell()

    def _resolve(self) -> Manifest | None:
        """The manifest, however long the network is away; None when the feed is closed meanwhile."""
        while not self._closed:
            try:
                manifest = self._source.manifest()
            except SourceUnavailable as fault:
                self._wait_offline(fault)
                continue
            if self._revision not in {None, manifest.revision}:
                raise PlanError(
                    f"{self._source.corpus.key} is not what the plan was made for: "
                    f"the plan has revision {self._revision}, found is {manifest.revision}",
                    "restore what was there, or use another labels folder",
                )
            return manifest
        return None

    def _wait_offline(self, fault: SourceUnavailable) -> None:
        with self._changed:
            until = self._scheduler.offline(fault, self._clock.monotonic())
        self._tell()
        with self._changed:
            while not self._closed and (left := until - self._clock.monotonic()) > 0:
                self._pause(self._changed, left)

    def _work(self, reader: DrawReader) -> None:
        while (job := self._next_job()) is not None:
            try:
                self._run(reader, job)
            except Exception as error:  # noqa: BLE001  see _open
                self._fail(error)
                return
            self._tell()

    def _next_job(self) -> FetchJob | None:
        """Waits for something to do; None when the feed has ended."""
        with self._changed:
            while not self._closed and self._failure is None:
                now = self._clock.monotonic()
                job = self._scheduler.job(now)
                if job is not None:
                    self._give_way()
                    return job
                wake_at = self._scheduler.wake_at()
                self._pause(self._changed, None if wake_at is None else max(0.0, wake_at - now))
        return None

    def _give_way(self) -> None:
        """Lets the screen have the interpreter, as long as the reader has something to go on with."""
        if self._gives_way and self._scheduler.window.ready:
            self._gives_way = False
            self._pause(self._changed, GIVE_WAY)

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
            settled = self._scheduler.report(job, outcome, self._clock.monotonic())
            self._changed.notify_all()
        if self._document_cache is not None:
            self._document_cache.add(settled)

    def _fail(self, error: Exception) -> None:
        with self._changed:
            if self._closed:
                return
            if not isinstance(error, CorpuscopeError):
                error = CorpuscopeError(f"{type(error).__name__}: {error}")
            self._failure = error
            self._changed.notify_all()
        self._tell()
