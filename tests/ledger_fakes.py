"""Sessions that write to a ledger in few words, and files that fail or lose power on demand."""

import os
from pathlib import Path
from typing import Self, TypedDict, Unpack

from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.files import Files
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.ledger.write.writer import EVENTS_A_JOURNAL, LedgerWriter
from makers import SetClock, a_document, a_scheme


class Fields(TypedDict, total=False):
    """What an event may say beside its kind."""

    category: str
    scheme: str
    target: str
    note: str
    reading_ms: int
    blind: bool
    look: int


class Scribe:
    """One open session; every method writes one event and returns its id."""

    def __init__(
        self,
        folder: Path,
        session: str = "s1",
        annotator: str = "ann",
        *,
        clock: Clock | None = None,
        files: Files | None = None,
        events_a_journal: int = EVENTS_A_JOURNAL,
    ) -> None:
        self.clock = clock or SetClock()
        self.session = session
        self.annotator = annotator
        self.writer = LedgerWriter.open(
            folder, session, self.clock, files=files, events_a_journal=events_a_journal
        )
        self.ids = EventIds(self.clock, after=self.writer.last_event_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.writer.close()

    def event(self, kind: EventKind, document: Document, **fields: Unpack[Fields]) -> Event:
        """An event that is not written."""
        fields.setdefault("scheme", a_scheme().hash)
        return Event(
            self.ids.next(), self.session, self.annotator, self.clock.now(), kind, document, **fields
        )

    def write(self, kind: EventKind, document: Document, **fields: Unpack[Fields]) -> str:
        """An event that is durable."""
        event = self.event(kind, document, **fields)
        self.writer.append(event)
        return event.id

    def label(
        self,
        document: Document | int,
        category: str = "News",
        *,
        reading_ms: int | None = None,
        blind: bool = False,
        look: int = 1,
        scheme: str | None = None,
    ) -> str:
        """A document, or the one of a draw, gets a category."""
        fields: Fields = {"category": category, "blind": blind, "look": look}
        if reading_ms is not None:
            fields["reading_ms"] = reading_ms
        if scheme is not None:
            fields["scheme"] = scheme
        return self.write(EventKind.LABEL, _document(document), **fields)

    def skip(self, document: Document | int) -> str:
        """It is passed over."""
        return self.write(EventKind.SKIP, _document(document))

    def undo(self, target: str, document: Document | int) -> str:
        """An event is taken back."""
        return self.write(EventKind.UNDO, _document(document), target=target)

    def note(self, document: Document | int, text: str) -> str:
        """A note is written; "" removes it."""
        return self.write(EventKind.NOTE, _document(document), note=text)

    def bookmark(self, document: Document | int, *, on: bool = True) -> str:
        """A bookmark is set or taken away."""
        return self.write(EventKind.BOOKMARK if on else EventKind.UNBOOKMARK, _document(document))


def _document(document: Document | int) -> Document:
    return a_document(document) if isinstance(document, int) else document


def read(folder: Path) -> Decisions:
    """The ledger as a new process would read it."""
    return LedgerReader(folder).read()


def labels(decisions: Decisions) -> dict[int, str | None]:
    """Category by draw, None for skips."""
    return {decision.draw: decision.category for decision in decisions.recent()}


def journals(folder: Path) -> list[Path]:
    """The journals in a ledger."""
    return sorted(folder.glob("*.journal"))


def parts(folder: Path) -> list[Path]:
    """The parts in a ledger."""
    return sorted(folder.glob("*/*.parquet"))


def flip(path: Path, offset: int, bit: int = 0) -> None:
    """Flips one bit of a file."""
    data = bytearray(path.read_bytes())
    data[offset] ^= 1 << bit
    path.write_bytes(data)


class FailingFiles(Files):
    """The operating system's files, where operations fail as long as they are named in `failing`."""

    def __init__(self, **failing: int) -> None:
        self.failing = dict(failing)
        """Error number by name of the operation."""

    def write(self, descriptor: int, data: bytes | memoryview) -> None:
        """Writes half before it fails, as a full disk does."""
        if "write" in self.failing:
            super().write(descriptor, bytes(data)[: len(data) // 2])
        self._fail("write")
        super().write(descriptor, data)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cuts, or fails."""
        self._fail("truncate")
        super().truncate(descriptor, size)

    def sync(self, descriptor: int) -> None:
        """Syncs, or fails."""
        self._fail("sync")
        super().sync(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Renames, or fails."""
        self._fail("rename")
        super().rename(old, new)

    def remove(self, path: Path) -> None:
        """Removes, or fails."""
        self._fail("remove")
        super().remove(path)

    def _fail(self, operation: str) -> None:
        if operation in self.failing:
            raise OSError(self.failing[operation], os.strerror(self.failing[operation]))
