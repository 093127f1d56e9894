"""A document as one line that checks itself: what the spool and an unfinished sample are made of."""

import json
import zlib
from types import MappingProxyType

from corpuscope.domain.document import Address, Document, Section


def to_line(document: Document) -> bytes:
    """One line: CRC-32 in hex, a space, ASCII JSON, a newline. Lone surrogates survive as escapes."""
    at = document.address
    record = {
        "corpus": document.corpus,
        "address": [at.dataset, at.name, at.split, at.revision, at.shard, at.row],
        "draw": document.draw,
        "probability": document.probability,
        "text": document.text,
        "sections": [[section.title, section.start, section.end] for section in document.sections],
        "metadata": dict(document.metadata),
        "attempt": document.attempt,
        "tokens": document.tokens,
    }
    body = json.dumps(record, separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(body), body)


def from_line(line: bytes) -> Document | None:
    """The document of a line; None when the line is torn, damaged or of another kind."""
    checksum, _, body = line.rstrip(b"\n").partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(body):
            return None
        record = json.loads(body)
        return Document(
            corpus=record["corpus"],
            address=Address(*record["address"]),
            draw=record["draw"],
            probability=record["probability"],
            text=record["text"],
            sections=tuple(Section(*section) for section in record["sections"]),
            metadata=MappingProxyType(record["metadata"]),
            attempt=record["attempt"],
            tokens=record["tokens"],
        )
    except (ValueError, KeyError, TypeError):
        return None
