"""The actions of a labelling session: label, skip, undo, note, bookmark, go back and forward."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Document, DocumentKey
from corpuscope.domain.label import EventKind
from corpuscope.ledger.read.records import FirstLabel
from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder, EventSink
from corpuscope.session.fatigue import FatigueMonitor
from corpuscope.session.history import History, HistoryEntry
from corpuscope.session.notes import DisplayedDocument, NotesAndBookmarks, QueuedDocument
from corpuscope.session.pace import Pace
from corpuscope.session.progress import Progress, ReadingTimer
from corpuscope.session.repeats import SecondLooks
from corpuscope.stats.finite import labelled_population, widest_half_width
from corpuscope.stats.planning import FEW


class DocumentSupplier(Protocol):
    """The source of the documents to label."""

    def take(self) -> Document | None:
        """Return the next document if one is ready. Non-blocking."""
        ...

    def refill(self) -> None:
        """Fetch documents in place of those that were taken. Non-blocking."""
        ...

    def peek(self) -> Document | None:
        """Return the document that `take` would return now. Non-blocking."""
        ...

    @property
    def stuck(self) -> bool:
        """Whether no document will arrive for now."""
        ...


class Session:
    """One labelling session of one annotator. Not thread-safe.

    Every method that records an event raises LedgerError when the event is not durable. Then nothing has
    changed, and the action may be repeated.
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
        skipped: Mapping[str, int] | None = None,
        sizes: Callable[[str], int | None] = lambda _: None,
        earlier: Iterable[Sequence[HistoryEntry]] = (),
        notes: Mapping[DocumentKey, str] | None = None,
        bookmarks: Iterable[DocumentKey] = (),
        load: Callable[[str], Document] | None = None,
        second_looks: SecondLooks | None = None,
        first_labels: Mapping[DocumentKey, str] | None = None,
    ) -> None:
        """Create a session; `advance` shows its first document.

        `targets` are the numbers of labels planned, by corpus. `labelled` are the numbers of labels of
        earlier sessions, by corpus and category, and `skipped` those of their skips, by corpus.
        `sizes(corpus)` is the number of documents of a corpus, None while not known. `earlier` and `load` are
        the arguments of `History`. `notes` are by document, `bookmarks` are documents. `second_looks` mixes in
        repeats; `first_labels` are the categories of first looks, by document.
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
        self.undone: HistoryEntry | None = None
        """The decision that the last action undid; None after any other decision."""
        self._pace = Pace()
        self._fatigue = FatigueMonitor()
        self._size_of = sizes
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for corpus, categories in (labelled or {}).items():
            self._counts[corpus].update(categories)
        self._skips = Counter(skipped or {})

    @property
    def shown(self) -> DisplayedDocument | None:
        """The document on screen; None while none is ready."""
        entry, pending = self._history.shown, self._pending
        document = entry.document if entry else pending.document if pending else None
        if document is None:
            return None
        second = pending if entry is None and pending is not None and pending.look > 1 else None
        note, bookmarked = self._notes.on(document, second)
        return DisplayedDocument(
            document,
            decided=entry is not None,
            category=entry.category if entry else None,
            unsure=entry.unsure if entry else False,
            note=note,
            bookmarked=bookmarked,
            back=self._history.distance,
        )

    @property
    def last(self) -> HistoryEntry | None:
        """The latest entry of the history in memory; None before the first."""
        return self._history.last

    @property
    def labelled(self) -> int:
        """Number of labels so far in the corpora of the session, skips excluded."""
        return sum(self._counts[corpus].total() for corpus in self._targets)

    @property
    def number(self) -> int:
        """Number of the document on screen: one more than the labels given before it."""
        since = self._history.since_shown
        return self.labelled + 1 - sum(self._is_counted(entry) and bool(entry.category) for entry in since)

    @property
    def target(self) -> int:
        """Number of labels planned in the corpora of the session, at most one for each document."""
        return sum(min(target, self._size_of(key) or target) for key, target in self._targets.items())

    def recent(self, count: int) -> list[HistoryEntry]:
        """Return the latest decisions in memory, the last one first; none that could anchor a blind answer."""
        blind = self.context.blind or self.context.look > 1
        return [] if blind else self._history.latest(count)

    @property
    def progress(self) -> Progress:
        """The progress of the session, for the header."""
        return Progress(self.labelled, self.target, self._widest, self._pace.seconds)

    @property
    def _widest(self) -> float | None:
        """Half-width of the widest interval in points; None below 20 labels of a corpus, and for second looks."""
        counts = [self._counts[corpus] for corpus in self._targets]
        # second looks make no share narrower
        if self.context.look > 1 or min((count.total() for count in counts), default=0) < FEW:
            return None
        return 100 * max(
            widest_half_width(
                (*count.values(), 0),
                labelled_population(self._size_of(corpus), count.total(), self._skips[corpus]),
            )
            for corpus, count in zip(self._targets, counts, strict=True)
        )

    @property
    def advice(self) -> str:
        """A suggestion to take a break; "" for none."""
        return self._fatigue.text

    def first_label(self, entry: HistoryEntry) -> str | None:
        """Return the category of the first look at a document; None without one."""
        return self._first_labels.get(entry.document_key)

    @property
    def category_counts(self) -> Mapping[str, int]:
        """Number of labels by category name, over the corpora of the session."""
        return sum(self._counts.values(), Counter())

    @property
    def upcoming(self) -> Document | None:
        """The document shown after the next decision, None while unknown; it may be prepared early."""
        if self._history.shown is not None:
            return self._pending.document if self._pending else None
        if self._returned:
            return self._returned[-1].document
        if self._second_looks and self._second_looks.due():
            return self._second_looks.peek()
        return self._supplier.peek()

    def advance(self) -> bool:
        """Take the next document unless one is waiting to be labelled. Return True when one arrived."""
        if self._pending is not None:
            return False
        self._pending = self._returned.pop() if self._returned else self._take()
        return self._pending is not None

    def painted(self) -> None:
        """Start the reading time: the document on screen was painted."""
        if shown := self.shown:
            self._fatigue.evaluate(self.timer.unbroken)
            self.timer.start()
            self._sink.prepare(shown.document)
            self._supplier.refill()

    def assign(self, category: str) -> None:
        """Label the document on screen and show the next one. Does nothing without a document."""
        self._decide(EventKind.LABEL, category)

    def skip(self) -> None:
        """Skip the document on screen and show the next one. Does nothing without a document."""
        self._decide(EventKind.SKIP, None)

    def undo(self) -> bool:
        """Undo the last decision and show its document again. Return False when there is none."""
        entry = self._history.undoable()
        if entry is None or entry.document is None:
            return False
        self._recorder.record(EventKind.UNDO, entry.document, target=entry.event_id)
        self._count(entry, -1)
        self._fatigue.take_back(entry.event_id)
        self.undone = entry
        before = self._history.undo()
        if before is not None:
            self._count(before, +1)
            self._update_first_label(before)
            return True
        if self._pending is not None:
            self._returned.append(self._pending)
        self._pending = replace(self._to_label(entry.document, entry.look), disclosed=True)
        self._update_first_label(replace(entry, category=None))
        return True

    def back(self) -> bool:
        """Show the document decided before the one on screen. Return False at the first."""
        return self._seen(moved=self._history.back(self._hidden))

    def forward(self) -> bool:
        """Show the document after the one on screen, finally the one to label. Return False at that one."""
        return self._seen(moved=self._history.forward(self._hidden))

    def current(self) -> bool:
        """Return to the document to label. Return False when it is shown already."""
        return self._seen(moved=self._history.return_to_present())

    def mark_unsure(self) -> bool:
        """Mark the label on screen, or else the one given last, as unsure, or as sure again. False without a label.

        The label is recorded once more with the mark; nothing else of it changes.
        """
        entry = self._history.markable
        if entry is None or entry.category is None or entry.document is None:
            return False
        event = self._recorder.record(
            EventKind.LABEL,
            entry.document,
            category=entry.category,
            reading_ms=entry.reading_ms,
            look=entry.look,
            blind=entry.blind,
            unsure=not entry.unsure,
        )
        marked = replace(entry, event_id=event.id, unsure=event.unsure)
        self._history.replace(marked)
        self._update_first_label(marked)
        self.undone = None
        return True

    def note(self, text: str) -> None:
        """Write a note on the document on screen; an empty `text` removes it."""
        if (shown := self.shown) is not None and text != shown.note:
            self._pending = self._notes.note(shown, self._pending, text)

    def bookmark(self) -> bool:
        """Set or remove the bookmark of the document on screen. Return whether it is bookmarked now."""
        shown = self.shown
        if shown is None:
            return False
        self._pending = self._notes.bookmark(shown, self._pending)
        return not shown.bookmarked

    def _decide(self, kind: EventKind, category: str | None) -> None:
        shown = self.shown
        if shown is None:
            return
        reviewed = self._history.shown
        look = reviewed.look if reviewed else self._pending.look if self._pending else self.context.look
        reading_ms = self.timer.elapsed()
        # a step back or an undo shows what a first answer is blind to
        disclosed = reviewed is not None or (self._pending is not None and self._pending.disclosed)
        event = self._recorder.record(
            kind, shown.document, category=category, reading_ms=reading_ms, look=look, disclosed=disclosed
        )
        self.timer.stop()
        self.undone = None
        entry = HistoryEntry(
            event.id,
            shown.document.id,
            shown.document.corpus,
            category,
            shown.document,
            look,
            reading_ms,
            event.blind,
        )
        before = self._history.add(entry)
        self._count(entry, +1)
        if before is not None:
            self._count(before, -1)
            self._update_first_label(entry)
            return
        self._pending = None
        self._update_first_label(entry)
        if category is not None:
            self._pace.add(reading_ms)
            self._fatigue.add(event.id, reading_ms, category)
        self.advance()

    def _take(self) -> QueuedDocument | None:
        """Take the next document: a second look when one is due, otherwise one of the supplier."""
        if self._second_looks is None or not self._second_looks.due():
            document = self._supplier.take()
            if document is not None:
                if self._second_looks is not None:
                    self._second_looks.handed_out()
                return self._to_label(document, self.context.look)
        if self._second_looks is None:
            return None
        # while the supplier is stuck, second looks may come sooner
        document = self._second_looks.take(stuck=self._supplier.stuck)
        return self._to_label(document, 2) if document is not None else None

    def _to_label(self, document: Document, look: int) -> QueuedDocument:
        return QueuedDocument(
            document, look, bookmarked_before=look > 1 and self._notes.is_bookmarked(document)
        )

    def _update_first_label(self, entry: HistoryEntry) -> None:
        """Store the category of a first look, and schedule or cancel its second look."""
        if entry.look != 1:
            return
        if entry.category is None:
            self._first_labels.pop(entry.document_key, None)
        else:
            self._first_labels[entry.document_key] = entry.category
        if self._second_looks is None or entry.document is None:
            return
        if entry.category is None:
            self._second_looks.unlabelled(entry.document_key)
        else:
            first = FirstLabel(
                entry.event_id, entry.document_id, entry.corpus, entry.document.draw, self._place
            )
            self._second_looks.labelled(first, entry.document)

    @property
    def _hidden(self) -> DocumentKey | None:
        """The document whose first look stays hidden until its second look is decided, or None."""
        return self._pending.document.key if self._pending and self._pending.look > 1 else None

    def _seen(self, *, moved: bool) -> bool:
        """Postpone the second look at a document that was just shown with its first label; return `moved`."""
        if moved:
            self.undone = None
        if moved and self._second_looks is not None and (entry := self._history.shown) and entry.look == 1:
            self._second_looks.seen(entry.document_key, self._place)
        return moved

    @property
    def _place(self) -> int:
        """The place of the latest document handed out before the one to label."""
        return (self._second_looks.place if self._second_looks else 0) - 1 - (self._pending is not None)

    def _is_counted(self, entry: HistoryEntry) -> bool:
        """Whether a decision is one of those that the session counts: a session of first looks counts no repeats."""
        return entry.look == self.context.look

    def _count(self, entry: HistoryEntry, step: int) -> None:
        if not self._is_counted(entry):
            return
        if entry.category is None:
            self._skips[entry.corpus] += step
        else:
            self._counts[entry.corpus][entry.category] += step
