"""Labels of a file, checked, and applied to a plan: what it would have drawn becomes events, the rest is refused."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import derived_id
from corpuscope.domain.document import Address, Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.errors import UsageError, nearest
from corpuscope.export.import_files import ANSWERED, Fields, Kind, fields_in
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.sampling.plan import Plan, PlannedCorpus

_FLAGS = {"": False, "false": False, "0": False, "true": True, "1": True}

_NEEDED = ("corpus", "dataset", "split", "revision", "shard")


@dataclass(frozen=True, slots=True)
class ImportedLabel:
    """One label of a file."""

    corpus: str
    """Key of the corpus."""
    address: Address
    """Which document."""
    draw: int
    """Draw of the sampling plan."""
    category: str
    """Name of the category."""
    annotator: str
    """Who; "" when the file does not say."""
    look: int
    """1 for the first reading, 2 for a blind second one."""
    at: datetime | None
    """When; None when the file does not say."""
    reading_ms: int | None
    """Milliseconds of reading."""
    blind: bool
    """True when the origin was hidden."""
    note: str
    """The annotator's note, "" for none."""
    bookmarked: bool
    """Whether it is bookmarked."""
    scheme: str
    """Hash of the category scheme then, "" when the file does not say."""
    event_id: str
    """The event that decided, "" when the file does not say."""
    answered: bool
    """True for what a person answered in another tool."""


def labels_in(path: Path, kind: Kind) -> Iterator[ImportedLabel]:
    """The labels of a file, in its order. Raises UsageError naming the file, the label and what is wrong with it."""
    for number, fields in enumerate(fields_in(path, kind), 1):
        try:
            yield _imported_label(fields)
        except (ValueError, TypeError) as fault:
            raise UsageError(f"{path}, label {number:,}: {fault}", "nothing was imported") from None


def _imported_label(fields: Fields) -> ImportedLabel:
    """Raises ValueError naming the field at fault."""
    if missing := [name for name in (*_NEEDED, "category", "row", "draw") if fields.get(name) in (None, "")]:
        raise ValueError(f"{missing[0]} is missing; {nearest(missing[0], [str(name) for name in fields])}")
    named = {name: str(fields[name]) for name in _NEEDED}
    return ImportedLabel(
        corpus=named["corpus"],
        address=Address(
            named["dataset"],
            _text(fields, "name") or None,
            named["split"],
            named["revision"],
            named["shard"],
            _number(fields, "row"),
        ),
        draw=_number(fields, "draw"),
        category=str(fields["category"]),
        annotator=_text(fields, "annotator"),
        look=_number(fields, "look", 1),
        at=_time(fields.get("at")),
        reading_ms=_number(fields, "reading_ms") if fields.get("reading_ms") not in (None, "") else None,
        blind=_flag(fields, "blind"),
        note=_text(fields, "note"),
        bookmarked=_flag(fields, "bookmarked"),
        scheme=_text(fields, "scheme"),
        event_id=_text(fields, "event_id"),
        answered=bool(fields.get(ANSWERED)),
    )


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value)


def _number(fields: Fields, name: str, default: int | None = None) -> int:
    value = fields.get(name)
    if value in (None, "") and default is not None:
        return default
    try:
        number = int(str(value))
    except ValueError:
        raise ValueError(f"{name} is {value!r}, which is no whole number") from None
    if not 0 <= number < 1 << 63:
        raise ValueError(f"{name} is {number}, which cannot be")
    return number


def _flag(fields: Fields, name: str) -> bool:
    value = fields.get(name)
    flag = _FLAGS.get(str(value if value is not None else "").lower())
    if flag is None:
        raise ValueError(f"{name} is {value!r}, which is neither true nor false")
    return flag


def _time(value: object) -> datetime | None:
    match value:
        case None | "":
            return None
        case datetime():
            moment = value
        case int() | float():
            moment = datetime.fromtimestamp(value, UTC)
        case _:
            moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Draw = Callable[[PlannedCorpus, int], Document | None]
"""The document the plan gives a draw of a corpus, None when it has none; may fetch it."""

Load = Callable[[str], Document]
"""The document of an event of the ledger."""


