"""Notes and bookmarks, with those of a first look hidden during the second one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from corpuscope.domain.document import Document, DocumentKey
from corpuscope.domain.label import EventKind
from corpuscope.session.event_recorder import EventRecorder


@dataclass(frozen=True, slots=True)
class QueuedDocument:
    """The document to label."""

    document: Document
    """The document."""
    look: int
    """1 for a first look, 2 for a blind second look."""
    note: str = ""
    """The note written during this second look; earlier notes stay hidden like the label."""
    bookmarked: bool = False
    """Whether it was bookmarked during this second look."""
    bookmarked_before: bool = False
    """Whether it was bookmarked before. A second look does not show that and does not change it."""
    disclosed: bool = False
    """Whether it was decided before and undone, so that its corpus, url and scores were in sight."""


@dataclass(frozen=True, slots=True)
class DisplayedDocument:
    """The document on screen."""

    document: Document
    """The document."""
    decided: bool
    """Whether it already has a decision."""
    category: str | None
    """Name of its category; None when undecided or skipped."""
    note: str
    """Its note, "" for none."""
    bookmarked: bool
    """Whether it is bookmarked."""
    back: int
    """Number of documents before the one to label; 0 for that one."""
    unsure: bool = False
    """Whether the annotator was not sure of its label."""


NOTE_SEPARATOR = "; "
"""Separator between the notes of two looks."""


class NotesAndBookmarks:
    """The annotator's notes and bookmarks.

    Methods that write raise LedgerError when the event is not durable; then nothing has changed.
    """

    def __init__(
        self, recorder: EventRecorder, notes: Mapping[DocumentKey, str], bookmarks: Iterable[DocumentKey]
    ) -> None:
        self._recorder = recorder
        self._notes = dict(notes)
        self._bookmarks = set(bookmarks)

    def on(self, document: Document, second: QueuedDocument | None) -> tuple[str, bool]:
        """Return the note, "" for none, and whether the document is bookmarked.

        `second` is the queued document when it is on screen for its second look.
        """
        if second is not None:
            return second.note, second.bookmarked
        return self._notes.get(document.key, ""), document.key in self._bookmarks

    def is_bookmarked(self, document: Document) -> bool:
        """Return whether the document was bookmarked during any look."""
        return document.key in self._bookmarks

    def note(
        self, shown: DisplayedDocument, pending: QueuedDocument | None, text: str
    ) -> QueuedDocument | None:
        """Write a note, or remove it when `text` is empty; return the document to label afterwards."""
        document, note = shown.document.key, text
        if not shown.decided and pending is not None and pending.look > 1:
            # the note of the first look stays hidden, and in front of this one
            earlier = self._notes.get(document, "").removesuffix(pending.note).removesuffix(NOTE_SEPARATOR)
            note = NOTE_SEPARATOR.join(filter(None, (earlier, text)))
            pending = replace(pending, note=text)
        self._recorder.record(EventKind.NOTE, shown.document, note=note)
        self._notes[document] = note
        return pending

    def bookmark(self, shown: DisplayedDocument, pending: QueuedDocument | None) -> QueuedDocument | None:
        """Set or remove the bookmark; return the document to label afterwards."""
        to_label = None if shown.decided else pending
        if to_label is None or not to_label.bookmarked_before:
            kind = EventKind.UNBOOKMARK if shown.bookmarked else EventKind.BOOKMARK
            self._recorder.record(kind, shown.document)
            self._bookmarks ^= {shown.document.key}
        return pending if to_label is None else replace(to_label, bookmarked=not shown.bookmarked)
