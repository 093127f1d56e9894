"""One queue of documents out of the feeds of one or several corpora, in the plan's order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from corpuscope.domain.document import Document
from corpuscope.sampling.feed.feed import FeedState, FeedStatus
from corpuscope.session.repeats import SecondLooks

STUCK = (FeedState.OFFLINE, FeedState.EXHAUSTED, FeedState.FAILED)
"""A feed in one of these states is passed over, so that the others can still be read."""


class DocumentFeed(Protocol):
    """What the queue needs of a feed."""

    @property
    def status(self) -> FeedStatus:
        """How it stands."""
        ...

    def take(self) -> Document | None:
        """The next document if it is ready."""
        ...

    def peek(self) -> Document | None:
        """What `take` would bring now."""
        ...

    def start(self) -> None:
        """Begin fetching."""
        ...

    def close(self) -> None:
        """Stop fetching."""
        ...


class DocumentQueue:
    """Interleaves feeds block by block: each block holds every corpus once, in an order the plan fixes.

    The corpus with the fewest documents behind it is next, so that one labelled alone before waits for the
    others, and one that was offline gets its turns back.
    """

    def __init__(
        self,
        feeds: Mapping[str, DocumentFeed],
        order: Callable[[int], str],
        behind: Mapping[str, int],
        second_looks: SecondLooks | None = None,
    ) -> None:
        """`order(i)` names the corpus of place i of the plan; `behind` counts documents already decided.

        `second_looks` are the second looks that a session mixes in; they start and close with the feeds.
        """
        self.second_looks = second_looks
        self._feeds = dict(feeds)
        self._order = order
        self._behind = {corpus: behind.get(corpus, 0) for corpus in feeds}

    def start(self) -> None:
        """Starts every feed; returns at once."""
        for feed in self._feeds.values():
            feed.start()
        if self.second_looks is not None:
            self.second_looks.start()

    def take(self) -> Document | None:
        """The next document, None when the corpus whose turn it is has none ready yet. Never blocks."""
        corpus = self._next()
        document = self._feeds[corpus].take() if corpus is not None else None
        if corpus is not None and document is not None:
            self._behind[corpus] += 1
        return document

    def peek(self) -> Document | None:
        """What `take` would bring now."""
        corpus = self._next()
        return self._feeds[corpus].peek() if corpus is not None else None

    def _next(self) -> str | None:
        """The corpus whose document is next: the one whose turn it is, unless it is stuck with none ready."""
        for corpus in sorted(self._feeds, key=self._turn):
            feed = self._feeds[corpus]
            if feed.peek() is not None:
                return corpus
            if feed.status.state not in STUCK:
                return None
        return None

    def _turn(self, corpus: str) -> tuple[int, int]:
        block, size = self._behind[corpus], len(self._feeds)
        place = next((i for i in range(size) if self._order(block * size + i) == corpus), size)
        return block, place

    @property
    def corpora(self) -> Sequence[str]:
        """The keys of the corpora, in the order they were named."""
        return tuple(self._feeds)

    @property
    def stuck(self) -> bool:
        """Whether nothing will come for now: every corpus is used up or cannot be reached."""
        return all(feed.status.state in STUCK for feed in self._feeds.values())

    @property
    def statuses(self) -> Sequence[FeedStatus]:
        """How each feed stands, in the order the corpora were named."""
        return [feed.status for feed in self._feeds.values()]

    def close(self) -> None:
        """Stops every feed; returns at once."""
        for feed in self._feeds.values():
            feed.close()
        if self.second_looks is not None:
            self.second_looks.close()
