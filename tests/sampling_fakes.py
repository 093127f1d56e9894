"""Fakes for sampling: a corpus in memory with a controllable network, and a clock on which waits take no time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import TypedDict, Unpack

from corpuscope.corpora.source import Manifest, Row, Shard
from corpuscope.domain.clock import Clock
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.errors import CorpusError, SourceUnavailable
from corpuscope.sampling.draws import ShardRow
from corpuscope.sampling.feed.document_cache import DocumentCache
from corpuscope.sampling.feed.feed import Feed, Pause
from corpuscope.sampling.feed.retry_policy import RetryPolicy
from corpuscope.sampling.feed.status import FeedState, FeedStatus

Trouble = Callable[[str, int], Exception | None]
"""Returns the fault of the n-th call (from 0) for a shard, or for "", the manifest; None for success."""


def a_manifest(
    rows: Mapping[str, int],
    *,
    counted: bool = False,
    equal: bool = False,
    sizes: Mapping[str, int] | None = None,
) -> Manifest:
    """Return a manifest of shards with the given rows; `sizes` are their bytes, by default as many as their rows."""
    shards = tuple(
        Shard(name, (sizes or rows)[name], count if counted else None) for name, count in rows.items()
    )
    return Manifest("rev1", shards, equal=equal)


class MemorySource:
    """A source of numbered rows; `trouble`, `delay` (maximum in seconds) and `hold` control its fetches.

    The shards `cached` have all their rows in a cache: only `reach` has their trouble.
    """

    def __init__(
        self,
        rows: Mapping[str, int],
        *,
        counted: bool = False,
        trouble: Trouble = lambda *_: None,
        cached: Collection[str] = (),
        delay: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.corpus = Corpus("memory", "Memory", "hub", "owner/memory")
        self.calls: list[tuple[str, int]] = []
        """Shard and row of every fetch, failed ones included."""
        self.hold = threading.Event()
        """Fetches wait until this is set, as it is at first."""
        self.hold.set()
        self.closed = threading.Event()
        self.busy = self.most_busy = 0
        self._manifest = a_manifest(rows, counted=counted)
        self._rows = dict(rows)
        self._trouble = trouble
        self._cached = cached
        self._delay = delay
        self._random = Random(seed)
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def manifest(self) -> Manifest:
        """Return all shards."""
        self._raise_trouble("")
        return self._manifest

    def rows(self, shard: int) -> int:
        """Return the row count of a shard."""
        return self._rows[self._manifest.shards[shard].name]

    def fetch(self, shard: int, row: int) -> Row:
        """Return a text that names its shard and row."""
        name = self._manifest.shards[shard].name
        with self._lock:
            self.calls.append((name, row))
            self.busy += 1
            self.most_busy = max(self.busy, self.most_busy)
            pause = self._random.random() * self._delay
        try:
            assert self.hold.wait(60), "nobody let the fetch go on"
            time.sleep(pause)
            if name not in self._cached:
                self._raise_trouble(name)
            return Row((("text", f"{name}/{row}"),), {"url": f"https://example.org/{name}/{row}"})
        finally:
            with self._lock:
                self.busy -= 1

    def reach(self, shard: int) -> None:
        """Fail as a fetch of a shard that is not cached would."""
        self._raise_trouble(self._manifest.shards[shard].name)

    def close(self) -> None:
        """Record that the source was closed."""
        self.closed.set()

    def _raise_trouble(self, name: str) -> None:
        with self._lock:
            count = self._counts.get(name, 0)
            self._counts[name] = count + 1
        trouble = self._trouble(name, count)
        if trouble is not None:
            raise trouble


def fails(*names: str, times: int | None = None, retry_after: float | None = None) -> Trouble:
    """Return the trouble of shards that are unreachable, the first `times` times or always."""

    def trouble(name: str, count: int) -> Exception | None:
        if name in names and (times is None or count < times):
            return SourceUnavailable(f"{name or 'the Hub'} did not answer", retry_after=retry_after)
        return None

    return trouble


def refuses(*names: str) -> Trouble:
    """Return the trouble of shards that are damaged."""
    return lambda name, _: CorpusError(f"{name} is damaged") if name in names else None


class LeapClock(Clock):
    """A clock on which time passes only in waits, which take no time."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.waits: list[float] = []
        """The seconds of every timed wait, in order."""

    def monotonic(self) -> float:
        """Return the seconds waited so far."""
        return self.seconds

    def pause(self, condition: threading.Condition, seconds: float | None) -> None:
        """Wait on a condition like `threading.Condition.wait`, but skip the time."""
        if seconds is None:
            condition.wait(1.0)
        else:
            self.waits.append(seconds)
            self.seconds += seconds
            condition.wait(0.0002)


class FeedConsumer:
    """A consumer of feeds that set `changed`; it waits for workers however slow the machine."""

    def __init__(self) -> None:
        self.changed = threading.Event()

    def take(self, feed: Feed, count: int, *, within: float = 60.0) -> list[Document]:
        """Take up to `count` documents, fewer when the feed ends first. Fails when they do not arrive in time."""
        documents: list[Document] = []
        deadline = time.monotonic() + within
        while len(documents) < count:
            self.changed.clear()
            status = feed.status
            document = feed.take()
            if document is not None:
                documents.append(document)
            elif status.state in {FeedState.EXHAUSTED, FeedState.FAILED} and not status.ready:
                break
            else:
                assert time.monotonic() < deadline, (
                    f"{len(documents)} of {count} documents came; {feed.status}"
                )
                self.changed.wait(0.05)
        return documents

    def until(self, feed: Feed, holds: Callable[[FeedStatus], bool], *, within: float = 60.0) -> FeedStatus:
        """Wait for a status for which `holds` is true, and return it."""
        deadline = time.monotonic() + within
        while not holds(status := feed.status):
            assert time.monotonic() < deadline, status
            self.changed.clear()
            self.changed.wait(0.005)
        return status


class FeedOptions(TypedDict, total=False):
    """Optional parameters of `Feed`."""

    done: Container[int] | Callable[[], Container[int]]
    taken: Callable[[], Iterable[ShardRow]]
    revision: str | None
    depth: int
    workers: int
    document_cache: DocumentCache | None
    clock: Clock
    activity: Callable[[], str]
    retry_policy: RetryPolicy
    pause: Pause


@contextmanager
def feeding(
    source: MemorySource,
    *,
    seed: int = 7,
    on_change: Callable[[], None] | None = None,
    **options: Unpack[FeedOptions],
) -> Iterator[tuple[Feed, FeedConsumer]]:
    """Start a feed, and yield it with its consumer."""
    consumer = FeedConsumer()
    feed = Feed(source, seed=seed, on_change=on_change or consumer.changed.set, **options)
    feed.start()
    try:
        yield feed, consumer
    finally:
        source.hold.set()
        feed.close()


def texts(documents: Iterable[Document]) -> list[str]:
    """Return the texts of documents."""
    return [document.text for document in documents]
