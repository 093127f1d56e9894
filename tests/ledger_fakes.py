"""Write events to a ledger concisely, inspect its files, and let file operations fail on demand."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Self, TypedDict, Unpack

import pyarrow.parquet as pq

from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.files import Files
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.ledger.write.publishing import quarantine
from corpuscope.ledger.write.writer import EVENTS_A_JOURNAL, LedgerWriter
from makers import SetClock, a_document, a_scheme


class Fields(TypedDict, total=False):
    """The optional fields of an event."""

    category: str
    scheme: str
    target: str
    note: str
    reading_ms: int
    blind: bool
    look: int
    unsure: bool


class UnsyncedFiles(Files):
    """Files that never wait for the disk, for the tests that read them again while the machine runs."""

    def sync(self, descriptor: int) -> None: ...

    def sync_folder(self, folder: Path) -> None: ...


class Scribe:
    """One open session; every method writes one event and returns its id. It syncs only with `files` that do."""

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
            folder,
            session,
            self.clock,
            files=files or UnsyncedFiles(),
            events_a_journal=events_a_journal,
        )
        self.ids = EventIds(self.clock, after=self.writer.last_event_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.writer.close()

    def event(self, kind: EventKind, document: Document, **fields: Unpack[Fields]) -> Event:
        """Create an event without writing it."""
        fields.setdefault("scheme", a_scheme().hash)
        return Event(
            self.ids.next(), self.session, self.annotator, self.clock.now(), kind, document, **fields
        )

    def write(self, kind: EventKind, document: Document, **fields: Unpack[Fields]) -> str:
        """Write an event durably."""
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
        unsure: bool = False,
        scheme: str | None = None,
    ) -> str:
        """Label a document, or the document of a draw."""
        fields: Fields = {"category": category, "blind": blind, "look": look, "unsure": unsure}
        if reading_ms is not None:
            fields["reading_ms"] = reading_ms
        if scheme is not None:
            fields["scheme"] = scheme
        return self.write(EventKind.LABEL, _document(document), **fields)

    def skip(self, document: Document | int) -> str:
        """Skip a document."""
        return self.write(EventKind.SKIP, _document(document))

    def undo(self, target: str, document: Document | int) -> str:
        """Undo an event."""
        return self.write(EventKind.UNDO, _document(document), target=target)

    def note(self, document: Document | int, text: str) -> str:
        """Write a note; "" removes it."""
        return self.write(EventKind.NOTE, _document(document), note=text)

    def bookmark(self, document: Document | int, *, on: bool = True) -> str:
        """Set or remove a bookmark."""
        return self.write(EventKind.BOOKMARK if on else EventKind.UNBOOKMARK, _document(document))


def _document(document: Document | int) -> Document:
    return a_document(document) if isinstance(document, int) else document


def a_reader(folder: Path, files: Files | None = None) -> LedgerReader:
    """Return a reader that sets damaged parts aside, as the app's does."""
    return LedgerReader(folder, lambda path, damage: quarantine(folder, path, damage, files))


def read(folder: Path) -> Decisions:
    """Read the ledger as a new process would."""
    return a_reader(folder).read()


def labels(decisions: Decisions) -> dict[int, str | None]:
    """Return the category by draw, None for skips."""
    return {decision.draw: decision.category for decision in decisions.recent()}


def journals(folder: Path) -> list[Path]:
    """List the journals of a ledger."""
    return sorted(folder.glob("*.journal"))


def parts(folder: Path) -> list[Path]:
    """List the parts of a ledger."""
    return sorted(folder.glob("*/*.parquet"))


def flip(path: Path, offset: int, bit: int = 0) -> None:
    """Flip one bit of a file."""
    data = bytearray(path.read_bytes())
    data[offset] ^= 1 << bit
    path.write_bytes(data)


def damage_texts(part: Path) -> None:
    """Flip a bit in the texts of a part's first row group; all other columns stay readable."""
    group = pq.ParquetFile(part).metadata.row_group(0)
    [text] = [
        column for column in map(group.column, range(group.num_columns)) if column.path_in_schema == "text"
    ]
    flip(part, text.data_page_offset + text.total_compressed_size - 20)


class FailingFiles(Files):
    """The operating system's files, with the operations named in `failing` raising errors."""

    def __init__(self, **failing: int) -> None:
        self.failing = dict(failing)
        """Error number by name of the operation."""

    def make_folder(self, folder: Path) -> None:
        """Create, or fail."""
        self._fail("make_folder")
        super().make_folder(folder)

    def create(self, path: Path) -> int:
        """Create, or fail."""
        self._fail("create")
        return super().create(path)

    def write(self, descriptor: int, data: bytes | memoryview) -> None:
        """Write half before failing, as a full disk does."""
        if "write" in self.failing:
            super().write(descriptor, bytes(data)[: len(data) // 2])
        self._fail("write")
        super().write(descriptor, data)

    def truncate(self, descriptor: int, size: int) -> None:
        """Truncate, or fail."""
        self._fail("truncate")
        super().truncate(descriptor, size)

    def sync(self, descriptor: int) -> None:
        """Sync, or fail."""
        self._fail("sync")
        super().sync(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Rename, or fail."""
        self._fail("rename")
        super().rename(old, new)

    def remove(self, path: Path) -> None:
        """Remove, or fail."""
        self._fail("remove")
        super().remove(path)

    def _fail(self, operation: str) -> None:
        if operation in self.failing:
            raise OSError(self.failing[operation], os.strerror(self.failing[operation]))


class FullDisk(Files):
    """Files of a disk that has no space while `full` is set."""

    full = False

    def write(self, descriptor: int, data: bytes | memoryview) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().write(descriptor, data)
