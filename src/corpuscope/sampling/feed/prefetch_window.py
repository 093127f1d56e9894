"""The few draws under way, kept in order: which to fetch next, which can be handed over."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from corpuscope.domain.document import Document
from corpuscope.errors import SourceUnavailable
from corpuscope.sampling.draws import ShardRow


class DrawState(Enum):
    """How far one draw has come."""

    WAITING = auto()
    """To be fetched, perhaps again."""
    FETCHING = auto()
    """A worker is at it."""
    FETCHED = auto()
    """Its document is here; an earlier draw may still take the same one as its stand-in."""
    PASSED_OVER = auto()
    """Its own document cannot be had; it looks for a stand-in once all earlier draws are settled."""
    READY = auto()
    """Settled: to be handed over when its turn comes."""


@dataclass(slots=True)
class PendingDraw:
    """One draw under way."""

    draw: int
    """Its number."""
    state: DrawState = DrawState.WAITING
    """How far it has come."""
    document: Document | None = None
    """Set from FETCHED on."""
    failures: int = 0
    """How often it could not be reached."""
    fault: SourceUnavailable | None = None
    """Why it could not be reached last; None when it was, or when its shard is gone for good."""
    not_before: float = 0.0
    """Monotonic time of its next try."""
    since: float = 0.0
    """Monotonic time at which its last try began."""


class PrefetchWindow:
    """Up to `depth` draws in ascending order, without those already decided. One thread at a time."""

    def __init__(self, depth: int, done: Container[int] = (), taken: Iterable[ShardRow] = ()) -> None:
        self.taken = set(taken)
        """Documents that stood in for others; no later draw may bring them again."""
        self._depth = depth
        self._done = done
        self._pending: list[PendingDraw] = []
        self._next = 0
        self._end: int | None = None

    @property
    def pending(self) -> tuple[PendingDraw, ...]:
        """The draws under way, in order."""
        return tuple(self._pending)

    @property
    def ready(self) -> int:
        """How many documents can be handed over now."""
        unsettled = (i for i, pending in enumerate(self._pending) if pending.state is not DrawState.READY)
        return next(unsettled, len(self._pending))

    @property
    def first_uncommitted(self) -> PendingDraw | None:
        """The first draw that is not settled."""
        return next((pending for pending in self._pending if pending.state is not DrawState.READY), None)

    @property
    def ended(self) -> bool:
        """True when the corpus is used up and every draw before its end is settled."""
        return self._end is not None and self.first_uncommitted is None

    def open(self) -> PendingDraw | None:
        """A pending for the next draw; None when the window is full or the corpus used up."""
        while self._next in self._done:
            self._next += 1
        if len(self._pending) >= self._depth or (self._end is not None and self._next >= self._end):
            return None
        pending = PendingDraw(self._next)
        self._pending.append(pending)
        self._next += 1
        return pending

    def refill(self, documents: Iterable[Document]) -> None:
        """Takes over documents fetched in an earlier session, as far as they are the next ones."""
        by_draw = {document.draw: document for document in documents}
        while (pending := self.open()) is not None:
            pending.document = by_draw.get(pending.draw)
            if pending.document is None:
                return
            pending.state = DrawState.FETCHED

    def to_do(self) -> list[PendingDraw]:
        """The draws that want a worker, now or at their `not_before`, in order."""
        first_uncommitted = self.first_uncommitted
        return [
            pending
            for pending in self._pending
            if pending.state is DrawState.WAITING
            or (pending.state is DrawState.PASSED_OVER and pending is first_uncommitted)
        ]

    def commit(self) -> list[Document]:
        """Settles fetched draws in order and returns their documents; one already taken is passed over."""
        settled: list[Document] = []
        while (pending := self.first_uncommitted) is not None and pending.state is DrawState.FETCHED:
            document = pending.document
            assert document is not None
            place = ShardRow(document.address.shard, document.address.row)
            if place in self.taken:
                pending.state, pending.document = DrawState.PASSED_OVER, None
                break
            if document.attempt:
                self.taken.add(place)
            pending.state = DrawState.READY
            settled.append(document)
        return settled

    def finish(self, end: int) -> None:
        """The corpus is used up: draw `end` and all later ones bring nothing."""
        self._end = end if self._end is None else min(self._end, end)
        self._pending = [pending for pending in self._pending if pending.draw < self._end]

    def peek(self) -> Document | None:
        """The next document, which stays; None when it is not settled."""
        if not self._pending or self._pending[0].state is not DrawState.READY:
            return None
        return self._pending[0].document

    def take(self) -> Document | None:
        """Hands over the next document; None when it is not settled."""
        document = self.peek()
        if document is not None:
            del self._pending[0]
        return document
