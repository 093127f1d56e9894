"""The append-only events that record an annotator's decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from corpuscope.domain.document import Document


class EventKind(StrEnum):
    """The kind of an event."""

    LABEL = "label"
    """A category was assigned."""
    SKIP = "skip"
    """The document was skipped on purpose; it counts in no share and is not shown again."""
    UNDO = "undo"
    """The event named by `Event.target` no longer counts."""
    NOTE = "note"
    """A note was written; the latest one counts, and an empty one removes it."""
    BOOKMARK = "bookmark"
    """The document was bookmarked."""
    UNBOOKMARK = "unbookmark"
    """The bookmark was removed."""
    ADJUDICATE = "adjudicate"
    """The final category was decided for a document whose annotators disagree; their own labels stay."""


@dataclass(frozen=True, slots=True)
class Event:
    """One acknowledged action of one annotator on one document."""

    id: str
    """UUIDv7; events are ordered by id, even when the clock ran backwards."""
    session: str
    """Id of the annotation session."""
    annotator: str
    """Name of the annotator."""
    at: datetime
    """UTC time by the machine's clock; informative only, since ids give the order."""
    kind: EventKind
    """What kind of action."""
    document: Document
    """The document concerned, with its text."""
    category: str | None = None
    """Name of the category at that time; only for labels and adjudications."""
    scheme: str = ""
    """Hash of the category scheme in force."""
    target: str | None = None
    """Id of the event that an undo reverts; None for other events."""
    note: str | None = None
    """Text of the note; only for notes."""
    reading_ms: int | None = None
    """Milliseconds from paint to key, without idle time; None when the document was not read for this event."""
    blind: bool = False
    """True when corpus, url and scores were hidden before the label."""
    look: int = 1
    """1 for the first reading, 2 for a blind second reading."""
    unsure: bool = False
    """True for a label of which the annotator was not sure."""


def reading_name(look: int) -> str:
    """Name the look of a document for people: "1st reading", "2nd reading"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(look % 10 if look % 100 not in (11, 12, 13) else 0, "th")
    return f"{look:,}{ending} reading"
