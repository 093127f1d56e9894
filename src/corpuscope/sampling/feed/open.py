"""Opening the source and the feed of a corpus."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from pathlib import Path

from corpuscope.corpora.demo import DemoSource
from corpuscope.corpora.known import uniformity
from corpuscope.corpora.source import Manifest, Row, Source
from corpuscope.domain.clock import Clock
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.errors import CorpusError
from corpuscope.sampling.draws import ShardRow
from corpuscope.sampling.feed.document_cache import DocumentCache
from corpuscope.sampling.feed.draw_reader import DrawReader
from corpuscope.sampling.feed.feed import Feed
from corpuscope.sampling.feed.retry_policy import RetryPolicy


def source_for(
    corpus: Corpus, revision: str | None, cache_folder: Path, report: Callable[[str], None] = lambda _: None
) -> Source:
    """Return the source that serves `corpus`, importing only what its kind needs; nothing is read yet.

    Caches and indexes are kept in `cache_folder`. `report` receives a description of each slow operation.
    """
    match corpus.kind:
        case "demo":
            return DemoSource(corpus)
        case "local":
            from corpuscope.corpora.local_source import LocalSource

            return LocalSource(corpus, cache_folder / "local", report, revision)
        case "hub":
            from corpuscope.corpora.hub_source import HubSource

            return HubSource(corpus, revision or corpus.requested, cache_folder / "hub", report)


def open_feed(
    corpus: Corpus,
    *,
    seed: int,
    cache_folder: Path,
    revision: str | None = None,
    done: Container[int] | Callable[[], Container[int]] = (),
    taken: Callable[[], Iterable[ShardRow]] = list,
    labelled: Callable[[str], str | None] = lambda _: None,
    clock: Clock | None = None,
    on_change: Callable[[], None] = lambda: None,
    cached: bool = True,
) -> Feed:
    """Return a feed of `corpus` that is not started yet.

    `revision` is the one pinned by the plan, None before the first use. `cached` keeps the newest documents of the
    Hub on disk, for the next start. See `Feed` for the other parameters.
    """
    activity = _Activity(on_change)
    return Feed(
        _LazySource(corpus, lambda: source_for(corpus, revision, cache_folder, activity.say)),
        seed=seed,
        done=done,
        taken=taken,
        labelled=labelled,
        revision=revision,
        document_cache=DocumentCache(cache_folder / "spool", corpus, seed)
        if cached and corpus.kind == "hub"
        else None,
        clock=clock,
        on_change=on_change,
        activity=lambda: activity.text,
    )


def draw_lookup(
    corpus: Corpus, *, seed: int, cache_folder: Path, revision: str | None = None
) -> Callable[[int], Document | None]:
    """Return a function from a draw of `corpus` to its own document, or to None when that is unavailable.

    Draws may be looked up in any order, and each call may fetch. Raises SourceUnavailable and CorpusError.
    """
    source = source_for(corpus, revision, cache_folder)
    reader = DrawReader(source, source.manifest(), seed, RetryPolicy())

    def document(draw: int) -> Document | None:
        outcome = reader.read_own(draw, ())
        return outcome if isinstance(outcome, Document) else None

    return document


class _Activity:
    """The operation a source reports, for the status of its feed."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self.text = ""
        self._on_change = on_change

    def say(self, text: str) -> None:
        self.text = text
        self._on_change()


class _LazySource:
    """A source that is created, with its heavy imports, in the thread that first uses it."""

    def __init__(self, corpus: Corpus, create: Callable[[], Source]) -> None:
        self.corpus = corpus
        self._create = create
        self._created: Source | None = None

    def manifest(self) -> Manifest:
        manifest = self._source().manifest()
        if not (self.corpus.census or self.corpus.in_order):
            return manifest
        if manifest.documents is None:
            raise CorpusError(
                f"{self.corpus.key}: how many documents there are is not known, so not all can be labelled",
                "leave out --all and --in-order, and label a sample",
            )
        return replace(manifest, uniform=uniformity(self.corpus))

    def rows(self, shard: int) -> int:
        return self._source().rows(shard)

    def fetch(self, shard: int, row: int) -> Row:
        return self._source().fetch(shard, row)

    def reach(self, shard: int) -> None:
        self._source().reach(shard)

    def close(self) -> None:
        if self._created is not None:
            self._created.close()

    def _source(self) -> Source:
        if self._created is None:
            self._created = self._create()
        return self._created
