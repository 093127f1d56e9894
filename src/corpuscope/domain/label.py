"""What a reader does, as append-only events, and the decision that follows from them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from corpuscope.domain.document import Document


class EventKind(StrEnum):
    """What happened."""

    LABEL = "label"
    """A category was assigned."""
    SKIP = "skip"
    """The document was passed over on purpose; it counts in no share and is not shown again."""
    UNDO = "undo"
    """The event named by `Event.target` no longer counts."""
    NOTE = "note"
    """A note was written; the last one counts, an empty one removes it."""
    BOOKMARK = "bookmark"
    """The document was bookmarked."""
    UNBOOKMARK = "unbookmark"
    """The bookmark was taken away."""
    ADJUDICATE = "adjudicate"
    """The final category of a document on which its readers do not agree; their own labels stay as they are."""


@dataclass(frozen=True, slots=True)
class Event:
    """One acknowledged act of one annotator about one document."""

    id: str
    """UUIDv7; the order of ids is the order of events, also when the clock went backwards."""
    session: str
    """The sitting it belongs to."""
    annotator: str
    """Who."""
    at: datetime
    """UTC time by the machine's clock; for people, not for order."""
    kind: EventKind
    """What happened."""
    document: Document
    """What it is about, with its text."""
    category: str | None = None
    """Name of the category at that time; only for labels and final decisions."""
    scheme: str = ""
    """Hash of the category scheme in force."""
    target: str | None = None
    """Id of the event an undo takes back."""
    note: str | None = None
    """The note's text; only for notes."""
    reading_ms: int | None = None
    """Milliseconds from paint to key, idle trimmed; None where nothing was read anew."""
    blind: bool = False
    """True when corpus, url and scores were hidden until the key."""
    look: int = 1
    """1 for the first reading, 2 for a blind second one."""
