"""Validate the values of a record: a checksum only says that it is what somebody wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from corpuscope.domain.corpus import is_safe_name
from corpuscope.domain.document import NO_PROBABILITY, is_probability
from corpuscope.domain.label import EventKind
from corpuscope.ledger.folder import EVENT_ID

_EVENT_ID = re.compile(EVENT_ID)
_NEEDED = (
    "event_id",
    "session",
    "annotator",
    "at",
    "kind",
    "corpus",
    "dataset",
    "split",
    "revision",
    "shard",
)
_TEXTS = (*_NEEDED, "category", "scheme", "target", "note", "name", "text", "sha256")
_NUMBERS = ("reading_ms", "look", "row", "draw", "attempt", "tokens", "characters", "words")


_GREATEST_EXACT = 1 << 53
"""Greatest whole number up to which a float can be every one."""


class Fault(NamedTuple):
    """Why one record or row is no event."""

    event: str
    """What it says is its event id, as it stands there."""
    reason: str
    """Which value cannot be, in words."""


def by_reason(faults: Iterable[Fault]) -> str:
    """Return each distinct reason with how often it occurs and the first event that has it."""
    events: dict[str, list[str]] = {}
    for fault in faults:
        events.setdefault(fault.reason, []).append(fault.event)
    return "; ".join(
        f"{reason} ({len(of):,}, first in event {of[0][:36] or '-'})" for reason, of in events.items()
    )


def record_fault(record: Mapping[str, Any]) -> str:
    """Return why `record` is no event, with or without its content; "" for a valid one.

    A kind that this version does not know is valid: later versions may add one.
    """
    present = {name: value for name, value in record.items() if value is not None}
    for name in (*_NEEDED, "row", "draw", "probability"):
        if present.get(name, "") == "":
            return f"{name} is missing"
    for name in _TEXTS:
        if not isinstance(present.get(name, ""), str):
            return f"{name} is not text"
    if not isinstance(present.get("text_bytes", b""), bytes):
        return "text_bytes is given in a journal"
    for name in _NUMBERS:
        value = present.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
            return f"{name} is not a number from 0 to 2^63 - 1"
    return _act_fault(present) or _document_fault(present)


def _act_fault(record: Mapping[str, Any]) -> str:
    if not _EVENT_ID.fullmatch(record["event_id"]):
        return "event_id is not a UUIDv7 in lower case before the year 2527"
    if not _EVENT_ID.fullmatch(record.get("target", record["event_id"])):
        return "target is not an event id"
    kind = record["kind"]
    if kind == EventKind.UNDO and "target" not in record:
        return "an undo has no target"
    if kind in (EventKind.LABEL, EventKind.ADJUDICATE) and not record.get("category"):
        return f"{kind} has no category"
    try:
        datetime.fromisoformat(record["at"]).astimezone(UTC)
    except (ValueError, OverflowError):
        return "at is not a time"
    if record.get("look", 1) not in (1, 2):
        return "look is neither 1 nor 2"
    wrong = [name for name in ("blind", "unsure") if not isinstance(record.get(name, False), bool)]
    return f"{wrong[0]} is neither true nor false" if wrong else ""


def _document_fault(record: Mapping[str, Any]) -> str:
    if not is_safe_name(record["corpus"]):
        return f"{record['corpus']!r} cannot name a corpus"
    probability = record["probability"]
    exact = isinstance(probability, float) or (type(probability) is int and probability <= _GREATEST_EXACT)
    if not exact or not is_probability(probability):
        return NO_PROBABILITY
    if "metadata" in record and plain_values(record["metadata"]) != record["metadata"]:
        return "metadata is not a JSON object of plain values"
    if "sections" in record and not are_sections(record["sections"]):
        return "sections is not a list of [title, first character, one past the last]"
    return ""


def plain_values(metadata: object) -> dict[str, Any] | None:
    """Return the plain values of a document's metadata, None when it is no object."""
    if not isinstance(metadata, dict):
        return None
    return {
        key: value for key, value in metadata.items() if value is None or isinstance(value, str | int | float)
    }


def are_sections(sections: object) -> bool:
    """Tell whether `sections` is what a record has for those of a document."""
    return isinstance(sections, list) and all(
        isinstance(section, list)
        and len(section) == 3
        and (section[0] is None or isinstance(section[0], str))
        and all(isinstance(place, int) and place >= 0 for place in section[1:])
        for section in sections
    )


def json_value(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a text in JSON, None when it is none or too deep to be read."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
