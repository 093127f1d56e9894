"""One journal file: lines with checksums, held under the lock that tells a live session from a dead one."""

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Self
from zlib import crc32

from corpuscope.files import Files

if TYPE_CHECKING:  # most folders are opened with no line to read
    from collections.abc import Iterator

    from corpuscope.ledger.event_record import Record


HEADER = "ledger"
"""The field only a journal's first line has: the version of the lines after it."""

DOCUMENT = "document"
"""Id of a document: alone it heads the document's content; in an event it stands for that content, given before."""

# Text stays legible, and a lone surrogate keeps the three bytes it came from, so that it comes back as it was.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)

_START = re.compile(rb'[0-9a-f]{8} \{"')

_CHECKSUM = 9
"""Bytes before the JSON: eight hex digits and a space."""

_AHEAD = b'{"document":'

_STRETCH = 1 << 16
"""Characters encoded at once."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a stretch of a journal holds."""

    events: "tuple[Record, ...]"
    """Events of the lines whose checksum fits, in order; without content where that was not asked for or is lost."""
    damaged: int
    """Complete lines of which something could not be read."""
    torn: int
    """Bytes after the last line end: a line that was being written."""
    end: int
    """Bytes up to the last line end."""
    version: int = 0
    """The version in the header; 0 when the header is not in this stretch or cannot be read."""


def encode(record: "Record") -> bytes:
    """The line of `record` with its line end. Raises ValueError for what JSON cannot hold."""
    return line_of(encode_fields(record))


def encode_fields(record: "Record") -> bytes:
    """The fields of `record`, at least one, for a line made of several. Raises ValueError for what JSON cannot hold."""
    return _ENCODER.encode(record)[1:-1].encode("utf-8", errors="surrogatepass")


def line_of(*fields: bytes) -> bytes:
    """The line of a record whose fields were encoded one group after another."""
    body = b"{%b}" % b",".join(fields)
    return b"%08x %b\n" % (crc32(body), body)


def encode_long(record: "Record") -> bytes:
    """The same for a record whose last field is a long text, letting other threads run all the while."""
    *_, (field, text) = record.items()
    head = _ENCODER.encode({**record, field: ""}).removesuffix('"}')
    pieces = [head.encode("utf-8", errors="surrogatepass")]
    for start in range(0, len(text), _STRETCH):
        stretch = _ENCODER.encode(text[start : start + _STRETCH])[1:-1]
        pieces.append(stretch.encode("utf-8", errors="surrogatepass"))
        sleep(0)
    pieces.append(b'"}\n')
    checksum = 0
    for piece in pieces[:-1]:
        checksum = crc32(piece, checksum)
    return b"".join([b"%08x " % crc32(b'"}', checksum), *pieces])


def scan(data: bytes, *, content: bool = True) -> Scan:
    """Reads every line that can be read; without `content` events say how long their text is instead of it."""
    records: list[Record] = []
    damaged = 0
    start, end = 0, data.rfind(b"\n") + 1
    while start < end:
        stop = data.index(b"\n", start)
        line = data[start:stop]
        start = stop + 1
        record = _decode(line, content=content)
        if record is None:
            damaged += 1
            records += _salvage(line)
        else:
            records.append(record)
    tail = data[end:]
    if _decode(tail) is None and (rescued := _salvage(tail)):
        # A whole line with another byte where its end should be was not torn: that byte flipped.
        records, damaged, tail, end = [*records, *rescued], damaged + 1, b"", len(data)
    version = max((record[HEADER] for record in records if HEADER in record), default=0)
    return Scan(tuple(_events(records)), damaged, len(tail), end, version)


def _events(records: "list[Record]") -> "Iterator[Record]":
    """The events among records, each with the content that was given before it."""
    contents: dict[str, Record] = {}
    for record in records:
        document = record.pop(DOCUMENT, None)
        if document is not None and "event_id" not in record:
            contents[document] = record
        elif HEADER not in record:
            yield record | contents.get(document, {})


def _decode(line: bytes, *, content: bool = True) -> "Record | None":
    body = line[_CHECKSUM:]
    if line[: _CHECKSUM - 1] != b"%08x" % crc32(body) or line[_CHECKSUM - 1 : _CHECKSUM] != b" ":
        return None
    if not content and body.startswith(_AHEAD):
        return {DOCUMENT: ""}
    record = json.loads(body.decode("utf-8", errors="surrogatepass"))
    if not isinstance(record, dict):
        return None
    if content:
        return record
    from corpuscope.ledger.event_record import without_content

    return without_content(record)


