"""Record of one exported label, and the filter of labels to export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from itertools import groupby, tee
from typing import TYPE_CHECKING, Any

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey, StoredDocument
from corpuscope.domain.label import EventKind
from corpuscope.errors import UsageError, nearest
from corpuscope.text.safe_json import is_utf8

if TYPE_CHECKING:  # numpy; a shell loads the export formats to complete --format
    from corpuscope.ledger.read.decisions import Decision

METADATA = "metadata"
"""Column of all of the row's other columns in one."""


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A label with what an export adds to it; `text` and `url` are None in an export without text.

    `text` is also None when damage took it.
    """

    decision: Decision
    """The label as the ledger has it."""
    category: str | None
    """Current name of the category; None for a skip."""
    final: str | None
    """Final category of the document after adjudication; None when it was not adjudicated."""
    uniform: str
    """What is and what is not uniform about the sample of this corpus."""
    url: str | None = None
    """Address the document was crawled from."""
    text: str | None = None
    """Exact text."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """The row's other columns that were asked for, by the name they have in the export."""

    def values(self, columns: Iterable[str]) -> dict[str, Any]:
        """Return the values of `columns` by name."""
        return {name: self._value(name) for name in columns}

    def _value(self, name: str) -> Any:  # noqa: ANN401 - whatever the column holds
        if name in _OWN:
            return getattr(self, name)
        return getattr(self.decision, name) if name in _OF_DECISION else self.extra.get(name)


ADDRESS_COLUMNS = (
    *(
        "corpus",
        "category",
        "final",
        "annotator",
        "look",
        "at",
        "reading_ms",
        "blind",
        "unsure",
        "note",
        "bookmarked",
    ),
    *("dataset", "name", "split", "revision", "shard", "row", "draw", "probability", "characters", "tokens"),
    *("scheme", "event_id", "document_id", "uniform"),
)
"""Columns of an export without text, in order: attributes of a `LabelRecord` or of its decision."""

COLUMNS = (*ADDRESS_COLUMNS, "url", "text")
"""All columns in order."""

_OWN = frozenset(COLUMNS) & {own.name for own in fields(LabelRecord)}
_OF_DECISION = frozenset(COLUMNS) - _OWN | {"kind"}


_TAKEN = frozenset((*COLUMNS, "kind", "address", METADATA))
"""Names in an export that other columns of the row cannot have."""


def extra_names(columns: Iterable[str]) -> dict[str, str]:
    """Return the names in an export of other columns of the row, by column: another one where theirs is taken."""
    wanted = dict.fromkeys(columns)
    names = {}
    for column in wanted:
        name = column
        while name in _TAKEN or (name != column and name in wanted):
            name = f"{METADATA}_{name}"
        names[column] = name
    return names


_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Settings that all records of an export share."""

    categories: tuple[str, ...]
    """Names of all categories in scheme order, used or not."""
    text: bool = False
    """Whether to include texts and urls."""
    spreadsheet: bool = False
    """Whether CSV is written for a spreadsheet, which would run cells that look like formulas."""

    skips: bool = False
    """Whether skips are among the labels, and a column says which is which."""
    extra: Mapping[str, type] = field(default_factory=dict)
    """The row's other columns to write, by their name in the export, with the type of their values."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns to write."""
        own = COLUMNS if self.text else ADDRESS_COLUMNS
        return (*(("kind",) if self.skips else ()), *own, *self.extra)


