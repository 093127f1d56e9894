"""The use cases of one sitting: label, skip, undo, note, bookmark, go back, go on."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Document
from corpuscope.domain.label import EventKind
from corpuscope.session.author import Author, Recorder, Who
from corpuscope.session.history import History, Turn
from corpuscope.session.progress import Pace, Progress
from corpuscope.session.reading_timer import ReadingTimer


class Supply(Protocol):
    """Where documents come from."""

    def take(self) -> Document | None:
        """The next document if one is ready; never blocks."""
        ...


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
        category, `notes` and `bookmarks` what is remarked by document id; `earlier` and `load` are those of
        `History`.
        """
        self.who = who
        self.scheme = scheme
        self.timer = ReadingTimer(clock)
        self._author = Author(who, scheme, recorder, clock, ids)
        self._recorder = recorder
        self._supply = supply
        self._targets = dict(targets)
        self._history = History(earlier, load)
        self._notes = dict(notes or {})
        self._bookmarks = set(bookmarks)
        self._pending: Document | None = None
        self._returned: list[Document] = []
        self._pace = Pace()
        self._labels: Counter[str] = Counter()
        self._categories: Counter[str] = Counter()
        for corpus, categories in (labelled or {}).items():
            self._labels[corpus] = sum(categories.values())
            self._categories.update(categories)

    @property
    def shown(self) -> Shown | None:
        """The document on screen, None while none is ready."""
        turn = self._history.shown
        document = turn.document if turn else self._pending
        if document is None:
            return None
        return Shown(
            document,
            decided=turn is not None,
            category=turn.category if turn else None,
            note=self._notes.get(document.id, ""),
            bookmarked=document.id in self._bookmarks,
            back=self._history.distance,
        )

    @property
    def last(self) -> Turn | None:
        """The latest decision of this sitting or one that was gone back to, None before the first."""
        return self._history.last

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

    def painted(self) -> None:
        """The shown document can be read from now on."""
        if shown := self.shown:
            self.timer.start()
            self._recorder.prepare(shown.document)

    def assign(self, category: str) -> None:
        """Gives the shown document `category` and shows the next one. Does nothing while none is shown."""
        self._decide(EventKind.LABEL, category)

    def skip(self) -> None:
        """Passes over the shown document; the next one is then shown."""
        self._decide(EventKind.SKIP, None)

    def undo(self) -> bool:
        """Takes back the last decision and shows its document again. False when there is none left."""
        turn = self._history.undoable()
        if turn is None or turn.document is None:
            return False
        self._author.record(EventKind.UNDO, turn.document, target=turn.event_id)
        self._count(turn, -1)
        before = self._history.undo()
        if before is not None:
            self._count(before, +1)
            return True
        if self._pending is not None:
            self._returned.append(self._pending)
        self._pending = turn.document
        return True

    def back(self) -> bool:
        """Shows the document decided before the one on screen. False at the first."""
        return self._history.back()

    def forward(self) -> bool:
        """Shows the next later document, at last the one to label. False when that one is shown already."""
        return self._history.forward()

    def current(self) -> bool:
        """Returns to the document to label. False when it is shown already."""
        return self._history.return_to_present()

    def note(self, text: str) -> None:
        """Writes a note to the shown document; an empty one removes it."""
        if (shown := self.shown) and text != shown.note:
            self._author.record(EventKind.NOTE, shown.document, note=text)
            self._notes[shown.document.id] = text

    def bookmark(self) -> bool:
        """Bookmarks the shown document or takes the bookmark away. Whether it is bookmarked now."""
        shown = self.shown
        if shown is None:
            return False
        kind = EventKind.UNBOOKMARK if shown.bookmarked else EventKind.BOOKMARK
        self._author.record(kind, shown.document)
        self._bookmarks ^= {shown.document.id}
        return not shown.bookmarked

    def _decide(self, kind: EventKind, category: str | None) -> None:
        shown = self.shown
        if shown is None:
            return
        reading = self.timer.elapsed()
        event = self._author.record(kind, shown.document, category=category, reading_ms=reading)
        self.timer.stop()
        turn = Turn(event.id, shown.document.id, shown.document.corpus, category, shown.document)
        before = self._history.decide(turn)
        self._count(turn, +1)
        if before is not None:
            self._count(before, -1)
            return
        self._pending = None
        if kind is EventKind.LABEL:
            self._pace.add(reading)
        self.advance()

    def _count(self, turn: Turn, step: int) -> None:
        if turn.category is not None:
            self._labels[turn.corpus] += step
            self._categories[turn.category] += step
