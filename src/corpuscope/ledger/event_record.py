"""Convert an event to a flat record, the fields of a journal line and most columns of a part, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from time import sleep
from types import MappingProxyType
from typing import Any

from corpuscope import latency
from corpuscope.domain.document import Address, Document, Section, StoredDocument, TextlessDocument
from corpuscope.domain.label import Event, EventKind

Record = dict[str, Any]
"""A flat record; fields that are None are left out."""

CONTENT = ("metadata", "sections", "text")
"""The long fields of a record, which may be stored once in a content line before the document's events."""

_CHUNK = 1 << 14
"""Characters measured at once."""


def to_record(event: Event) -> Record:
    """Return the fields of `event` and its document in reading order, the text last."""
    return act_of(event) | document_fields(event.document)


def act_of(event: Event) -> Record:
    """Return the fields of `event` that are not its document's: what was done, when and by whom."""
    return _without_none(
        {
            "event_id": event.id,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "session": event.session,
            "annotator": event.annotator,
            "kind": event.kind.value,
            "category": event.category,
            "scheme": event.scheme,
            "target": event.target,
            "note": event.note,
            "reading_ms": event.reading_ms,
            "blind": event.blind,
            "look": event.look,
            "unsure": event.unsure or None,
        }
    )


def document_fields(document: Document) -> Record:
    """Return where the document is, how it was drawn and its content, the text last."""
    return drawing_of(document) | content_of(document)


def drawing_of(document: Document) -> Record:
    """Return the short fields of a document: where it is and how it was drawn."""
    address = document.address
    return _without_none(
        {
            "corpus": document.corpus,
            "dataset": address.dataset,
            "name": address.name,
            "split": address.split,
            "revision": address.revision,
            "shard": address.shard,
            "row": address.row,
            "draw": document.draw,
            "attempt": document.attempt,
            "probability": document.probability,
            "tokens": document.tokens,
        }
    )


def content_of(document: Document) -> Record:
    """Return the long fields of a document, the text last."""
    return _without_none(
        {
            "metadata": {key: _storable(value) for key, value in document.metadata.items()} or None,
            "sections": [[section.title, section.start, section.end] for section in document.sections]
            or None,
            "text": document.text,
        }
    )


def without_content(record: Record) -> Record:
    """Return `record` with the length of its text in place of its content."""
    light = {field: value for field, value in record.items() if field not in CONTENT}
    return light | measures(record["text"]) if "text" in record else light


def measures(text: str) -> Record:
    """Count the code points and the white-space separated words of a text."""
    words = 0
    inside_word = False
    for start in range(0, len(text), _CHUNK):
        chunk = text[start : start + _CHUNK]
        words += len(chunk.split()) - (inside_word and not chunk[0].isspace())
        inside_word = not chunk[-1].isspace()
        if start:
            sleep(latency.CHUNK_YIELD)
    return {"characters": len(text), "words": words}


def from_record(record: Mapping[str, Any]) -> Event:
    """Build the event of a record; missing later fields get defaults. Raises KeyError or ValueError."""
    return Event(
        id=record["event_id"],
        session=record["session"],
        annotator=record["annotator"],
        at=datetime.fromisoformat(record["at"]),
        kind=EventKind(record["kind"]),
        document=document_of(record),
        category=record.get("category"),
        scheme=record.get("scheme") or "",
        target=record.get("target"),
        note=record.get("note"),
        reading_ms=record.get("reading_ms"),
        blind=bool(record.get("blind")),
        look=record.get("look") or 1,
        unsure=bool(record.get("unsure")),
    )


def document_of(record: Mapping[str, Any]) -> Document:
    """Build the document of a record. Raises KeyError."""
    return Document(
        corpus=record["corpus"],
        address=address_of(record),
        draw=record["draw"],
        probability=record["probability"],
        text=record["text"],
        sections=tuple(Section(title, start, end) for title, start, end in record.get("sections") or ()),
        metadata=MappingProxyType(record.get("metadata") or {}),
        attempt=record.get("attempt") or 0,
        tokens=record.get("tokens"),
    )


def stored_document_of(record: Mapping[str, Any]) -> StoredDocument:
    """Build the document of a record that may have lost its text. Raises KeyError."""
    if "text" in record:
        return document_of(record)
    metadata = MappingProxyType(record.get("metadata") or {})
    return TextlessDocument(record["corpus"], address_of(record), record["draw"], metadata)


def address_of(record: Mapping[str, Any]) -> Address:
    """Build the address of a record's document. Raises KeyError."""
    return Address(
        dataset=record["dataset"],
        name=record.get("name"),
        split=record["split"],
        revision=record["revision"],
        shard=record["shard"],
        row=record["row"],
    )


def _without_none(record: Record) -> Record:
    return {field: value for field, value in record.items() if value is not None}


def _storable(value: object) -> object:
    """Return `value` as JSON can hold it: null for NaN and infinities, the `str` of other types."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)
