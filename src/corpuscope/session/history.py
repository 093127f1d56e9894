"""The history of decided documents, for going back and for undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document, DocumentKey
from corpuscope.ledger.read.no_decisions import PastDecisions
from corpuscope.ledger.read.records import Decision

MAX_TEXTS = 50
"""Number of decided documents whose texts stay in memory."""


EntryKey = tuple[DocumentKey, int]
"""A document and the look at it."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A document that has been decided."""

    event_id: str
    """Id of the event that decided it."""
    document_id: str
    """Id of the document."""
    corpus: str
    """Key of its corpus."""
    category: str | None
    """Name of its category in today's scheme; None when it was skipped."""
    document: Document | None = None
    """The document; None for an old entry until it is shown."""
    look: int = 1
    """1 for a first look, 2 for a blind second look."""
    reading_ms: int | None = None
    """Milliseconds of reading; None when not measured."""
    blind: bool = False
    """Whether corpus, url and scores were hidden."""
    unsure: bool = False
    """Whether the annotator was not sure of the label."""

    @property
    def document_key(self) -> DocumentKey:
        """Key of the corpus and id of the document."""
        return self.corpus, self.document_id

    @property
    def key(self) -> EntryKey:
        """Document and look, which identify the entry."""
        return self.document_key, self.look


@dataclass(frozen=True, slots=True)
class _UndoStep:
    """A decision that can be undone."""

    event_id: str
    key: EntryKey
    """Key of the history entry."""
    before: HistoryEntry | None
    """The entry it replaced; None when it was the first decision."""


