"""Turn imported labels that the plan draws into events, and refuse the others by reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import get_close_matches

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import derived_id
from corpuscope.domain.corpus import is_content, is_sample
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.export.import_files import LeftOut
from corpuscope.export.import_values import time_of_id
from corpuscope.export.imported_labels import ImportedLabel
from corpuscope.ledger.event_record import to_record
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.ledger.validation import record_fault
from corpuscope.sampling.plan import Plan, PlannedCorpus

_SAME_TIME = timedelta(minutes=1)
"""Difference between a time and what a spreadsheet shows of it, which may end with the minutes."""

_NEXT = timedelta(milliseconds=1)
"""Least difference between the times of two events whose ids are to tell which was later."""

Draw = Callable[[PlannedCorpus, int], Document | None]
"""Function that returns the document at a draw of a corpus, None beyond its end. It may fetch it."""

Load = Callable[[str], Document | None]
"""Function that returns the document of an event in the ledger, by event id; None when damage took its text."""


@dataclass
class ImportCounts:
    """Running counts of what happened to the labels of a file."""

    new: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Number of new labels by annotator and corpus key."""
    duplicates: int = 0
    """Number of labels that the ledger already has, or that stand in the file once more."""
    notes: int = 0
    """Number of new notes and bookmarks on labels that the ledger already has."""
    differing: Counter[str] = field(default_factory=Counter)
    """Number of labels that the ledger already has with another value, which stays, by what differs."""
    refused: Counter[str] = field(default_factory=Counter)
    """Number of refused labels by reason."""
    unanswered: Counter[str] = field(default_factory=Counter)
    """Number of entries that nobody answered, by reason."""
    first: dict[str, str] = field(default_factory=dict)
    """The first entry of the file with each reason, where the file names its entries."""


