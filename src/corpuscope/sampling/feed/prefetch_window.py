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
    phase: DrawState = DrawState.WAITING
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
        self._slots: list[PendingDraw] = []
        self._next = 0
        self._end: int | None = None

    @property
    def slots(self) -> tuple[PendingDraw, ...]:
        """The draws under way, in order."""
        return tuple(self._slots)

    @property
    def ready(self) -> int:
        """How many documents can be handed over now."""
        unsettled = (i for i, slot in enumerate(self._slots) if slot.phase is not DrawState.READY)
        return next(unsettled, len(self._slots))

    @property
    def frontier(self) -> PendingDraw | None:
        """The first draw that is not settled."""
        return next((slot for slot in self._slots if slot.phase is not DrawState.READY), None)

    @property
    def ended(self) -> bool:
        """True when the corpus is used up and every draw before its end is settled."""
        return self._end is not None and self.frontier is None

    def open(self) -> PendingDraw | None:
        """A slot for the next draw; None when the window is full or the corpus used up."""
        while self._next in self._done:
            self._next += 1
        if len(self._slots) >= self._depth or (self._end is not None and self._next >= self._end):
            return None
        slot = PendingDraw(self._next)
        self._slots.append(slot)
        self._next += 1
        return slot

    def refill(self, documents: Iterable[Document]) -> None:
        """Takes over documents fetched in an earlier session, as far as they are the next ones."""
        by_draw = {document.draw: document for document in documents}
        while (slot := self.open()) is not None:
            slot.document = by_draw.get(slot.draw)
            if slot.document is None:
                return
            slot.phase = DrawState.FETCHED

    def to_do(self) -> list[PendingDraw]:
        """The draws that want a worker, now or at their `not_before`, in order."""
        frontier = self.frontier
        return [
            slot
            for slot in self._slots
            if slot.phase is DrawState.WAITING or (slot.phase is DrawState.PASSED_OVER and slot is frontier)
        ]

    def settle(self) -> list[Document]:
        """Settles fetched draws in order and returns their documents; one already taken is passed over."""
        settled: list[Document] = []
        while (slot := self.frontier) is not None and slot.phase is DrawState.FETCHED:
            document = slot.document
            assert document is not None
            place = ShardRow(document.address.shard, document.address.row)
            if place in self.taken:
                slot.phase, slot.document = DrawState.PASSED_OVER, None
                break
            if document.attempt:
                self.taken.add(place)
            slot.phase = DrawState.READY
            settled.append(document)
        return settled

    def finish(self, end: int) -> None:
        """The corpus is used up: draw `end` and all later ones bring nothing."""
        self._end = end if self._end is None else min(self._end, end)
        self._slots = [slot for slot in self._slots if slot.draw < self._end]

    def peek(self) -> Document | None:
        """The next document, which stays; None when it is not settled."""
        if not self._slots or self._slots[0].phase is not DrawState.READY:
            return None
        return self._slots[0].document

    def take(self) -> Document | None:
        """Hands over the next document; None when it is not settled."""
        document = self.peek()
        if document is not None:
            del self._slots[0]
        return document
