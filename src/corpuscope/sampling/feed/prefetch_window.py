"""The prefetch window: the few draws in progress, committed and taken in draw order."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from corpuscope.domain.document import Document
from corpuscope.errors import SourceUnavailable
from corpuscope.sampling.draws import ShardRow


class DrawState(Enum):
    """The progress of one draw."""

    WAITING = auto()
    """Waiting to be fetched, for the first time or again."""
    FETCHING = auto()
    """A worker is fetching it."""
    FETCHED = auto()
    """Its document was fetched, but an earlier draw may still take the same one as its substitute."""
    PASSED_OVER = auto()
    """Its own document is unavailable; it gets a substitute once all earlier draws are committed."""
    READY = auto()
    """Committed: its document can be taken when all earlier ones were."""


@dataclass(slots=True)
class PendingDraw:
    """One draw in progress."""

    draw: int
    """Number of the draw."""
    state: DrawState = DrawState.WAITING
    """Progress of the draw."""
    document: Document | None = None
    """The document; set from FETCHED on."""
    failures: int = 0
    """Number of times it could not be reached."""
    fault: SourceUnavailable | None = None
    """Why it was unreachable at the last attempt; None when it was reached, or when its shard is excluded."""
    not_before: float = 0.0
    """Monotonic time in seconds of its next attempt."""
    since: float = 0.0
    """Monotonic time in seconds at which its last attempt began."""


class PrefetchWindow:
    """Up to `depth` draws in ascending order, without those in `done`. Not thread-safe."""

    def __init__(self, depth: int, done: Container[int] = (), taken: Iterable[ShardRow] = ()) -> None:
        self.taken = set(taken)
        """Rows taken as substitutes; no later draw may return them again."""
        self._depth = depth
        self._done = done
        self._pending_draws: list[PendingDraw] = []
        self._next = 0
        self._end: int | None = None

    @property
    def pending_draws(self) -> tuple[PendingDraw, ...]:
        """The draws in progress, in order."""
        return tuple(self._pending_draws)

    @property
    def ready(self) -> int:
        """Number of documents that can be taken now."""
        uncommitted = (
            i for i, pending in enumerate(self._pending_draws) if pending.state is not DrawState.READY
        )
        return next(uncommitted, len(self._pending_draws))

    @property
    def first_uncommitted(self) -> PendingDraw | None:
        """The first draw that is not committed; None when all are."""
        return next(
            (pending for pending in self._pending_draws if pending.state is not DrawState.READY), None
        )

    @property
    def ended(self) -> bool:
        """True when the corpus is used up and every draw before its end is committed."""
        return self._end is not None and self.first_uncommitted is None

    def add_next(self) -> PendingDraw | None:
        """Add the next draw to the window; None when the window is full or the corpus is used up."""
        while self._next in self._done:
            self._next += 1
        if len(self._pending_draws) >= self._depth or (self._end is not None and self._next >= self._end):
            return None
        pending = PendingDraw(self._next)
        self._pending_draws.append(pending)
        self._next += 1
        return pending

    def refill(self, documents: Iterable[Document]) -> None:
        """Add draws whose documents were fetched in an earlier session, up to the first missing one."""
        by_draw = {document.draw: document for document in documents}
        while (pending := self.add_next()) is not None:
            pending.document = by_draw.get(pending.draw)
            if pending.document is None:
                return
            pending.state = DrawState.FETCHED

    def waiting(self) -> list[PendingDraw]:
        """Return the draws to fetch, now or at their `not_before`, in order."""
        first_uncommitted = self.first_uncommitted
        return [
            pending
            for pending in self._pending_draws
            if pending.state is DrawState.WAITING
            or (pending.state is DrawState.PASSED_OVER and pending is first_uncommitted)
        ]

    def commit(self) -> list[Document]:
        """Commit fetched draws in order and return their documents.

        A draw whose document an earlier draw took as its substitute is passed over.
        """
        committed: list[Document] = []
        while (pending := self.first_uncommitted) is not None and pending.state is DrawState.FETCHED:
            document = pending.document
            assert document is not None
            row = ShardRow(document.address.shard, document.address.row)
            if row in self.taken:
                pending.state, pending.document = DrawState.PASSED_OVER, None
                break
            if document.attempt:
                self.taken.add(row)
            pending.state = DrawState.READY
            committed.append(document)
        return committed

    def finish(self, end: int) -> None:
        """End the window before draw `end`, since no document is left for it or any later draw."""
        self._end = end if self._end is None else min(self._end, end)
        self._pending_draws = [pending for pending in self._pending_draws if pending.draw < self._end]

    def peek(self) -> Document | None:
        """Return the next document without taking it; None when it is not committed."""
        if not self._pending_draws or self._pending_draws[0].state is not DrawState.READY:
            return None
        return self._pending_draws[0].document

    def take(self) -> Document | None:
        """Take the next document; None when it is not committed."""
        document = self.peek()
        if document is not None:
            del self._pending_draws[0]
        return document