class LabelImporter:
    """Turn imported labels into events. Documents are fetched only when the ledger does not hold them."""

    def __init__(
        self,
        plan: Plan,
        scheme: CategoryScheme,
        decisions: Decisions,
        *,
        session: str,
        answerer: str,
        answered_at: datetime,
        draw: Draw,
        load: Load,
    ) -> None:
        """Import into the ledger that `decisions` were read from.

        Labels without an annotator are those of `answerer`, labels without a time were given at `answered_at`.
        `session` is the session id of the new events.
        """
        self.counts = ImportCounts()
        self._plan = plan
        self._scheme = scheme
        self._event_documents = decisions.event_documents()
        self._event_categories = decisions.event_categories()
        self._session = session
        self._answerer = answerer
        self._answered_at = answered_at
        self._draw = draw
        self._load = load
        self._new: dict[str, tuple[str, str, int, str]] = {}  # what each new event says, by its id
        # category by corpus, document, annotator, look and time, which no two labels share
        self._timed: dict[tuple[str, str, str, int, datetime], str] = {}
        self._by_document: defaultdict[str, list[Decision]] = defaultdict(list)
        for decision in decisions.by_draw():
            self._by_document[decision.document_id].append(decision)

    def leave_out(self, entry: LeftOut) -> None:
        """Count an entry of the file that gives no label."""
        counter = self.counts.refused if entry.refused else self.counts.unanswered
        counter[entry.reason] += 1
        self.counts.first.setdefault(entry.reason, entry.entry)

    def events(self, label: ImportedLabel) -> Iterator[Event]:
        """Yield the new events of one label: the label, its note, its bookmark; count it in `counts`.

        Raises what fetching its document raises.
        """
        if self._scheme.today(label.category) is None and (same := self._scheme.numbered(label.category)):
            # other programs write the numbers of a scale as 3.0
            label = replace(label, category=same.name)
        annotator = label.annotator or self._answerer
        decisions = self._by_document.get(label.address.id, ())
        # two corpora may read the same rows, each in columns of its own
        own = [decision for decision in decisions if decision.corpus == label.corpus]
        earlier = next((d for d in own if (d.annotator, d.look) == (annotator, label.look)), None)
        if reason := self._contradiction(label, decisions):
            self.counts.refused[reason] += 1
            return
        if self._is_duplicate(label, earlier, own):
            self.counts.duplicates += 1
            by_time = None if label.event_id else earlier
            if present := next((d for d in own if d.event_id == label.event_id), by_time):
                yield from self._further_notes(label, present)
            return
        if reason := self._refusal(label):
            self.counts.refused[reason] += 1
            return
        document = self._document(label, own)
        if document is None:
            self.counts.refused[f"{label.corpus}: the plan draws other documents"] += 1
            return
        event = self._event(label, annotator, document, earlier)
        if reason := record_fault(to_record(event)):
            self.counts.refused[reason] += 1
            return
        says = (document.id, annotator, label.look, label.category)
        if event.id in self._event_documents or self._new.get(event.id) == says:
            self.counts.duplicates += 1
            return
        if event.id in self._new:
            self.counts.refused["another label before it in the file has the same event_id"] += 1
            return
        moment = (label.corpus, document.id, annotator, label.look, event.at)
        if event.id != label.event_id and self._timed.setdefault(moment, label.category) != label.category:
            self.counts.refused[
                "another category for the same document, annotator, look and time comes before it in the file"
            ] += 1
            return
        self._new[event.id] = says
        self.counts.new[annotator, label.corpus] += 1
        yield event
        yield from self._note_events(label, event, earlier)

    def _further_notes(self, label: ImportedLabel, present: Decision) -> Iterator[Event]:
        """Yield the note and the bookmark that a label in the ledger lacks; count what differs otherwise.

        Whether a file or the ledger has the later note is not known, so the one in the ledger stays.
        """
        if label.note and present.note and label.note != present.note:
            self.counts.differing["with another note in the file"] += 1
            label = replace(label, note="")
        if label.unsure and not present.unsure:
            self.counts.differing["that the file marks as unsure"] += 1
        if (not label.note or present.note) and (not label.bookmarked or present.bookmarked):
            return
        document = self._load(present.event_id)
        if document is None:
            self.counts.refused[f"{label.corpus}: damage took the text that the note is about"] += 1
            return
        base = Event(
            id=present.event_id,
            session=self._session,
            annotator=present.annotator,
            at=self._answered_at,
            kind=EventKind.LABEL,
            document=document,
        )
        for event in self._note_events(label, base, present):
            if event.id not in self._event_documents and event.id not in self._new:
                self._new[event.id] = (present.document_id, present.annotator, present.look, "")
                self.counts.notes += 1
                yield event

    def _contradiction(self, label: ImportedLabel, decisions: Sequence[Decision]) -> str:
        """Return why a label cannot be the one in the ledger whose event it names, "" when it can.

        An edited address must not pass for a label that is already here.
        """
        if label.answered or label.event_id not in self._event_documents:
            return ""
        if self._event_documents[label.event_id] != label.address.id:
            return f"{label.corpus}: the address is not that of the label with this event_id in the folder"
        same = next((decision for decision in decisions if decision.event_id == label.event_id), None)
        if same and (same.corpus, same.draw) != (label.corpus, label.draw):
            return f"{label.corpus}: corpus or draw is not that of the label with this event_id in the folder"
        if same and label.annotator and (same.annotator, same.look) != (label.annotator, label.look):
            return "annotator or look is not that of the label with this event_id in the folder"
        return ""

    def _is_duplicate(
        self, label: ImportedLabel, earlier: Decision | None, decisions: Sequence[Decision]
    ) -> bool:
        """Tell whether the ledger has this label: by its event with the same category, or by what it says.

        `earlier` is the decision of the same annotator and look, `decisions` are all on the document in the corpus. A
        label whose category was edited in the file is no duplicate.
        """
        today = self._scheme.today(label.category) or label.category  # the file may be older than the name
        same = [d for d in decisions if d.category is not None and self._scheme.today(d.category) == today]
        if any(d.event_id == label.event_id for d in same):
            return True
        if label.answered or not label.event_id:
            return earlier in same
        if any(d.event_id == label.event_id for d in decisions):
            return False
        then = self._event_categories.get(label.event_id)  # of an event that another one has replaced
        return then is not None and (
            earlier in same or label.category == then or self._scheme.today(then) == today
        )

    def _refusal(self, label: ImportedLabel) -> str:
        """Return why the plan or the scheme does not allow a label, "" when they do."""
        planned = self._plan.corpora.get(label.corpus)
        if planned is None:
            return f"{label.corpus} is not in plan.json"
        if self._scheme.today(label.category) is None:
            return f"there is no category {label.category!r}{self._similar(label.category)}"
        corpus, address = planned.corpus, label.address
        fields = {
            "path": (corpus.path, address.dataset),
            "name": (corpus.name, address.name),
            "split": (corpus.split, address.split),
            "revision": (planned.revision, address.revision),
        }
        if is_sample(planned.revision):  # its documents have the address of the corpus they are from
            return ""
        if is_content(planned.revision):  # then the place of the files may be another
            del fields["path"]
        for name, (ours, theirs) in fields.items():
            if ours != theirs:
                return f"{label.corpus}: plan.json says {name} is {ours or 'not set'}, the file {theirs or 'not set'}"
        return ""

    def _similar(self, name: str) -> str:
        """Return the category that a name differs from by case, blanks or a letter; "" for none."""
        names = {category.name.casefold(): category.name for category in self._scheme.categories}
        close = get_close_matches(name.strip().casefold(), names, n=1, cutoff=0.8)
        return f"; did you mean {names[close[0]]}?" if close else ""

    def _document(self, label: ImportedLabel, decisions: Sequence[Decision]) -> Document | None:
        """Return the document of a label, from the ledger or from its draw; None when the plan draws another."""
        if decisions and (document := self._load(decisions[0].event_id)):
            return document
        drawn = self._draw(self._plan.corpora[label.corpus], label.draw)
        return drawn if drawn is not None and drawn.id == label.address.id else None

    def _event(
        self, label: ImportedLabel, annotator: str, document: Document, earlier: Decision | None
    ) -> Event:
        edited = label.event_id in self._event_documents or (
            # without its event_id a label is known by its time
            not label.event_id and earlier and label.at and abs(earlier.at - label.at) < _SAME_TIME
        )
        changed = not label.answered and edited
        at = self._answered_at if changed or label.at is None else label.at
        former = label.event_id or (earlier.event_id if earlier else "")
        if changed and (given := time_of_id(former)):
            at = max(at, given + _NEXT)  # the clock by which the file was saved may be another
        keeps_id = label.event_id and not label.answered and not changed
        identity = (label.address.id, annotator, str(label.look), label.category)
        return Event(
            id=label.event_id if keeps_id else derived_id(at, "label", *identity),
            session=self._session,
            annotator=annotator,
            at=at,
            kind=EventKind.LABEL,
            document=document,
            category=label.category,
            scheme=label.scheme,
            reading_ms=label.reading_ms,
            blind=label.blind,
            unsure=label.unsure,
            look=label.look,
        )

    def _note_events(self, label: ImportedLabel, event: Event, earlier: Decision | None) -> Iterator[Event]:
        """Yield the note and the bookmark of a label as events, unless `earlier` already has them."""
        changes: list[tuple[EventKind, str | None]] = []
        if label.note and label.note != (earlier.note if earlier else None):
            changes.append((EventKind.NOTE, label.note))
        if label.bookmarked and not (earlier and earlier.bookmarked):
            changes.append((EventKind.BOOKMARK, None))
        for kind, note in changes:
            yield Event(
                id=derived_id(event.at, kind, event.id, note or ""),
                session=self._session,
                annotator=event.annotator,
                at=event.at,
                kind=kind,
                document=event.document,
                scheme=label.scheme,
                note=note,
                look=label.look,
            )
