"""Drawing a sample into a sink, without a screen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpuscope.corpora.known import uniformity
from corpuscope.corpora.source import Manifest
from corpuscope.domain.clock import Clock
from corpuscope.domain.corpus import Corpus, is_sample
from corpuscope.domain.document import Document
from corpuscope.errors import SourceUnavailable, UsageError
from corpuscope.sampling.document_records import SampleProvenance
from corpuscope.sampling.draws import ExcludedDraws
from corpuscope.sampling.feed.feed import Feed
from corpuscope.sampling.feed.open import open_feed
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.sampling.sample_file import SampleSink

GIVE_UP = 300.0
"""Seconds offline after which the run fails."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """The result of drawing a sample."""

    documents: int
    """Number of documents in the sample, those of earlier runs included."""
    provenance: SampleProvenance
    """How they were drawn, without the shards that only earlier runs excluded."""


def documents(
    feed: Feed,
    changed: threading.Event,
    *,
    end: int,
    on_status: Callable[[FeedStatus], None] = lambda _: None,
    clock: Clock | None = None,
    give_up: float = GIVE_UP,
) -> Generator[Document]:
    """Yield the documents of a feed in draw order, up to draw `end` or the end of the corpus.

    `changed` is the event set by the feed's `on_change`. The feed is started here and closed at the end, even
    when the caller stops early. `on_status` receives the status whenever no document is ready.

    Raises what ended the feed, or SourceUnavailable after `give_up` seconds offline.
    """
    clock = clock or Clock()
    feed.start()
    offline_since: float | None = None
    try:
        while True:
            changed.clear()
            status = feed.status
            document = feed.take()
            if document is not None:
                if document.draw < end:
                    yield document
                if document.draw >= end - 1:
                    return
                continue
            on_status(status)
            if status.state is FeedState.EXHAUSTED and not status.ready:
                return
            if feed.failure is not None and not status.ready:
                raise feed.failure
            if status.state is not FeedState.OFFLINE:
                offline_since = None
            elif offline_since is None:
                offline_since = clock.monotonic()
            elif clock.monotonic() - offline_since > give_up:
                raise SourceUnavailable(status.message, "run the same command again to resume")
            changed.wait(0.5)
    finally:
        feed.close()


def sample_identity(corpus: Corpus, seed: int, first: int) -> str:
    """Say in words of which rows and columns a sample is, and with which seed and draw it begins.

    Local files are not in it: they are compared by their revision.
    """
    columns = ",".join(text_column.column for text_column in corpus.text)
    place = "" if corpus.kind == "local" else corpus.path
    # samples of earlier frames were begun without these words
    rules = (
        f", files {corpus.files}, frame {corpus.frame}" if corpus.kind == "hub" and corpus.frame > 2 else ""
    )
    return (
        f"{corpus.key}: {place} {corpus.name} {corpus.split} {columns}, seed {seed}, from draw {first}{rules}"
    )


def draw_sample(
    corpus: Corpus,
    sink: SampleSink,
    *,
    seed: int,
    first: int,
    count: int,
    cache_folder: Path,
    revision: str | None = None,
    on_manifest: Callable[[Manifest], None] = lambda _: None,
    on_document: Callable[[int], None] = lambda _: None,
    on_status: Callable[[FeedStatus], None] = lambda _: None,
) -> Sampled:
    """Draw `count` documents from draw `first` on into a sink, resuming an interrupted run.

    `on_manifest` receives the manifest of the corpus before the first document is added, `on_document` the number
    of documents in the sink (at the start, and after each), and `on_status` the status of the feed when no document
    is ready. After an interruption at any point, the same call resumes.

    Raises what `documents` and the sink raise, and UsageError when the interrupted run was of another
    revision.
    """
    end = first + count
    partial = sink.resume(sample_identity(corpus, seed, first))
    pinned = partial.revision
    if pinned is not None and revision not in {None, pinned} and not is_sample(revision):
        message = f"an unfinished sample of {corpus.key} is of revision {pinned}, the plan of {revision}"
        raise UsageError(message, "choose another file name")
    changed = threading.Event()
    feed = open_feed(
        corpus,
        seed=seed,
        cache_folder=cache_folder,
        revision=revision or pinned,
        done=ExcludedDraws(partial.draws, first),
        taken=lambda: partial.taken,
        on_change=changed.set,
        cached=False,  # the sink keeps them, and the next start of labelling needs those that are cached
    )

    def provenance() -> SampleProvenance:
        status = feed.status
        uniform = feed.manifest.uniform_without(status.set_aside) if feed.manifest else uniformity(corpus)
        return SampleProvenance(seed, uniform, status.warnings, status.set_aside, status.notes)

    drawn = sum(draw < end for draw in partial.draws)
    on_document(drawn)
    if drawn < count:
        with closing(documents(feed, changed, end=end, on_status=on_status)) as drawn_documents:
            is_pinned = False
            for document in drawn_documents:
                if feed.manifest is not None and not is_pinned:
                    on_manifest(feed.manifest)
                    is_pinned = True
                sink.add(document, provenance())
                drawn += 1
                on_document(drawn)
    sampled = Sampled(drawn, provenance())
    sink.finish(end, sampled.provenance)
    return sampled
