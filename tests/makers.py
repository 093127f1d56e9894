"""Factories of domain values for tests, with defaults for what a test does not care about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.domain.clock import Clock
from corpuscope.domain.document import Address, Document, Scalar, join_sections
from corpuscope.domain.label import Event
from corpuscope.errors import LedgerError


def a_scheme(*names: str) -> CategoryScheme:
    """Return a scheme with the given category names, keyed 1, 2, 3 ..."""
    category_names = names or ("Educational", "Advertising", "Forum")
    return CategoryScheme(
        tuple(Category(str(i + 1), name, f"what {name} is") for i, name in enumerate(category_names))
    )


def a_document(
    draw: int = 0,
    text: str | None = None,
    *,
    corpus: str = "web",
    shard: str = "part-0.jsonl",
    row: int | None = None,
    parts: Iterable[tuple[str, str]] = (),
    tokens: int | None = None,
    **metadata: Scalar,
) -> Document:
    """Return a document; `parts` gives it sections."""
    joined, sections = join_sections(list(parts)) if parts else (text or f"document {draw}", ())
    address = Address("owner/web", None, "train", "c0ffee", shard, draw if row is None else row)
    return Document(corpus, address, draw, 0.001, joined, sections, metadata, tokens=tokens)


class SetClock(Clock):
    """A clock that tests set."""

    def __init__(self, at: datetime = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) -> None:
        self.at = at
        self.seconds = 0.0

    def now(self) -> datetime:
        """Return the time that was set."""
        return self.at

    def monotonic(self) -> float:
        """Return the seconds that were set."""
        return self.seconds

    def wait(self, seconds: float) -> None:
        """Advance both clocks."""
        self.seconds += seconds
        self.at += timedelta(seconds=seconds)


class ListEventSink:
    """A sink that appends events to a list; it refuses them while `full`."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.full = False

    def append(self, event: Event) -> None:
        """Append the event. Raises LedgerError while `full`."""
        if self.full:
            raise LedgerError("no space left", "make room and press the key again")
        self.events.append(event)

    def prepare(self, document: Document) -> None:
        """Do nothing."""

    @property
    def story(self) -> list[str]:
        """Kind and category or note of each event, in order."""
        details = [(event.kind, event.category or event.note) for event in self.events]
        return [f"{kind} {detail}" if detail else str(kind) for kind, detail in details]


class ListSupplier:
    """A supplier of documents from a list, in which None means that none is ready yet."""

    def __init__(self, documents: Iterable[Document | None]) -> None:
        self.documents = list(documents)
        self.refills = 0
        """How often documents were asked for in place of those taken."""

    def peek(self) -> Document | None:
        """Return the next item without taking it."""
        return self.documents[0] if self.documents else None

    def take(self) -> Document | None:
        """Take the next item of the list."""
        return self.documents.pop(0) if self.documents else None

    def refill(self) -> None:
        """Count: the list is all there is."""
        self.refills += 1

    @property
    def stuck(self) -> bool:
        """True at the end of the list."""
        return not self.documents
