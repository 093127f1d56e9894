"""Drawing a sample without a screen: documents in draw order until there are enough, into a file."""

import threading
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpuscope.corpora.known import uniformity
from corpuscope.domain.clock import Clock
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.errors import SourceUnavailable, UsageError
from corpuscope.sampling.document_records import SampleProvenance
from corpuscope.sampling.draws import ExcludedDraws
from corpuscope.sampling.feed.feed import Feed
from corpuscope.sampling.feed.open import open_feed
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.sampling.sample_file import SampleSink

GIVE_UP = 300.0
"""Seconds offline after which nobody is assumed to wait."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a run has drawn."""

    documents: int
    """Documents in the file, those of earlier runs included."""
    provenance: SampleProvenance
    """How they were drawn; without the shards that only earlier runs set aside."""


def documents(
    feed: Feed,
    changed: threading.Event,
    *,
    end: int,
    on_status: Callable[[FeedStatus], None] = lambda _: None,
    clock: Clock | None = None,
    give_up: float = GIVE_UP,
) -> Generator[Document]:
    """The documents of a feed in draw order, up to draw `end`; fewer when the corpus is used up before.

    `changed` is what the feed's `on_change` sets. The feed is started here and closed at the end, also when
    the caller stops early. `on_status` is told whenever there is nothing to take.
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
                raise SourceUnavailable(status.message, "run the same command again to go on from here")
            changed.wait(0.5)
    finally:
        feed.close()


def draw_sample(
    corpus: Corpus,
    target: SampleSink,
    *,
    seed: int,
    first: int,
    count: int,
    cache_folder: Path,
    revision: str | None = None,
    on_revision: Callable[[str], None] = lambda _: None,
    on_document: Callable[[int], None] = lambda _: None,
    on_status: Callable[[FeedStatus], None] = lambda _: None,
) -> Sampled:
    """Draws `first` up to `first + count` into a target; what an earlier run left behind is continued.

    `on_revision` is told the revision before the first document is added, `on_document` how many documents the
    target has (at once, and after each), `on_status` how the feed is when none is ready. Interrupted at any
    point, the same call goes on from there. Raises what `documents` and the target do, and UsageError when that
    earlier run was of another revision.
    """
    end = first + count
    text = ",".join(part.column for part in corpus.text)
    partial = target.resume(
        f"{corpus.key}: {corpus.path} {corpus.name} {corpus.split} {text}, seed {seed}, from draw {first}"
    )
    pinned = partial.revision
    if pinned is not None:
        if revision not in {None, pinned}:
            message = f"an unfinished sample of {corpus.key} is of revision {pinned}, the plan of {revision}"
            raise UsageError(message, "choose another file name")
        on_revision(pinned)
    changed = threading.Event()
    feed = open_feed(
        corpus,
        seed=seed,
        cache_folder=cache_folder,
        revision=revision or pinned,
        done=ExcludedDraws(partial.draws, first),
        taken=lambda: partial.taken,
        on_change=changed.set,
    )

    def provenance() -> SampleProvenance:
        status = feed.status
        uniform = feed.manifest.uniform if feed.manifest else uniformity(corpus)
        return SampleProvenance(seed, uniform, status.warnings, status.set_aside)

    drawn = sum(draw < end for draw in partial.draws)
    on_document(drawn)
    if drawn < count:
        with closing(documents(feed, changed, end=end, on_status=on_status)) as arriving:
            for document in arriving:
                if pinned is None:
                    pinned = document.address.revision
                    on_revision(pinned)
                target.add(document, provenance())
                drawn += 1
                on_document(drawn)
    sampled = Sampled(drawn, provenance())
    target.finish(end, sampled.provenance)
    return sampled
