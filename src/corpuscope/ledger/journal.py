"""Write and read a journal: lines with checksums, under a lock that tells a live session from a dead one."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, NamedTuple, Self
from zlib import crc32

from corpuscope import latency
from corpuscope.files import Files
from corpuscope.text.safe_json import exact_bytes, exact_text

if TYPE_CHECKING:  # most folders are opened without a line to read
    from corpuscope.ledger.event_record import Record
    from corpuscope.ledger.validation import Fault


HEADER = "ledger"
"""The field that only a journal's first line has: the version of the lines after it."""

DOCUMENT = "document"
"""The field with a document's id in a content line, and in events that refer to that line for content."""

# Text stays legible, and a lone surrogate is stored as the three bytes it came from, so that it round-trips.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)

_START = re.compile(rb'[0-9a-f]{8} \{"')

_CHECKSUM = 9
"""Bytes before the JSON: eight hex digits and a space."""

_CONTENT_START = b'{"document":'
"""Starts the JSON of a content line."""

_CHUNK = 1 << 16
"""Characters encoded at once."""


class Scan(NamedTuple):
    """The readable content of a journal, or of a stretch of one."""

    events: tuple[Record, ...]
    """Events of the lines with a valid checksum, in order; without content that is lost or not requested."""
    damaged: int
    """Number of complete lines that could not be read in full."""
    torn: int
    """Bytes after the last line end, of a line that was being written."""
    end: int
    """Bytes up to the last line end."""
    faults: tuple[Fault, ...] = ()
    """Why lines with a valid checksum are no events; they count as damaged too."""
    version: int = 0
    """The version in the header; 0 when the header is not in this stretch or cannot be read."""


def encode(record: Record) -> bytes:
    """Encode `record` as a line with its line end. Raises ValueError for values that JSON cannot hold."""
    body = exact_bytes(_ENCODER.encode(record))
    return b"%08x %b\n" % (crc32(body), body)


def encode_long(record: Record) -> bytes:
    """Encode like `encode` a record whose last field is a long text, yielding to other threads."""
    *_, (field, text) = record.items()
    head = _ENCODER.encode({**record, field: ""}).removesuffix('"}')
    pieces = [exact_bytes(head)]
    for start in range(0, len(text), _CHUNK):
        chunk = _ENCODER.encode(text[start : start + _CHUNK])[1:-1]
        pieces.append(exact_bytes(chunk))
        sleep(latency.CHUNK_YIELD)
    pieces.append(b'"}\n')
    checksum = 0
    for piece in pieces[:-1]:
        checksum = crc32(piece, checksum)
    return b"".join([b"%08x " % crc32(b'"}', checksum), *pieces])


def scan(data: bytes, *, content: bool = True) -> Scan:
    """Read every readable line; without `content`, events have the length of their text in place of it."""
    records: list[Record] = []
    damaged = 0
    start, end = 0, data.rfind(b"\n") + 1
    while start < end:
        stop = data.index(b"\n", start)
        line = data[start:stop]
        start = stop + 1
        record = decode(line, content=content)
        if record is None:
            damaged += 1
            records += _salvage(line)
        else:
            records.append(record)
    tail = data[end:]
    if decode(tail) is None and (salvaged := _salvage(tail)):
        # A whole line followed by another byte than a line end is not torn: that byte flipped.
        records, damaged, tail, end = [*records, *salvaged], damaged + 1, b"", len(data)
    versions = (record[HEADER] for record in records if HEADER in record)
    version = max((number for number in versions if isinstance(number, int)), default=0)
    return Scan(tuple(_events(records)), damaged, len(tail), end, version=version)


def scan_events(data: bytes, *, content: bool = True) -> Scan:
    """Read every readable line that is an event, as `scan` does; of the others only the faults are left."""
    lines = scan(data, content=content)
    if not lines.events:
        return lines
    from corpuscope.ledger.validation import Fault, record_fault

    reasons = [record_fault(record) for record in lines.events]
    checked = list(zip(lines.events, reasons, strict=True))
    events = tuple(record for record, reason in checked if not reason)
    unsound = tuple(Fault(str(record.get("event_id", "")), reason) for record, reason in checked if reason)
    return lines._replace(events=events, damaged=lines.damaged + len(unsound), faults=unsound)


def _events(records: list[Record]) -> Iterator[Record]:
    """Yield the events among `records`, each with the content of the content line it refers to."""
    contents: dict[str, Record] = {}
    for record in records:
        is_content = DOCUMENT in record and "event_id" not in record
        document = str(record.pop(DOCUMENT, ""))
        if is_content:
            contents[document] = record
        elif HEADER not in record:
            yield {**contents.get(document, {}), **record}


def decode(line: bytes, *, content: bool = True) -> Record | None:
    """Return the record in a line without its line end; None when the line is torn or damaged."""
    body = line[_CHECKSUM:]
    if line[: _CHECKSUM - 1] != b"%08x" % crc32(body) or line[_CHECKSUM - 1 : _CHECKSUM] != b" ":
        return None
    if not content and body.startswith(_CONTENT_START):
        return {DOCUMENT: ""}
    try:
        record = json.loads(exact_text(body))
    except (ValueError, RecursionError):  # a checksum says that it was written so, not that it is sense
        return None
    if not isinstance(record, dict):
        return None
    if content or not isinstance(record.get("text", ""), str):
        return record
    from corpuscope.ledger.event_record import without_content

    return without_content(record)


