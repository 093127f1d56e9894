"""One journal line: a record as JSON behind the checksum that proves it complete."""

import json
import re
from dataclasses import dataclass
from zlib import crc32

from corpuscope.ledger.record import Record

HEADER = "ledger"
"""The field only a journal's first line has: the version of the lines after it."""

# Text stays legible, and a lone surrogate keeps the three bytes it came from, so that it comes back as it was.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_START = re.compile(rb'[0-9a-f]{8} \{"')
_CHECKSUM = 9
"""Bytes before the JSON: eight hex digits and a space."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a stretch of a journal holds."""

    events: tuple[Record, ...]
    """Records of the lines whose checksum fits, in order."""
    damaged: int
    """Complete lines of which something could not be read."""
    torn: int
    """Bytes after the last line end: a line that was being written."""
    end: int
    """Bytes up to the last line end."""
    version: int = 0
    """The version in the header; 0 when the header is not in this stretch or cannot be read."""


def encode(record: Record) -> bytes:
    """The line of `record` with its line end. Raises ValueError for what JSON cannot hold."""
    body = _ENCODER.encode(record).encode("utf-8", errors="surrogatepass")
    return b"%08x %b\n" % (crc32(body), body)


def scan(data: bytes) -> Scan:
    """Reads every line that can be read."""
    records: list[Record] = []
    damaged = 0
    end = data.rfind(b"\n") + 1
    for line in data[:end].split(b"\n")[:-1]:
        record = _decode(line)
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
    events = tuple(record for record in records if HEADER not in record)
    return Scan(events, damaged, len(tail), end, version)


def _decode(line: bytes) -> Record | None:
    body = line[_CHECKSUM:]
    if line[: _CHECKSUM - 1] != b"%08x" % crc32(body) or line[_CHECKSUM - 1 : _CHECKSUM] != b" ":
        return None
    record = json.loads(body.decode("utf-8", errors="surrogatepass"))
    return record if isinstance(record, dict) else None


def _salvage(line: bytes) -> list[Record]:
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
