"""One journal line: a record as JSON behind the checksum that proves it complete."""

import json
import re
from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:  # most folders are opened with no line to read
    from collections.abc import Iterator

    from corpuscope.ledger.record import Record

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
    from corpuscope.ledger.record import without_content

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
