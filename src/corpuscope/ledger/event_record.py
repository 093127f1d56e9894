"""An event as one flat record: the fields of a journal line, and most columns of a part."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from time import sleep
from types import MappingProxyType
from typing import Any

from corpuscope.domain.document import Address, Document, Section
from corpuscope.domain.label import Event, EventKind

Record = dict[str, Any]
"""A flat record; fields that hold nothing are left out."""

CONTENT = ("metadata", "sections", "text")
"""What is long in a record. It may stand once, in a record of its document, ahead of the events about it."""

_STRETCH = 1 << 14
"""Characters measured at once."""


def to_record(event: Event) -> Record:
    """The fields of `event` and its document in the order a person would read them, the text last."""
    return act_of(event) | document_fields(event.document)


def act_of(event: Event) -> Record:
    """What was done, when and by whom: the fields of `event` that are not its document's."""
    return _held(
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
        }
    )


def document_fields(document: Document) -> Record:
    """Where the document is, how it was drawn and its content, the text last."""
    return drawing_of(document) | content_of(document)


def drawing_of(document: Document) -> Record:
    """Where the document is and how it was drawn: its short fields."""
    return _held(
        {
            "corpus": document.corpus,
            **asdict(document.address),
            "draw": document.draw,
            "attempt": document.attempt,
            "probability": document.probability,
            "tokens": document.tokens,
        }
    )


def content_of(document: Document) -> Record:
    """The long fields of a document, the text last."""
    return _held(
        {
            "metadata": {key: _storable(value) for key, value in document.metadata.items()} or None,
            "sections": [[s.title, s.start, s.end] for s in document.sections] or None,
            "text": document.text,
        }
    )


def without_content(record: Record) -> Record:
    """A record that says how long its text is instead of the text."""
    light = {field: value for field, value in record.items() if field not in CONTENT}
    return light | measures(record["text"]) if "text" in record else light


def measures(text: str) -> Record:
    """Code points of a text, and words: stretches between white space."""
    words = 0
    inside = False
    for start in range(0, len(text), _STRETCH):
        stretch = text[start : start + _STRETCH]
        words += len(stretch.split()) - (inside and not stretch[0].isspace())
        inside = not stretch[-1].isspace()
        if start:
            sleep(0)  # a long text is measured beside the screen, which must not wait for it
    return {"characters": len(text), "words": words}


def from_record(record: Mapping[str, Any]) -> Event:
    """The event of a record; fields that later versions added have their defaults. Raises KeyError, ValueError."""
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
    )


def document_of(record: Mapping[str, Any]) -> Document:
    """The document of a record. Raises KeyError."""
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


def address_of(record: Mapping[str, Any]) -> Address:
    """Where the document of a record is. Raises KeyError."""
    return Address(
        dataset=record["dataset"],
        name=record.get("name"),
        split=record["split"],
        revision=record["revision"],
        shard=record["shard"],
        row=record["row"],
    )


def _held(record: Record) -> Record:
    return {field: value for field, value in record.items() if value is not None}


def _storable(value: object) -> object:
    """`value` as JSON can hold it: NaN and infinities, which JSON cannot say, become null; strangers their text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)
