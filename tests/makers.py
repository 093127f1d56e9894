"""Factories of domain values for tests: say what matters, the rest is filled in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.domain.clock import Clock
from corpuscope.domain.document import Address, Document, Scalar, join_sections
from corpuscope.domain.label import Event
from corpuscope.errors import LedgerError


def a_scheme(*names: str) -> CategoryScheme:
    """A scheme with the given names, keyed 1, 2, 3 ..."""
    named = names or ("Educational", "Advertising", "Forum")
    return CategoryScheme(
        tuple(Category(str(i + 1), name, f"what {name} is") for i, name in enumerate(named))
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
    """A document; `parts` makes it one with sections."""
    joined, sections = join_sections(list(parts)) if parts else (text or f"document {draw}", ())
    address = Address("owner/web", None, "train", "c0ffee", shard, draw if row is None else row)
    return Document(corpus, address, draw, 0.001, joined, sections, metadata, tokens=tokens)


class SetClock(Clock):
    """A clock that tests set by hand."""

    def __init__(self, at: datetime = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) -> None:
        self.at = at
        self.seconds = 0.0

    def now(self) -> datetime:
        """The time that was set."""
        return self.at

    def monotonic(self) -> float:
        """The seconds that were set."""
        return self.seconds

    def wait(self, seconds: float) -> None:
        """Lets time pass on both clocks."""
        self.seconds += seconds
        self.at += timedelta(seconds=seconds)


class ListEventSink:
    """Keeps events in a list; refuses them while `full`."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.full = False

    def append(self, event: Event) -> None:
        """Keeps the event, or refuses it."""
        if self.full:
            raise LedgerError("no space left", "make room and press the key again")
        self.events.append(event)

    def prepare(self, document: Document) -> None:
        """Nothing is made ready."""

    @property
    def story(self) -> list[str]:
        """Kind and category or note of each event, in order."""
        return [f"{e.kind}{f' {e.category or e.note}' if e.category or e.note else ''}" for e in self.events]


class ListSupplier:
    """Hands out documents from a list; an empty place means none is ready yet."""

    def __init__(self, documents: Iterable[Document | None]) -> None:
        self.documents = list(documents)

    def peek(self) -> Document | None:
        """The next place, which stays."""
        return self.documents[0] if self.documents else None

    def take(self) -> Document | None:
        """The next place of the list."""
        return self.documents.pop(0) if self.documents else None

    @property
    def stuck(self) -> bool:
        """Whether the list has come to its end."""
        return not self.documents
