"""Actions on documents under review: relabel, note, bookmark, adjudicate, undo."""

from __future__ import annotations

from dataclasses import dataclass

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document, DocumentKey
from corpuscope.domain.label import Event, EventKind
from corpuscope.ledger.read.decisions import Decision, Decisions, Final
from corpuscope.session.event_recorder import EventRecorder


@dataclass(frozen=True, slots=True)
class DocumentDecisions:
    """The decisions, notes and bookmarks on one document."""

    decisions: tuple[Decision, ...]
    """The decisions of all annotators at all looks, ordered by annotator and look."""
    final: Final | None
    """The latest final decision; None without one, or when its category no longer exists."""
    note: str
    """The annotator's own note, "" for none."""
    bookmarked: bool
    """Whether the annotator bookmarked it."""


def decisions_about(
    decisions: Decisions, document: DocumentKey, scheme: CategoryScheme, annotator: str
) -> DocumentDecisions:
    """Collect the decisions on a document, with the note and bookmark of `annotator`."""
    final = decisions.adjudicated.get(document)
    in_force = final is not None and scheme.today(final.category) is not None
    notes = decisions.notes_on(document, annotator)
    return DocumentDecisions(
        decisions.about(document),
        final if in_force else None,
        (notes.note or "") if notes else "",
        notes.bookmarked if notes else False,
    )


class ReviewActions:
    """Records decisions on any document, in any order. Not thread-safe.

    Every method returns once the event is durable, and otherwise raises LedgerError. Then nothing has
    changed, and the action may be repeated.
    """

    def __init__(self, recorder: EventRecorder) -> None:
        self._recorder = recorder
        self._undoable: list[Event] = []

    def label(self, document: Document, category: str, look: int = 1) -> Event:
        """Label a document. Nothing is hidden during review, so the label counts as not blind."""
        return self._record(EventKind.LABEL, document, category=category, look=look)

    def adjudicate(self, document: Document, category: str) -> Event:
        """Set the final category of a document; the labels of its annotators are unchanged."""
        return self._record(EventKind.ADJUDICATE, document, category=category)

    def note(self, document: Document, text: str) -> Event:
        """Write a note; an empty `text` removes it."""
        return self._recorder.record(EventKind.NOTE, document, note=text)

    def bookmark(self, document: Document, *, on: bool) -> Event:
        """Set the bookmark, or remove it."""
        return self._recorder.record(EventKind.BOOKMARK if on else EventKind.UNBOOKMARK, document)

    @property
    def can_undo(self) -> bool:
        """Whether a label or final decision recorded here can be undone."""
        return bool(self._undoable)

    def undo(self) -> Event | None:
        """Undo the last label or final decision recorded here; None when there is none."""
        if not self._undoable:
            return None
        last = self._undoable[-1]
        self.take_back(last.document, last.id)
        return self._undoable.pop()

    def take_back(self, document: Document, event_id: str) -> Event:
        """Undo any event on a document, of any annotator."""
        return self._recorder.record(EventKind.UNDO, document, target=event_id)

    def _record(self, kind: EventKind, document: Document, *, category: str, look: int = 1) -> Event:
        event = self._recorder.record(kind, document, category=category, look=look)
        self._undoable.append(event)
        return event