class History:
    """Entries in the order in which their documents were first decided, and the position shown among them."""

    def __init__(
        self, pages: Iterable[Sequence[HistoryEntry]], load: Callable[[str], Document] | None
    ) -> None:
        """Create a history that shows the document to label.

        `pages` are the entries of earlier sessions, latest page first, oldest entry first in each. `load`
        returns the document of an event; without it, every text stays in memory.
        """
        self._pages = iter(pages)
        self._load = load
        self._entries: list[HistoryEntry] = []
        self._undo_steps: list[_UndoStep] = []
        self._position: int | None = None

    @property
    def shown(self) -> HistoryEntry | None:
        """The entry that is shown again, its document loaded; None at the document to label."""
        return None if self._position is None else self._entries[self._position]

    @property
    def distance(self) -> int:
        """Number of documents before the one to label; 0 for that one."""
        return 0 if self._position is None else len(self._entries) - self._position

    @property
    def since_shown(self) -> Sequence[HistoryEntry]:
        """The entry that is shown again and those after it; none at the document to label."""
        return () if self._position is None else self._entries[self._position :]

    @property
    def last(self) -> HistoryEntry | None:
        """The latest entry in memory; None before the first."""
        return self._entries[-1] if self._entries else None

    def latest(self, count: int) -> list[HistoryEntry]:
        """Return the latest entries in memory, the last one first."""
        return self._entries[: -count - 1 : -1]

    def back(self, hidden: DocumentKey | None = None) -> bool:
        """Go to the entry before, past those of the document `hidden`. Return False at the first."""
        target = len(self._entries) if self._position is None else self._position
        while True:
            target -= 1
            if target < 0:
                target += self._load_page()
            if target < 0:
                return False
            if self._entries[target].document_key != hidden:
                break
        self._loaded(target)
        self._position = target
        return True

    def forward(self, hidden: DocumentKey | None = None) -> bool:
        """Go to the next entry, past those of the document `hidden`, and finally to the document to label.

        Return False when the document to label is shown already.
        """
        if self._position is None:
            return False
        target = self._position + 1
        while target < len(self._entries) and self._entries[target].document_key == hidden:
            target += 1
        if target == len(self._entries):
            self._position = None
        else:
            self._loaded(target)
            self._position = target
        return True

    def return_to_present(self) -> bool:
        """Go to the document to label. Return False when it is shown already."""
        moved, self._position = self._position is not None, None
        return moved

    def add(self, entry: HistoryEntry) -> HistoryEntry | None:
        """Add a decision on the shown document; return the entry it replaces, None when it is the first."""
        before = self.shown
        if self._position is None:
            self._entries.append(entry)
            self._drop_oldest_text()
        else:
            self._entries[self._position] = entry
            self._position = None
        self._undo_steps.append(_UndoStep(entry.event_id, entry.key, before))
        return before

    @property
    def markable(self) -> HistoryEntry | None:
        """The entry that is shown again, else the latest one, its document loaded; None before the first."""
        index = len(self._entries) - 1 if self._position is None else self._position
        return self._loaded(index) if index >= 0 else None

    def replace(self, entry: HistoryEntry) -> None:
        """Replace the entry with the same key; undo brings the present one back."""
        index = self._index_of(entry.key)
        self._undo_steps.append(_UndoStep(entry.event_id, entry.key, self._entries[index]))
        self._entries[index] = entry

    def undoable(self) -> HistoryEntry | None:
        """Return the entry of the latest decision, its document loaded; None when there is nothing to undo."""
        if not self._undo_steps and not self._load_page():
            return None
        return self._loaded(self._index_of(self._undo_steps[-1].key))

    def undo(self) -> HistoryEntry | None:
        """Undo the decision of `undoable`; return the entry it had replaced, which is then shown, or None."""
        step = self._undo_steps.pop()
        index = self._index_of(step.key)
        if step.before is None:
            del self._entries[index]
            self._position = None
        else:
            self._entries[index] = step.before
            self._loaded(index)
            self._position = index
        return step.before

    def _load_page(self) -> int:
        """Load the page before the entries in memory; return its number of entries."""
        page = next((page for page in self._pages if page), ())
        self._entries[:0] = page
        self._undo_steps[:0] = [_UndoStep(entry.event_id, entry.key, None) for entry in page]
        if self._position is not None:
            self._position += len(page)
        return len(page)

    def _index_of(self, key: EntryKey) -> int:
        return next(i for i in reversed(range(len(self._entries))) if self._entries[i].key == key)

    def _loaded(self, index: int) -> HistoryEntry:
        entry = self._entries[index]
        if entry.document is None:
            assert self._load is not None, "entries without a document come with a way to load it"
            entry = self._entries[index] = replace(entry, document=self._load(entry.event_id))
        return entry

    def _drop_oldest_text(self) -> None:
        """Drop the oldest text in memory, which the ledger still has."""
        index = len(self._entries) - 1 - MAX_TEXTS
        if index >= 0 and self._load is not None:
            self._entries[index] = replace(self._entries[index], document=None)


PAGE = 500
"""Number of decisions loaded at a time."""


def past_decisions(
    decisions: PastDecisions,
    scheme: CategoryScheme,
    annotator: str,
    corpora: Sequence[str],
    looks: Sequence[int] = (1, 2),
) -> Iterator[Sequence[HistoryEntry]]:
    """Yield pages of an annotator's entries in these corpora, latest page first, oldest entry first in each.

    Documents whose category was split up since are left out: they are queued again.
    """
    count = 0
    while True:
        page = decisions.recent(annotator, count + PAGE)
        page = page[: len(page) - count]
        if not page:
            return
        count += len(page)
        wanted = (decision for decision in page if decision.corpus in corpora and decision.look in looks)
        yield [entry for decision in wanted if (entry := _entry(decision, scheme))]


def _entry(decision: Decision, scheme: CategoryScheme) -> HistoryEntry | None:
    today = None if decision.category is None else scheme.today(decision.category)
    if decision.category is not None and today is None:
        return None
    return HistoryEntry(
        decision.event_id,
        decision.document_id,
        decision.corpus,
        today,
        look=decision.look,
        reading_ms=decision.reading_ms,
        blind=decision.blind,
        unsure=decision.unsure,
    )