@dataclass(frozen=True, slots=True)
class LabelFilter:
    """Conditions that an exported label meets, all of them."""

    categories: tuple[str, ...] = ()
    """Current category names; empty for all."""
    bookmarked: bool = False
    """Whether to keep only bookmarked documents."""
    annotators: tuple[str, ...] = ()
    """Annotators; empty for all."""
    look: int | None = None
    """1 for first readings only, 2 for second readings only, None for both."""
    since: datetime | None = None
    """Earliest time of a label, in UTC; None for no limit."""
    before: datetime | None = None
    """Time that a label precedes, in UTC; None for no limit."""

    @property
    def description(self) -> str:
        """Words for the labels that are kept, "" when all are."""
        parts = [f"those of {' and '.join(self.categories)}"] if self.categories else []
        parts += [f"those given by {' and '.join(self.annotators)}"] if self.annotators else []
        parts += ["bookmarked ones"] if self.bookmarked else []
        parts += [f"those of look {self.look}"] if self.look is not None else []
        parts += [f"those given since {self.since:%Y-%m-%d}"] if self.since else []
        parts += [f"those given until {self.before - _DAY:%Y-%m-%d}"] if self.before else []
        return ", ".join(parts)

    def check(self, scheme: CategoryScheme, annotators: Collection[str]) -> None:
        """Raise UsageError for an unknown category or annotator, or for dates that exclude every label."""
        for name in self.categories:
            if name not in scheme.names:
                raise UsageError(f"there is no category {name!r}", nearest(name, scheme.names))
        for name in self.annotators:
            if name not in annotators:
                hint = nearest(name, annotators) if annotators else "nothing is labelled yet"
                raise UsageError(f"there are no labels of {name!r}", hint)
        if self.since and self.before and self.since >= self.before:
            raise UsageError(
                f"--since {self.since:%Y-%m-%d} is after --until {self.before - _DAY:%Y-%m-%d}",
                "exchange the two dates",
            )

    def matches(self, decision: Decision, category: str | None) -> bool:
        """Tell whether a label passes; `category` is the current name of its category, None for a skip."""
        return (
            (not self.categories or category in self.categories)
            and (not self.annotators or decision.annotator in self.annotators)
            and (not self.bookmarked or decision.bookmarked)
            and self.look in (None, decision.look)
            and (self.since is None or decision.at >= self.since)
            and (self.before is None or decision.at < self.before)
        )


NO_FILTER = LabelFilter()
"""Filter that keeps every label."""


@dataclass(slots=True)
class LeftOutCounts:
    """What a format that holds one label a document leaves out; counted while records are read."""

    labels: int = 0
    """Number of further labels of the documents that are written."""
    documents: int = 0
    """Number of documents with labels of second readings alone."""


def label_records(
    decisions: Iterable[Decision],
    scheme: CategoryScheme,
    uniform: Callable[[str], str],
    finals: Mapping[DocumentKey, str],
    documents: Callable[[Iterable[str]], Iterator[StoredDocument]] | None = None,
    wanted: LabelFilter = NO_FILTER,
    *,
    text: bool = True,
    columns: Collection[str] = (),
    metadata: bool = False,
    skips: bool = False,
) -> Iterator[LabelRecord]:
    """Yield a record for each label that passes `wanted` and whose category exists today, and with `skips` for skips.

    `uniform` returns, by corpus key, what is uniform about its sample; `finals` are the final categories of
    documents. `documents` yields the documents of event ids in their order; None leaves out texts, urls, the other
    `columns` of the row and, with `metadata`, all of them in one. Without `text` only these are taken from them.
    """
    extra = extra_names(columns)
    labels = _labels(decisions, scheme, wanted, skips=skips)
    if documents is None:
        for category, decision in labels:
            yield _record(decision, category, finals, uniform(decision.corpus), None, {})
        return
    labels, copy = tee(labels)
    loaded = documents(decision.event_id for _, decision in copy)
    for (category, decision), document in zip(labels, loaded, strict=True):
        row = document.metadata
        values: dict[str, Any] = {name: row.get(column) for column, name in extra.items()}
        if metadata:
            values[METADATA] = dict(row)
        yield _record(
            decision, category, finals, uniform(decision.corpus), document if text else None, values
        )


def extra_types(records: Iterable[LabelRecord], columns: Sequence[str]) -> dict[str, type]:
    """Return the type that holds every value of each of `columns`, by its name in the export.

    Raises UsageError for a column that no document has.
    """
    types: dict[str, set[type]] = {}
    present: set[str] = set()
    for record in records:
        present |= record.extra[METADATA].keys()
        for column in columns:
            value = record.extra[METADATA].get(column)
            if value is not None:
                types.setdefault(column, set()).add(type(value))
    for column in columns:
        if column not in present:
            hint = nearest(column, sorted(present)) if present else "their corpora have none beside the text"
            raise UsageError(f"no document has a column {column!r}", hint)
    return {name: _common_type(types.get(column, set())) for column, name in extra_names(columns).items()}