def _salvage(line: bytes) -> "list[Record]":
    """Whole records inside a line that is not whole: a flipped line end glues two good lines together."""
    starts = [match.start() for match in _START.finditer(line)]
    records: list[Record] = []
    for number, start in enumerate(starts):
        # The piece ends at a later start, less the flipped line end, or with the line; a text may hold a false start.
        for stop in [*(later - 1 for later in starts[number + 1 :]), len(line) - 1, len(line)]:
            if (record := _decode(line[start:stop])) is not None:
                records.append(record)
                break
    return records


VERSION = 2
"""Version of the journal's records, in its first line. Since 2 a document's content may stand ahead of its events."""


class Journal:
    """A journal this process holds. Methods raise OSError.

    The lock is the kernel's, so it ends with the process however that ends: a journal that can be locked has
    no living session.
    """

    def __init__(self, path: Path, descriptor: int, files: Files) -> None:
        self.path = path
        self.events = 0
        """Events appended by this process."""
        self.prewritten: dict[str, Record] = {}
        """Hash and length of each text that stands in it ahead of its events, by document id."""
        self.size = 0
        """Bytes that are known to be durable."""
        self.writable = True
        """False after a failure that leaves open what the file holds: nothing may be appended any more."""
        self._descriptor: int | None = descriptor
        self._files = files

    @classmethod
    def create(cls, path: Path, header: "Record", files: Files) -> Self:
        """A new journal that is durable, name and header. FileExistsError when the name is taken."""
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
            # Before it was locked another process took the empty file for a dead session's and removed it.
            journal.release()

    @classmethod
    def take_over(cls, path: Path, files: Files) -> Self | None:
        """The journal of a dead session; None when its session lives or the file is gone."""
        try:
            descriptor = files.open(path)
        except (FileNotFoundError, PermissionError):
            return None  # removed since it was listed, or another user's, whose next start sees to it
        journal = cls(path, descriptor, files)
        try:
            held = journal._claim(wait=False)
        except OSError:
            journal.release()
            raise
        if held:
            return journal
        journal.release()
        return None

    def append(self, line: bytes) -> None:
        """An event, durable when it returns; after an error the file ends where it did, or is no longer `writable`."""
        self._write(line)
        self.events += 1

    def append_document(self, document_id: str, line: bytes, known: "Record") -> None:
        """The same for the line of a document's content, which `append` may then leave out of its events."""
        self._write(line)
        self.prewritten[document_id] = known

    def scan(self) -> Scan:
        """Everything that can be read in it."""
        return scan_file(self.path)

    def remove(self) -> None:
        """Removes the file and gives up the lock."""
        try:
            self._files.remove(self.path)
            self._files.sync_folder(self.path.parent)
        finally:
            self.release()

    def set_aside(self, path: Path) -> None:
        """Renames the file to `path`, where nobody looks for journals, and gives up the lock."""
        try:
            self._files.rename(self.path, path)
            self._files.sync_folder(path.parent)
        finally:
            self.release()

    def release(self) -> None:
        """Gives up the lock and leaves the file: to others its session is dead now."""
        if self._descriptor is not None:
            self._files.close(self._descriptor)
            self._descriptor = None

    def _claim(self, *, wait: bool) -> bool:
        """Takes the lock; False when it is another's or the name no longer means this file."""
        assert self._descriptor is not None
        return self._files.lock(self._descriptor, wait=wait) and _is(self.path, self._descriptor)

    def _write(self, line: bytes) -> None:
        assert self._descriptor is not None, "nothing is appended to a journal given up"
        try:
            self._files.write(self._descriptor, line)
        except OSError:
            self._roll_back()
            raise
        try:
            self._files.sync(self._descriptor)
        except OSError:
            # After a failed fsync the kernel may have marked the pages clean and dropped them: a second fsync
            # would report success for bytes that never reached the disk. Only a new file can be trusted again.
            self.writable = False
            self._roll_back()
            raise
        self.size += len(line)

    def _roll_back(self) -> None:
        """Takes back a line that is not acknowledged, so that it is never read as one."""
        assert self._descriptor is not None
        try:
            self._files.truncate(self._descriptor, self.size)
        except OSError:
            self.writable = False


def scan_file(path: Path) -> Scan:
    """Everything that can be read in the journal at `path`, whoever holds it; nothing when it is gone."""
    try:
        return scan(path.read_bytes())
    except FileNotFoundError:
        return scan(b"")


def _is(path: Path, descriptor: int) -> bool:
    """Whether `path` still names the open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
