"""Notes and bookmarks of the document on screen; those of a first look stay hidden during the second one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from corpuscope.domain.document import Document
from corpuscope.domain.label import EventKind
from corpuscope.session.event_recorder import EventRecorder


@dataclass(frozen=True, slots=True)
class QueuedDocument:
    """The document to label."""

    document: Document
    """Its text and address."""
    look: int
    """1 for a first reading, 2 for a blind second one."""
    note: str = ""
    """What was noted at this second look; earlier notes stay hidden like the label."""
    bookmarked: bool = False
    """Whether it was bookmarked at this second look."""
    bookmarked_before: bool = False
    """Whether it was bookmarked before; a second look, which does not show that, leaves it so."""


@dataclass(frozen=True, slots=True)
class DisplayedDocument:
    """What the screen shows."""

    document: Document
    """The text and its address."""
    decided: bool
    """True when this document already has a decision."""
    category: str | None
    """Its category, None when undecided or skipped."""
    note: str
    """Its note, "" for none."""
    bookmarked: bool
    """Whether it is bookmarked."""
    back: int
    """How many documents before the one to label; 0 for that one."""


NEXT_NOTE = "; "
"""What joins the notes of two looks."""


class NotesAndBookmarks:
    """What is remarked by document id. Methods that write raise LedgerError, and then nothing has changed."""

    def __init__(self, recorder: EventRecorder, notes: Mapping[str, str], bookmarks: Iterable[str]) -> None:
        self._recorder = recorder
        self._notes = dict(notes)
        self._bookmarks = set(bookmarks)

    def on(self, document_id: str, second: QueuedDocument | None) -> tuple[str, bool]:
        """The note, "" for none, and whether there is a bookmark; `second` when it is read a second time now."""
        if second is not None:
            return second.note, second.bookmarked
        return self._notes.get(document_id, ""), document_id in self._bookmarks

    def is_bookmarked(self, document_id: str) -> bool:
        """Whether it was bookmarked at any look."""
        return document_id in self._bookmarks

    def note(
        self, shown: DisplayedDocument, pending: QueuedDocument | None, text: str
    ) -> QueuedDocument | None:
        """Writes a note, removes it where `text` is empty; the document to label afterwards."""
        key, kept = shown.document.id, text
        if not shown.decided and pending is not None and pending.look > 1:
            # what was noted at the first look stays, unseen, before it
            earlier = self._notes.get(key, "").removesuffix(pending.note).removesuffix(NEXT_NOTE)
            kept = NEXT_NOTE.join(filter(None, (earlier, text)))
            pending = replace(pending, note=text)
        self._recorder.record(EventKind.NOTE, shown.document, note=kept)
        self._notes[key] = kept
        return pending

    def bookmark(self, shown: DisplayedDocument, pending: QueuedDocument | None) -> QueuedDocument | None:
        """Bookmarks the document or takes the bookmark away; the document to label afterwards."""
        to_label = None if shown.decided else pending
        if to_label is None or not to_label.bookmarked_before:
            kind = EventKind.UNBOOKMARK if shown.bookmarked else EventKind.BOOKMARK
            self._recorder.record(kind, shown.document)
            self._bookmarks ^= {shown.document.id}
        return pending if to_label is None else replace(to_label, bookmarked=not shown.bookmarked)