def _salvage(line: bytes) -> list[Record]:
    """Return the whole records inside a damaged line: a flipped line end joins two good lines."""
    starts = [match.start() for match in _START.finditer(line)]
    records: list[Record] = []
    for number, start in enumerate(starts):
        # A record ends one byte (the flipped line end) before a later start, or with the line. A text may
        # contain what looks like a start.
        for stop in [*(later - 1 for later in starts[number + 1 :]), len(line) - 1, len(line)]:
            if (record := decode(line[start:stop])) is not None:
                records.append(record)
                break
    return records


VERSION = 2
"""Version of the journal's records, in its first line. Since version 2 content lines may precede events."""


class Journal:
    """A journal locked by this process. Methods raise OSError.

    The kernel releases the lock when the process ends, in whatever way: a journal that can be locked has no
    live session.
    """

    def __init__(self, path: Path, descriptor: int, files: Files) -> None:
        self.path = path
        self.events = 0
        """Number of events appended by this process."""
        self.prewritten: dict[str, Record] = {}
        """Hash and length of the text in each content line, by document id."""
        self.size = 0
        """Number of bytes known to be durable."""
        self.writable = True
        """False after a failure that leaves the file's content uncertain: nothing may be appended then."""
        self._descriptor: int | None = descriptor
        self._files = files

    @classmethod
    def create(cls, path: Path, header: Record, files: Files) -> Self:
        """Create a journal with durable name and header. Raises FileExistsError when the name is taken."""
        while True:
            journal = cls(path, files.create(path), files)
            try:
                if journal._claim(wait=True):
                    journal._write(encode(header))
                    files.sync_folder(path.parent)
                    return journal
            except OSError:
                with suppress(OSError):
                    journal.remove()
                raise
            # Before this process locked the empty file, another took it for a dead session's and removed it.
            journal.release()

    @classmethod
    def take_over(cls, path: Path, files: Files) -> Self | None:
        """Lock the journal of a dead session; None when its session is live or the file is gone."""
        try:
            descriptor = files.open(path)
        except (FileNotFoundError, PermissionError):
            return None  # removed since it was listed, or another user's, whose next session compacts it
        journal = cls(path, descriptor, files)
        try:
            locked = journal._claim(wait=False)
        except OSError:
            journal.release()
            raise
        if locked:
            return journal
        journal.release()
        return None

    def append(self, line: bytes) -> None:
        """Append an event's line durably; after an error the file is as it was, or no longer `writable`.

        Raises FileNotFoundError while the journal is `detached`.
        """
        self._write(line)
        self.events += 1

    def append_document(self, document_id: str, line: bytes, measured: Record) -> None:
        """Append a content line, with the hash and length of its text; later events may refer to it."""
        self._write(line)
        self.prewritten[document_id] = measured

    @property
    def detached(self) -> bool:
        """Whether the open file was removed, moved or replaced: no later session would find what it holds."""
        return self._descriptor is not None and not _names(self.path, self._descriptor)

    def content(self) -> bytes:
        """Read the whole file, also when its name was removed; once released, what its name leads to."""
        if self._descriptor is None:
            return self.path.read_bytes() if self.path.exists() else b""
        with open(self._descriptor, "rb", closefd=False) as file:
            file.seek(0)
            return file.read()

    def scan(self) -> Scan:
        """Read everything readable in the journal, also when its name was removed."""
        return scan_events(self.content())

    def remove(self) -> None:
        """Remove the file, unless its name is gone or another file has it, and release the lock."""
        try:
            if not self.detached:
                self._files.remove(self.path)
                self._files.sync_folder(self.path.parent)
        finally:
            self.release()

    def set_aside(self, path: Path) -> None:
        """Rename the file to `path`, which must not look like a journal's, and release the lock."""
        try:
            self._files.rename(self.path, path)
            self._files.sync_folder(path.parent)
        finally:
            self.release()

    def release(self) -> None:
        """Release the lock and leave the file: its session now counts as dead."""
        if self._descriptor is not None:
            self._files.close(self._descriptor)
            self._descriptor = None

    def _claim(self, *, wait: bool) -> bool:
        """Take the lock; False when another process has it or the path no longer names this file."""
        assert self._descriptor is not None
        return self._files.lock(self._descriptor, wait=wait) and _names(self.path, self._descriptor)

    def _write(self, line: bytes) -> None:
        assert self._descriptor is not None, "a released journal cannot be appended to"
        try:
            self._files.write(self._descriptor, line)
        except OSError:
            self._roll_back()
            raise
        try:
            self._files.sync(self._descriptor)
        except OSError:
            # After a failed fsync the kernel may have marked the pages clean and dropped them: a second fsync
            # would report success for bytes that never reached the disk. Only a new file can be trusted.
            self.writable = False
            self._roll_back()
            raise
        if self.detached:
            # Synced bytes of a file without a name are gone when its last descriptor is closed.
            self._roll_back()
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path))
        self.size += len(line)

    def _roll_back(self) -> None:
        """Cut an unacknowledged line off, so that it is never read as an event."""
        assert self._descriptor is not None
        try:
            self._files.truncate(self._descriptor, self.size)
        except OSError:
            self.writable = False


def scan_file(path: Path) -> Scan:
    """Read everything readable in the journal at `path`, locked or not; nothing when the file is gone."""
    try:
        return scan_events(path.read_bytes())
    except FileNotFoundError:
        return scan(b"")


def _names(path: Path, descriptor: int) -> bool:
    """Tell whether `path` still names the open file."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))  # noqa: PTH116 - as quick as can be: every label waits
    except (FileNotFoundError, NotADirectoryError):
        return False
