"""The use cases of one sitting: label, skip, undo, note, bookmark, go back, go on."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Document
from corpuscope.domain.label import EventKind
from corpuscope.ledger.read.repeats import FirstLabel
from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder, EventSink
from corpuscope.session.fatigue import FatigueMonitor
from corpuscope.session.history import History, HistoryEntry
from corpuscope.session.notes import DisplayedDocument, NotesAndBookmarks, QueuedDocument
from corpuscope.session.progress import Pace, Progress, ReadingTimer
from corpuscope.session.repeats import SecondLooks


class DocumentSupplier(Protocol):
    """Where documents come from."""

    def take(self) -> Document | None:
        """The next document if one is ready; never blocks."""
        ...

    def peek(self) -> Document | None:
        """What `take` would bring now; never blocks."""
        ...

    @property
    def stuck(self) -> bool:
        """Whether nothing will come for now."""
        ...


class Session:
    """One sitting. Not thread-safe: one thread calls it, documents arrive through the supply.

    Every method that decides or writes raises LedgerError when the event could not be made durable; then
    nothing has changed and the same key may be pressed again.
    """

    def __init__(
        self,
        context: AnnotatorContext,
        scheme: CategoryScheme,
        sink: EventSink,
        supplier: DocumentSupplier,
        clock: Clock,
        ids: EventIds,
        *,
        targets: Mapping[str, int],
        labelled: Mapping[str, Mapping[str, int]] | None = None,
        earlier: Iterable[Sequence[HistoryEntry]] = (),
        notes: Mapping[str, str] | None = None,
        bookmarks: Iterable[str] = (),
        load: Callable[[str], Document] | None = None,
        second_looks: SecondLooks | None = None,
        first_labels: Mapping[str, str] | None = None,
    ) -> None:
        """Prepares a sitting; `advance` shows its first document.

        `targets` are the labels planned by corpus, `labelled` the labels of earlier sittings by corpus and
        category, `notes` and `bookmarks` what is remarked by document id; `earlier` and `load` are those of
        `History`. `again` mixes in second looks, `first_labels` are the first ones by document id.
        """
        self.context = context
        self.scheme = scheme
        self.timer = ReadingTimer(clock)
        self._recorder = EventRecorder(context, scheme, sink, clock, ids)
        self._sink = sink
        self._supplier = supplier
        self._targets = dict(targets)
        self._history = History(earlier, load)
        self._notes = NotesAndBookmarks(self._recorder, notes or {}, bookmarks)
        self._second_looks = second_looks
        self._first_labels = dict(first_labels or {})
        self._pending: QueuedDocument | None = None
        self._returned: list[QueuedDocument] = []
        self._pace = Pace()
        self._fatigue = FatigueMonitor()
        self._labels: Counter[str] = Counter()
        self._categories: Counter[str] = Counter()
        for corpus, categories in (labelled or {}).items():
            self._labels[corpus] = sum(categories.values())
            self._categories.update(categories)

    @property
    def shown(self) -> DisplayedDocument | None:
        """The document on screen, None while none is ready."""
        turn, pending = self._history.shown, self._pending
        document = turn.document if turn else pending.document if pending else None
        if document is None:
            return None
        second = pending if turn is None and pending is not None and pending.look > 1 else None
        note, bookmarked = self._notes.on(document.id, second)
        return DisplayedDocument(
            document,
            decided=turn is not None,
            category=turn.category if turn else None,
            note=note,
            bookmarked=bookmarked,
            back=self._history.distance,
        )

    @property
    def last(self) -> HistoryEntry | None:
        """The latest decision of this sitting or one that was gone back to, None before the first."""
        return self._history.last

    @property
    def progress(self) -> Progress:
        """Numbers for the header."""
        counts = [self._labels[corpus] for corpus in self._targets]
        # second looks make no share narrower
        smallest = min(counts, default=0) if self.context.look == 1 else 0
        return Progress(sum(counts), sum(self._targets.values()), smallest, self._pace.seconds)

    @property
    def advice(self) -> str:
        """A suggestion to pause, in a few words; "" for none."""
        return self._fatigue.text

    def first_label(self, turn: HistoryEntry) -> str | None:
        """What the first look said that a second one repeats; None where that is not known any more."""
        return self._first_labels.get(turn.document_id)

    @property
    def category_counts(self) -> Mapping[str, int]:
        """Labels per category name over the corpora of this sitting."""
        return self._categories

    @property
    def upcoming(self) -> Document | None:
        """The document shown after the next decision, as far as it is known: it may be prepared meanwhile."""
        if self._history.shown is not None:
            return self._pending.document if self._pending else None
        if self._returned:
            return self._returned[-1].document
        if self._second_looks and self._second_looks.due():
            return self._second_looks.peek()
        return self._supplier.peek()

    def advance(self) -> bool:
        """Takes the next document when none is waiting to be labelled. True when one arrived."""
        if self._pending is not None:
            return False
        self._pending = self._returned.pop() if self._returned else self._take()
        return self._pending is not None

    def painted(self) -> None:
        """The shown document can be read from now on."""
        if shown := self.shown:
            self._fatigue.evaluate(self.timer.unbroken)
            self.timer.start()
            self._sink.prepare(shown.document)

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
        self._recorder.record(EventKind.UNDO, turn.document, target=turn.event_id)
        self._count(turn, -1)
        self._fatigue.take_back(turn.event_id)
        before = self._history.undo()
        if before is not None:
            self._count(before, +1)
            self._update_first_label(before)
            return True
        if self._pending is not None:
            self._returned.append(self._pending)
        self._pending = self._to_label(turn.document, turn.look)
        self._update_first_label(replace(turn, category=None))
        return True

    def back(self) -> bool:
        """Shows the document decided before the one on screen. False at the first."""
        return self._seen(moved=self._history.back(self._hidden))

    def forward(self) -> bool:
        """Shows the next later document, at last the one to label. False when that one is shown already."""
        return self._seen(moved=self._history.forward(self._hidden))

    def current(self) -> bool:
        """Returns to the document to label. False when it is shown already."""
        return self._history.return_to_present()

    def note(self, text: str) -> None:
        """Writes a note to the shown document; an empty one removes it."""
        if (shown := self.shown) is not None and text != shown.note:
            self._pending = self._notes.note(shown, self._pending, text)

    def bookmark(self) -> bool:
        """Bookmarks the shown document or takes the bookmark away. Whether it is bookmarked now."""
        shown = self.shown
        if shown is None:
            return False
        self._pending = self._notes.bookmark(shown, self._pending)
        return not shown.bookmarked

    def _decide(self, kind: EventKind, category: str | None) -> None:
        shown = self.shown
        if shown is None:
            return
        turn = self._history.shown
        look = turn.look if turn else self._pending.look if self._pending else self.context.look
        reading = self.timer.elapsed()
        event = self._recorder.record(kind, shown.document, category=category, reading_ms=reading, look=look)
        self.timer.stop()
        turn = HistoryEntry(
            event.id, shown.document.id, shown.document.corpus, category, shown.document, look
        )
        before = self._history.add(turn)
        self._count(turn, +1)
        if before is not None:
            self._count(before, -1)
            self._update_first_label(turn)
            return
        self._pending = None
        self._update_first_label(turn)
        if category is not None:
            self._pace.add(reading)
            self._fatigue.add(event.id, reading, category)
        self.advance()

    def _take(self) -> QueuedDocument | None:
        """The next document: a second look when one is due, else one of the supply."""
        if self._second_looks is None or not self._second_looks.due():
            document = self._supplier.take()
            if document is not None:
                if self._second_looks is not None:
                    self._second_looks.handed_out()
                return self._to_label(document, self.context.look)
        if self._second_looks is None:
            return None
        # while the supply is stuck, second looks may come sooner
        document = self._second_looks.take(stuck=self._supplier.stuck)
        return self._to_label(document, 2) if document is not None else None

    def _to_label(self, document: Document, look: int) -> QueuedDocument:
        return QueuedDocument(
            document, look, bookmarked_before=look > 1 and self._notes.is_bookmarked(document.id)
        )

    def _update_first_label(self, turn: HistoryEntry) -> None:
        """Takes note of what a first look said, for the second one."""
        if turn.look != 1:
            return
        if turn.category is None:
            self._first_labels.pop(turn.document_id, None)
        else:
            self._first_labels[turn.document_id] = turn.category
        if self._second_looks is None or turn.document is None:
            return
        if turn.category is None:
            self._second_looks.unlabelled(turn.document_id)
        else:
            first = FirstLabel(turn.event_id, turn.document_id, turn.corpus, turn.document.draw, self._place)
            self._second_looks.labelled(first, turn.document)

    @property
    def _hidden(self) -> str | None:
        """The document whose first look is not to be seen before the key of its second one."""
        return self._pending.document.id if self._pending and self._pending.look > 1 else None

    def _seen(self, *, moved: bool) -> bool:
        """Gone back to, a document was seen with its label: a second look has to wait anew."""
        if moved and self._second_looks is not None and (turn := self._history.shown) and turn.look == 1:
            self._second_looks.seen(turn.document_id, self._place)
        return moved

    @property
    def _place(self) -> int:
        """The place of the latest document but the one to label."""
        return (self._second_looks.place if self._second_looks else 0) - 1 - (self._pending is not None)

    def _count(self, turn: HistoryEntry, step: int) -> None:
        if turn.category is not None and turn.look == self.context.look:
            self._labels[turn.corpus] += step
            self._categories[turn.category] += step
