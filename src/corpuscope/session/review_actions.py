"""The use cases of whoever goes over documents again: label anew, note, bookmark, decide a dispute, take it back."""

from dataclasses import dataclass

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.ledger.read.decisions import Decision, Decisions, Final
from corpuscope.session.event_recorder import EventRecorder


@dataclass(frozen=True, slots=True)
class DocumentDecisions:
    """What is decided about one document."""

    decisions: tuple[Decision, ...]
    """The decisions of all annotators and looks, by annotator and look."""
    final: Final | None
    """The last final decision, None where there is none or its category is no more."""
    note: str
    """One's own note, "" for none."""
    bookmarked: bool
    """Whether one has it bookmarked."""


def decisions_about(
    decisions: Decisions, document_id: str, scheme: CategoryScheme, annotator: str
) -> DocumentDecisions:
    """Everything decided about a document, and what `annotator` remarked."""
    final = decisions.adjudicated.get(document_id)
    known = final is not None and scheme.today(final.category) is not None
    remark = decisions.notes_on(document_id, annotator)
    return DocumentDecisions(
        decisions.about(document_id),
        final if known else None,
        (remark.note or "") if remark else "",
        remark.bookmarked if remark else False,
    )


class ReviewActions:
    """Records what is decided about any document, in any order. Not thread-safe: one thread calls it.

    Every method returns when the event is durable, and raises LedgerError when it could not be made so: then
    nothing has changed and the same key may be pressed again.
    """

    def __init__(self, recorder: EventRecorder) -> None:
        self._recorder = recorder
        self._acts: list[Event] = []

    def label(self, document: Document, category: str, look: int = 1) -> Event:
        """Gives a document another category; nothing is hidden, so it counts as not blind."""
        return self._act(EventKind.LABEL, document, category=category, look=look)

    def adjudicate(self, document: Document, category: str) -> Event:
        """Makes a category the final one of a document; the labels of its readers stay as they are."""
        return self._act(EventKind.ADJUDICATE, document, category=category)

    def note(self, document: Document, text: str) -> Event:
        """Writes a note; an empty one removes it."""
        return self._recorder.record(EventKind.NOTE, document, note=text)

    def bookmark(self, document: Document, *, on: bool) -> Event:
        """Sets a bookmark, or takes it away."""
        return self._recorder.record(EventKind.BOOKMARK if on else EventKind.UNBOOKMARK, document)

    @property
    def can_undo(self) -> bool:
        """Whether a label or final decision was given at this desk that is not taken back."""
        return bool(self._acts)

    def undo(self) -> Event | None:
        """Takes back the last label or final decision given at this desk; None when there is none left."""
        if not self._acts:
            return None
        last = self._acts[-1]
        self.take_back(last.document, last.id)
        return self._acts.pop()

    def take_back(self, document: Document, event_id: str) -> Event:
        """Takes back any event about a document, whoever it is from."""
        return self._recorder.record(EventKind.UNDO, document, target=event_id)

    def _act(self, kind: EventKind, document: Document, *, category: str, look: int = 1) -> Event:
        event = self._recorder.record(kind, document, category=category, look=look)
        self._acts.append(event)
        return event
