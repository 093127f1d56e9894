"""The use cases of one sitting: label, skip, undo, note, bookmark, go back, go on."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.session.progress import Pace, Progress
from corpuscope.session.reading_timer import ReadingTimer

TEXTS_KEPT = 50
"""How many decided documents stay in memory for going back at once."""


class Recorder(Protocol):
    """Where events are kept."""

    def append(self, event: Event) -> None:
        """Returns when the event is durable; raises LedgerError when it is not."""
        ...


class Supply(Protocol):
    """Where documents come from."""

    def take(self) -> Document | None:
        """The next document if one is ready; never blocks."""
        ...


@dataclass(frozen=True, slots=True)
class Who:
    """What is the same for every event of a sitting."""

    session: str
    """Id of the sitting."""
    annotator: str
    """Who reads."""
    blind: bool = False
    """True when corpus, url and scores stay hidden until the key."""
    look: int = 1
    """1 for first readings, 2 for blind second ones."""


@dataclass(frozen=True, slots=True)
class Turn:
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
    """The document itself; None for one of an earlier sitting until it is looked at."""


@dataclass(frozen=True, slots=True)
class Shown:
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


@dataclass(frozen=True, slots=True)
class _Act:
    """A decision that can be undone."""

    event_id: str
    document_id: str
    before: Turn | None


class Session:
    """One sitting. Not thread-safe: one thread calls it, documents arrive through the supply.

    Every method that decides or writes raises LedgerError when the event could not be made durable; then
    nothing has changed and the same key may be pressed again.
    """

    def __init__(
        self,
        who: Who,
        scheme: CategoryScheme,
        recorder: Recorder,
        supply: Supply,
        clock: Clock,
        ids: EventIds,
        *,
        targets: Mapping[str, int],
        labelled: Mapping[str, Mapping[str, int]] | None = None,
        earlier: Iterable[Sequence[Turn]] = (),
        notes: Mapping[str, str] | None = None,
        bookmarks: Iterable[str] = (),
        load: Callable[[str], Document] | None = None,
    ) -> None:
        """Prepares a sitting; `advance` shows its first document.

        `targets` are the labels planned by corpus, `labelled` the labels of earlier sittings by corpus and
        category, `earlier` the pages of their decisions, latest page first and oldest decision first in each,
        `notes` and `bookmarks` what is remarked by document id; `load` reads the document of an event.
        """
        self.who = who
        self.scheme = scheme
        self.timer = ReadingTimer(clock)
        self._recorder = recorder
        self._supply = supply
        self._clock = clock
        self._ids = ids
        self._targets = dict(targets)
        self._earlier = iter(earlier)
        self._turns: list[Turn] = []
        self._acts: list[_Act] = []
        self._notes = dict(notes or {})
        self._bookmarks = set(bookmarks)
        self._load = load
        self._pending: Document | None = None
        self._returned: list[Document] = []
        self._cursor: int | None = None
        self._pace = Pace()
        self._labels: Counter[str] = Counter()
        self._categories: Counter[str] = Counter()
        for corpus, categories in (labelled or {}).items():
            self._labels[corpus] = sum(categories.values())
            self._categories.update(categories)

    @property
    def shown(self) -> Shown | None:
        """The document on screen, None while none is ready."""
        turn = None if self._cursor is None else self._turns[self._cursor]
        document = self._pending if turn is None else turn.document
        if document is None:
            return None
        return Shown(
            document,
            decided=turn is not None,
            category=turn.category if turn else None,
            note=self._notes.get(document.id, ""),
            bookmarked=document.id in self._bookmarks,
            back=len(self._turns) - self._cursor if self._cursor is not None else 0,
        )

    @property
    def last(self) -> Turn | None:
        """The latest decision of this sitting or one that was gone back to, None before the first."""
        return self._turns[-1] if self._turns else None

    @property
    def progress(self) -> Progress:
        """Numbers for the header."""
        counts = [self._labels[corpus] for corpus in self._targets]
        return Progress(sum(counts), sum(self._targets.values()), min(counts, default=0), self._pace.seconds)

    @property
    def shares(self) -> Mapping[str, int]:
        """Labels per category name over the corpora of this sitting."""
        return self._categories

    def advance(self) -> bool:
        """Takes the next document when none is waiting to be labelled. True when one arrived."""
        if self._pending is not None:
            return False
        self._pending = self._returned.pop() if self._returned else self._supply.take()
        return self._pending is not None

    def assign(self, category: str) -> None:
        """Gives the shown document `category` and shows the next one. Does nothing while none is shown."""
        self._decide(EventKind.LABEL, category)

    def skip(self) -> None:
        """Passes over the shown document; the next one is then shown."""
        self._decide(EventKind.SKIP, None)

    def undo(self) -> bool:
        """Takes back the last decision and shows its document again. False when there is none left."""
        if not self._acts and not self._turn_a_page():
            return False
        act = self._acts[-1]
        index = self._index_of(act.document_id)
        document = self._document_at(index)
        self._record(EventKind.UNDO, document, target=act.event_id)
        self._acts.pop()
        turn = self._turns[index]
        self._count(turn, -1)
        if act.before is not None:
            self._turns[index] = act.before
            self._count(act.before, +1)
            self._cursor = index
            return True
        del self._turns[index]
        if self._pending is not None:
            self._returned.append(self._pending)
        self._pending, self._cursor = document, None
        return True

    def back(self) -> bool:
        """Shows the document decided before the one on screen. False at the first."""
        target = (len(self._turns) if self._cursor is None else self._cursor) - 1
        if target < 0:
            target += self._turn_a_page()
        if target < 0:
            return False
        self._document_at(target)
        self._cursor = target
        return True

    def forward(self) -> bool:
        """Shows the next later document, at last the one to label. False when that one is shown already."""
        if self._cursor is None:
            return False
        target = self._cursor + 1
        if target < len(self._turns):
            self._document_at(target)
        self._cursor = target if target < len(self._turns) else None
        return True

    def current(self) -> bool:
        """Returns to the document to label. False when it is shown already."""
        moved = self._cursor is not None
        self._cursor = None
        return moved

    def note(self, text: str) -> None:
        """Writes a note to the shown document; an empty one removes it."""
        if (shown := self.shown) and text != shown.note:
            self._record(EventKind.NOTE, shown.document, note=text)
            self._notes[shown.document.id] = text

    def bookmark(self) -> bool:
        """Bookmarks the shown document or takes the bookmark away. Whether it is bookmarked now."""
        shown = self.shown
        if shown is None:
            return False
        kind = EventKind.UNBOOKMARK if shown.bookmarked else EventKind.BOOKMARK
        self._record(kind, shown.document)
        self._bookmarks ^= {shown.document.id}
        return not shown.bookmarked

    def _decide(self, kind: EventKind, category: str | None) -> None:
        shown = self.shown
        if shown is None:
            return
        reading = self.timer.elapsed()
        event = self._record(kind, shown.document, category=category, reading_ms=reading)
        self.timer.stop()
        turn = Turn(event.id, shown.document.id, shown.document.corpus, category, shown.document)
        before = None
        if self._cursor is None:
            self._turns.append(turn)
            self._pending = None
            self._forget_old_text()
        else:
            before = self._turns[self._cursor]
            self._count(before, -1)
            self._turns[self._cursor] = turn
            self._cursor = None
        self._count(turn, +1)
        self._acts.append(_Act(event.id, turn.document_id, before))
        if kind is EventKind.LABEL and before is None:
            self._pace.add(reading)
        self.advance()

    def _record(
        self,
        kind: EventKind,
        document: Document,
        *,
        category: str | None = None,
        target: str | None = None,
        note: str | None = None,
        reading_ms: int | None = None,
    ) -> Event:
        event = Event(
            id=self._ids.next(),
            session=self.who.session,
            annotator=self.who.annotator,
            at=self._clock.now(),
            kind=kind,
            document=document,
            category=category,
            scheme=self.scheme.hash,
            target=target,
            note=note,
            reading_ms=reading_ms,
            blind=self.who.blind,
            look=self.who.look,
        )
        self._recorder.append(event)
        return event

    def _count(self, turn: Turn, step: int) -> None:
        if turn.category is not None:
            self._labels[turn.corpus] += step
            self._categories[turn.category] += step

    def _turn_a_page(self) -> int:
        """Brings the decisions before the ones known so far; how many there were."""
        page = next((page for page in self._earlier if page), ())
        self._turns[:0] = page
        self._acts[:0] = [_Act(turn.event_id, turn.document_id, None) for turn in page]
        if self._cursor is not None:
            self._cursor += len(page)
        return len(page)

    def _forget_old_text(self) -> None:
        """Keeps the texts of the latest turns only: the ledger has them all, and memory stays flat."""
        index = len(self._turns) - 1 - TEXTS_KEPT
        if index >= 0 and self._load is not None:
            self._turns[index] = replace(self._turns[index], document=None)

    def _index_of(self, document_id: str) -> int:
        return next(i for i in reversed(range(len(self._turns))) if self._turns[i].document_id == document_id)

    def _document_at(self, index: int) -> Document:
        """The document of a turn, read from the ledger when it belongs to an earlier sitting."""
        turn = self._turns[index]
        if turn.document is None:
            assert self._load is not None, "earlier turns come with a way to load their documents"
            turn = replace(turn, document=self._load(turn.event_id))
            self._turns[index] = turn
        assert turn.document is not None
        return turn.document
