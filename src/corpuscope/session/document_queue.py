"""The queue that interleaves the feeds of several corpora in the order of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from corpuscope.domain.document import Document
from corpuscope.sampling.feed.feed import FeedState, FeedStatus
from corpuscope.sampling.queue_order import Position, QueueOrder
from corpuscope.session.repeats import SecondLooks

STUCK = (FeedState.OFFLINE, FeedState.EXHAUSTED, FeedState.FAILED)
"""States in which a feed is passed over, so that the other corpora can still be read."""


class DocumentFeed(Protocol):
    """A feed of the documents of one corpus."""

    @property
    def status(self) -> FeedStatus:
        """The state of the feed."""
        ...

    def take(self, *, refill: bool = True) -> Document | None:
        """Return the next document if it is ready. Without `refill` none is fetched in its place yet."""
        ...

    def refill(self) -> None:
        """Fetch documents in place of those that were taken."""
        ...

    def peek(self) -> Document | None:
        """Return the document that `take` would return now."""
        ...

    def start(self) -> None:
        """Start fetching."""
        ...

    def close(self) -> None:
        """Stop fetching."""
        ...


class DocumentQueue:
    """Interleaves feeds in the order of the plan, and passes over a corpus that is stuck.

    A corpus that was labelled alone before waits for the others, and one that was offline catches up.
    """

    def __init__(
        self,
        feeds: Mapping[str, DocumentFeed],
        order: QueueOrder,
        behind: Mapping[str, int],
        second_looks: SecondLooks | None = None,
    ) -> None:
        """Create a queue whose feeds are not started yet.

        `order` places the documents of all feeds. `behind` counts the documents already
        decided, by corpus. `second_looks` are the second looks that a session mixes in; they start and close
        with the feeds.
        """
        self.second_looks = second_looks
        self._feeds = dict(feeds)
        self._order = order
        self._behind = {corpus: behind.get(corpus, 0) for corpus in feeds}

    def start(self) -> None:
        """Start every feed. Non-blocking."""
        for feed in self._feeds.values():
            feed.start()
        if self.second_looks is not None:
            self.second_looks.start()

    def take(self) -> Document | None:
        """Return the next document; None while the corpus whose turn it is has none ready. Non-blocking.

        Call `refill` once it is painted.
        """
        corpus = self._next()
        document = self._feeds[corpus].take(refill=False) if corpus is not None else None
        if corpus is not None and document is not None:
            self._behind[corpus] += 1
        else:
            self.refill()
        return document

    def refill(self) -> None:
        """Fetch documents in place of those that were taken. Non-blocking."""
        for feed in self._feeds.values():
            feed.refill()

    def peek(self) -> Document | None:
        """Return the document that `take` would return now."""
        corpus = self._next()
        return self._feeds[corpus].peek() if corpus is not None else None

    def _next(self) -> str | None:
        """Return the corpus of the next document: the one in turn, unless it is stuck with none ready."""
        for corpus in sorted(self._feeds, key=self._turn):
            feed = self._feeds[corpus]
            if feed.peek() is not None:
                return corpus
            if feed.status.state not in STUCK:
                return None
        return None

    def _turn(self, corpus: str) -> Position:
        return self._order.position(corpus, self._behind[corpus])

    @property
    def corpora(self) -> Sequence[str]:
        """Keys of the corpora, in the order in which they were named."""
        return tuple(self._feeds)

    @property
    def stuck(self) -> bool:
        """Whether no document will arrive for now: every corpus is exhausted, failed or out of reach."""
        return all(feed.status.state in STUCK for feed in self._feeds.values())

    @property
    def statuses(self) -> Sequence[FeedStatus]:
        """The state of each feed, in the order in which the corpora were named."""
        return [feed.status for feed in self._feeds.values()]

    @property
    def failures(self) -> Sequence[str]:
        """The messages of the feeds that a permanent fault ended; among several, each names its corpus."""
        return [
            f"{corpus}: {feed.status.message}" if len(self._feeds) > 1 else feed.status.message
            for corpus, feed in self._feeds.items()
            if feed.status.state is FeedState.FAILED
        ]

    def close(self) -> None:
        """Stop every feed. Non-blocking."""
        for feed in self._feeds.values():
            feed.close()
        if self.second_looks is not None:
            self.second_looks.close()