@dataclass
class ImportCounts:
    """What became of the labels of a file, as far as they were gone through."""

    new: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Labels that came, by annotator and corpus."""
    duplicates: int = 0
    """Labels that were here already."""
    refused: Counter[str] = field(default_factory=Counter)
    """Labels that did not come, by the reason."""


class LabelImporter:
    """Makes events of labels. `documents` are fetched only where the ledger does not hold them."""

    def __init__(
        self,
        plan: Plan,
        scheme: CategoryScheme,
        decisions: Decisions,
        known: Collection[str],
        *,
        session: str,
        answerer: str,
        answered_at: datetime,
        draw: Draw,
        load: Load,
    ) -> None:
        """`known` are the ids of all events that are here.

        `answerer` is who gave the labels that name nobody, and `answered_at` when those were given that name
        no time.
        """
        self.counts = ImportCounts()
        self._plan = plan
        self._scheme = scheme
        self._known = known
        self._session = session
        self._answerer = answerer
        self._answered_at = answered_at
        self._draw = draw
        self._load = load
        self._here: defaultdict[str, list[Decision]] = defaultdict(list)
        for decision in decisions.by_draw():
            self._here[decision.document_id].append(decision)

    def events(self, label: ImportedLabel) -> Iterator[Event]:
        """The events of one label: the label itself where it is new, its note and its bookmark where they are.

        Raises what fetching its document raises.
        """
        annotator = label.annotator or self._answerer
        here = self._here.get(label.address.id, ())
        before = next((d for d in here if (d.annotator, d.look) == (annotator, label.look)), None)
        if self._is_known(label, before, here):
            self.counts.duplicates += 1
            return
        if reason := self._refusal(label):
            self.counts.refused[reason] += 1
            return
        document = self._document(label)
        if document is None:
            self.counts.refused[f"{label.corpus}: the plan draws other documents"] += 1
            return
        event = self._event(label, annotator, document)
        if event.id in self._known:
            self.counts.duplicates += 1
            return
        self.counts.new[annotator, label.corpus] += 1
        yield event
        yield from self._remarks(label, event, before)

    def _is_known(self, label: ImportedLabel, before: Decision | None, here: Sequence[Decision]) -> bool:
        """Whether the label is here: its event, unless somebody changed its category in the file, or what it says."""
        same = [
            d for d in here if d.category is not None and self._scheme.today(d.category) == label.category
        ]
        if any(d.event_id == label.event_id for d in same):
            return True
        if label.answered:
            return before in same
        return label.event_id in self._known and all(d.event_id != label.event_id for d in here)

    def _refusal(self, label: ImportedLabel) -> str:
        planned = self._plan.corpora.get(label.corpus)
        if planned is None:
            return f"{label.corpus} is not in plan.json"
        if self._scheme.today(label.category) is None:
            return f"there is no category {label.category!r}"
        corpus, address = planned.corpus, label.address
        asked = {
            "path": (corpus.path, address.dataset),
            "name": (corpus.name, address.name),
            "split": (corpus.split, address.split),
            "revision": (planned.revision, address.revision),
        }
        for name, (ours, theirs) in asked.items():
            if ours != theirs:
                return f"{label.corpus}: plan.json says {name} is {ours or 'not set'}, the file {theirs or 'not set'}"
        return ""

    def _document(self, label: ImportedLabel) -> Document | None:
        if here := self._here.get(label.address.id):
            return self._load(here[0].event_id)
        drawn = self._draw(self._plan.corpora[label.corpus], label.draw)
        return drawn if drawn is not None and drawn.id == label.address.id else None

    def _event(self, label: ImportedLabel, annotator: str, document: Document) -> Event:
        changed = not label.answered and label.event_id in self._known
        at = self._answered_at if changed or label.at is None else label.at
        own = label.event_id and not label.answered and not changed
        words = (label.address.id, annotator, str(label.look), label.category)
        return Event(
            id=label.event_id if own else derived_id(at, "label", *words),
            session=self._session,
            annotator=annotator,
            at=at,
            kind=EventKind.LABEL,
            document=document,
            category=label.category,
            scheme=label.scheme,
            reading_ms=label.reading_ms,
            blind=label.blind,
            look=label.look,
        )

    def _remarks(self, label: ImportedLabel, given: Event, before: Decision | None) -> Iterator[Event]:
        """Its note and its bookmark as events of their own, unless they are here."""
        changes: list[tuple[EventKind, str | None]] = []
        if label.note and label.note != (before.note if before else None):
            changes.append((EventKind.NOTE, label.note))
        if label.bookmarked and not (before and before.bookmarked):
            changes.append((EventKind.BOOKMARK, None))
        for kind, note in changes:
            yield Event(
                id=derived_id(given.at, kind, given.id, note or ""),
                session=self._session,
                annotator=given.annotator,
                at=given.at,
                kind=kind,
                document=given.document,
                scheme=label.scheme,
                note=note,
                look=label.look,
            )
