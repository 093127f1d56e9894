"""From a corpus to a feed: which source serves it, and where its spool and indexes are kept."""

from collections.abc import Callable, Container, Iterable
from pathlib import Path

from corpuscope.corpora.source import Manifest, Row, Source
from corpuscope.domain.clock import Clock
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.sampling.draws import ShardRow
from corpuscope.sampling.feed.document_cache import DocumentCache
from corpuscope.sampling.feed.draw_reader import DrawReader
from corpuscope.sampling.feed.feed import Feed
from corpuscope.sampling.feed.status import RetryPolicy


def source_for(
    corpus: Corpus, revision: str | None, cache_folder: Path, report: Callable[[str], None] = lambda _: None
) -> Source:
    """The source that serves `corpus`, importing only what its kind needs; nothing is read yet.

    `report` is told what it is doing while that takes long.
    """
    match corpus.kind:
        case "demo":
            from corpuscope.corpora.demo import DemoSource

            return DemoSource(corpus)
        case "local":
            from corpuscope.corpora.local_source import LocalSource

            return LocalSource(corpus, cache_folder / "local", report)
        case "hub":
            from corpuscope.corpora.hub_source import HubSource

            return HubSource(corpus, revision, cache_folder / "hub")


def open_feed(
    corpus: Corpus,
    *,
    seed: int,
    cache_folder: Path,
    revision: str | None = None,
    done: Container[int] | Callable[[], Container[int]] = (),
    taken: Callable[[], Iterable[ShardRow]] = list,
    clock: Clock | None = None,
    on_change: Callable[[], None] = lambda: None,
) -> Feed:
    """A feed of `corpus`, not yet started. `revision` is the one its plan pinned, None before its first use.

    See `Feed` for `done`, `taken` and `on_change`.
    """
    activity = _Activity(on_change)
    return Feed(
        _Deferred(corpus, lambda: source_for(corpus, revision, cache_folder, activity.say)),
        seed=seed,
        done=done,
        taken=taken,
        revision=revision,
        document_cache=DocumentCache(cache_folder / "spool", corpus, seed) if corpus.kind == "hub" else None,
        clock=clock,
        on_change=on_change,
        activity=lambda: activity.text,
    )


def draw_lookup(
    corpus: Corpus, *, seed: int, cache_folder: Path, revision: str | None = None
) -> Callable[[int], Document | None]:
    """Draws of `corpus` one by one, in any order; None for one that has no document of its own.

    Each call may fetch. Raises SourceUnavailable and CorpusError.
    """
    source = source_for(corpus, revision, cache_folder)
    reader = DrawReader(source, source.manifest(), seed, RetryPolicy())

    def document(draw: int) -> Document | None:
        found = reader.read_own(draw, ())
        return found if isinstance(found, Document) else None

    return document


class _Activity:
    """What a source says it is doing, on its way to the screen."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self.text = ""
        self._on_change = on_change

    def say(self, text: str) -> None:
        self.text = text
        self._on_change()


class _Deferred:
    """A source that is made in the thread that first asks for its manifest, heavy imports included."""

    def __init__(self, corpus: Corpus, make: Callable[[], Source]) -> None:
        self.corpus = corpus
        self._make = make
        self._made: Source | None = None

    def manifest(self) -> Manifest:
        return self._source().manifest()

    def rows(self, shard: int) -> int:
        return self._source().rows(shard)

    def fetch(self, shard: int, row: int) -> Row:
        return self._source().fetch(shard, row)

    def close(self) -> None:
        if self._made is not None:
            self._made.close()

    def _source(self) -> Source:
        if self._made is None:
            self._made = self._make()
        return self._made