def _common_type(types: set[type]) -> type:
    if types == {int, float}:
        return float
    return types.pop() if len(types) == 1 else str


def one_a_document(
    records: Iterable[LabelRecord], wanted: LabelFilter, left_out: LeftOutCounts
) -> Iterator[LabelRecord]:
    """Yield one label of each document whose answer passes `wanted`, and count the others in `left_out`.

    The answer is that of the summary: the final category, else the one that most first readings gave, else the first
    of them. `records` hold every label of a document by the wanted annotators; second readings decide only where
    `wanted` asks for them. The label is one that gave the answer, or a first one where no reader did.
    """
    for labels in by_document(records):
        look = wanted.look or 1
        readings = sorted(
            (record for record in labels if record.decision.look == look),
            key=lambda record: record.decision.event_id,
        )
        if not readings:
            left_out.documents += any(wanted.matches(record.decision, record.category) for record in labels)
            continue
        votes = Counter(record.category for record in readings)
        answer = readings[0].final or votes.most_common(1)[0][0]
        given = [record for record in readings if record.category == answer] or readings
        passing = next((record for record in given if wanted.matches(record.decision, answer)), None)
        if passing is not None:
            left_out.labels += len(labels) - 1
            yield passing


def sharing_texts(records: Iterable[LabelRecord]) -> Iterator[LabelRecord]:
    """Yield records, with the text of another label of the same document where damage took theirs."""
    for labels in by_document(records):
        whole = next((record for record in labels if record.text is not None), None)
        for record in labels:
            if record.text is None and whole is not None:
                yield replace(record, text=whole.text, url=record.url or whole.url)
            else:
                yield record


def noting_lost_texts(
    records: Iterable[LabelRecord], lost: list[Decision], *, leave_out: bool = False
) -> Iterator[LabelRecord]:
    """Yield records, and add to `lost` the labels of documents whose text damage took.

    With `leave_out` labels without a text are not yielded.
    """
    for record in records:
        if record.text is None:
            lost.append(record.decision)
            if leave_out:
                continue
        yield record


def noting_surrogates(records: Iterable[LabelRecord], documents: set[str]) -> Iterator[LabelRecord]:
    """Yield records, and add to `documents` the ids of those with a text that UTF-8 cannot represent."""
    for record in records:
        texts = (record.text, record.url, record.decision.note, *record.extra.values())
        if not all(is_utf8(text) for text in texts if isinstance(text, str)):
            documents.add(record.decision.document_id)
        yield record


def by_document(records: Iterable[LabelRecord]) -> Iterator[list[LabelRecord]]:
    """Group records by document. They have to be in the order of an export, where those of one document adjoin."""
    for _, labels in groupby(records, lambda record: (record.decision.corpus, record.decision.document_id)):
        yield list(labels)


def _labels(
    decisions: Iterable[Decision], scheme: CategoryScheme, wanted: LabelFilter, *, skips: bool
) -> Iterator[tuple[str | None, Decision]]:
    """Yield the labels that pass the filter, each with the current name of its category; None is that of a skip."""
    for decision in decisions:
        if decision.kind is EventKind.SKIP:
            if skips and wanted.matches(decision, None):
                yield None, decision
            continue
        category = scheme.today(decision.category) if decision.category is not None else None
        if category is not None and wanted.matches(decision, category):
            yield category, decision


def _record(
    decision: Decision,
    category: str | None,
    finals: Mapping[DocumentKey, str],
    uniform: str,
    document: StoredDocument | None,
    extra: Mapping[str, Any],
) -> LabelRecord:
    url = document.metadata.get("url") if document else None
    return LabelRecord(
        decision,
        category,
        finals.get(decision.document_key),
        uniform,
        None if url is None else str(url),
        document.text if document else None,
        extra,
    )
