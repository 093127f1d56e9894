"""What was decided so far, in this sitting and earlier ones: where a reader goes back to, what can be undone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document
from corpuscope.ledger.read.decisions import Decision, Decisions

MAX_TEXTS = 50
"""How many decided documents stay in memory for going back at once."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A document that has been decided."""

    event_id: str
    """The event that decided it."""
    document_id: str
    """Which document."""
    corpus: str
    """Key of its corpus."""
    category: str | None
    """Name of its category today, None when it was skipped."""
    document: Document | None = None
    """The document itself; None for one of long ago until it is looked at."""
    look: int = 1
    """1 for a first reading, 2 for a blind second one."""

    @property
    def key(self) -> tuple[str, int]:
        """Which document, and which look at it."""
        return self.document_id, self.look


@dataclass(frozen=True, slots=True)
class _UndoStep:
    """A decision that can be undone."""

    event_id: str
    key: tuple[str, int]
    before: HistoryEntry | None
    """The decision it replaced, None when it was the document's first."""


class History:
    """Turns in the order their documents were first decided, and a place among them.

    Only the latest turns are in memory with their texts; `load` brings back the document of an event, `pages`
    the turns of earlier sittings, latest page first and oldest turn first in each.
    """

    def __init__(
        self, pages: Iterable[Sequence[HistoryEntry]], load: Callable[[str], Document] | None
    ) -> None:
        self._pages = iter(pages)
        self._load = load
        self._turns: list[HistoryEntry] = []
        self._acts: list[_UndoStep] = []
        self._place: int | None = None

    @property
    def shown(self) -> HistoryEntry | None:
        """The turn that was gone back to, its document loaded; None at the document to label."""
        return None if self._place is None else self._turns[self._place]

    @property
    def distance(self) -> int:
        """How many documents before the one to label the reader is; 0 for that one."""
        return 0 if self._place is None else len(self._turns) - self._place

    @property
    def last(self) -> HistoryEntry | None:
        """The latest turn known, None before the first."""
        return self._turns[-1] if self._turns else None

    def back(self, hidden: str | None = None) -> bool:
        """Goes to the turn before, past those of the document `hidden`. False at the first."""
        target = len(self._turns) if self._place is None else self._place
        while True:
            target -= 1
            if target < 0:
                target += self._turn_a_page()
            if target < 0:
                return False
            if self._turns[target].document_id != hidden:
                break
        self._loaded(target)
        self._place = target
        return True

    def forward(self, hidden: str | None = None) -> bool:
        """Goes to the next turn, past those of the document `hidden`, at last to the document to label.

        False when that one is shown already.
        """
        if self._place is None:
            return False
        target = self._place + 1
        while target < len(self._turns) and self._turns[target].document_id == hidden:
            target += 1
        if target == len(self._turns):
            self._place = None
        else:
            self._loaded(target)
            self._place = target
        return True

    def return_to_present(self) -> bool:
        """Goes to the document to label. False when it is shown already."""
        moved, self._place = self._place is not None, None
        return moved

    def decide(self, turn: HistoryEntry) -> HistoryEntry | None:
        """Takes in a decision on the shown document; the one it replaces, None when it is the first."""
        before = self.shown
        if self._place is None:
            self._turns.append(turn)
            self._forget_an_old_text()
        else:
            self._turns[self._place] = turn
            self._place = None
        self._acts.append(_UndoStep(turn.event_id, turn.key, before))
        return before

    def undoable(self) -> HistoryEntry | None:
        """The turn whose decision is the latest, its document loaded; None when there is nothing to undo."""
        if not self._acts and not self._turn_a_page():
            return None
        return self._loaded(self._index_of(self._acts[-1].key))

    def undo(self) -> HistoryEntry | None:
        """Takes back the decision of `undoable`; the one it had replaced, which is then shown, if any."""
        act = self._acts.pop()
        index = self._index_of(act.key)
        if act.before is None:
            del self._turns[index]
            self._place = None
        else:
            self._turns[index] = act.before
            self._loaded(index)
            self._place = index
        return act.before

    def _turn_a_page(self) -> int:
        """Brings the turns before the ones known so far; how many there were."""
        page = next((page for page in self._pages if page), ())
        self._turns[:0] = page
        self._acts[:0] = [_UndoStep(turn.event_id, turn.key, None) for turn in page]
        if self._place is not None:
            self._place += len(page)
        return len(page)

    def _index_of(self, key: tuple[str, int]) -> int:
        return next(i for i in reversed(range(len(self._turns))) if self._turns[i].key == key)

    def _loaded(self, index: int) -> HistoryEntry:
        turn = self._turns[index]
        if turn.document is None:
            assert self._load is not None, "turns without a document come with a way to load it"
            turn = self._turns[index] = replace(turn, document=self._load(turn.event_id))
        return turn

    def _forget_an_old_text(self) -> None:
        """The ledger has every text, and memory stays flat."""
        index = len(self._turns) - 1 - MAX_TEXTS
        if index >= 0 and self._load is not None:
            self._turns[index] = replace(self._turns[index], document=None)


PAGE = 500
"""Decisions fetched at a time when a reader goes far back."""


def past_decisions(
    decisions: Decisions,
    scheme: CategoryScheme,
    annotator: str,
    corpora: Sequence[str],
    looks: Sequence[int] = (1, 2),
) -> Iterator[Sequence[HistoryEntry]]:
    """Pages of an annotator's turns in these corpora, the latest page first, oldest turn first in each.

    Documents whose category was split up since are left out: they are queued again.
    """
    seen = 0
    while True:
        page = decisions.recent(annotator, seen + PAGE)
        page = page[: len(page) - seen]
        if not page:
            return
        seen += len(page)
        wanted = (each for each in page if each.corpus in corpora and each.look in looks)
        yield [turn for each in wanted if (turn := _turn(each, scheme))]


def _turn(decision: Decision, scheme: CategoryScheme) -> HistoryEntry | None:
    today = None if decision.category is None else scheme.today(decision.category)
    if decision.category is not None and today is None:
        return None
    return HistoryEntry(decision.event_id, decision.document_id, decision.corpus, today, look=decision.look)
