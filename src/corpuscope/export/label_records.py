"""Record of one exported label, and the filter of labels to export."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import groupby, tee
from typing import TYPE_CHECKING, Any

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document
from corpuscope.domain.label import EventKind
from corpuscope.errors import UsageError, nearest
from corpuscope.text.safe_json import is_utf8

if TYPE_CHECKING:  # numpy; a shell loads the export formats to complete --format
    from corpuscope.ledger.read.decisions import Decision


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A label with what an export adds to it; `text` and `url` are None in an export without text."""

    decision: Decision
    """The label as the ledger has it."""
    category: str
    """Current name of the category."""
    final: str | None
    """Final category of the document after adjudication; None when it was not adjudicated."""
    uniform: str
    """What is and what is not uniform about the sample of this corpus."""
    url: str | None = None
    """Address the document was crawled from."""
    text: str | None = None
    """Exact text."""

    def values(self, columns: Iterable[str]) -> dict[str, Any]:
        """Return the values of `columns` by name."""
        return {name: getattr(self if name in _OWN else self.decision, name) for name in columns}


_OWN = frozenset(field.name for field in fields(LabelRecord))

ADDRESS_COLUMNS = (
    *("corpus", "category", "final", "annotator", "look", "at", "reading_ms", "blind", "note", "bookmarked"),
    *("dataset", "name", "split", "revision", "shard", "row", "draw", "probability", "characters", "tokens"),
    *("scheme", "event_id", "document_id", "uniform"),
)
"""Columns of an export without text, in order: attributes of a `LabelRecord` or of its decision."""

COLUMNS = (*ADDRESS_COLUMNS, "url", "text")
"""All columns in order."""

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

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns to write."""
        return COLUMNS if self.text else ADDRESS_COLUMNS


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
                f"no day is since {self.since:%Y-%m-%d} and until {self.before - _DAY:%Y-%m-%d}",
                "exchange the two dates",
            )

    def matches(self, decision: Decision, category: str) -> bool:
        """Tell whether a label passes; `category` is the current name of its category."""
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


def label_records(
    decisions: Iterable[Decision],
    scheme: CategoryScheme,
    uniform: Callable[[str], str],
    finals: Mapping[str, str],
    documents: Callable[[Iterable[str]], Iterator[Document]] | None = None,
    wanted: LabelFilter = NO_FILTER,
) -> Iterator[LabelRecord]:
    """Yield a record for each label that passes `wanted` and whose category exists today; skips are left out.

    `uniform` returns, by corpus key, what is uniform about its sample; `finals` are the final categories by
    document id. `documents` yields the documents of event ids in their order; None leaves out texts and urls.
    """
    labels = _labels(decisions, scheme, wanted)
    if documents is None:
        for category, decision in labels:
            yield _record(decision, category, finals, uniform(decision.corpus), None)
        return
    labels, copy = tee(labels)
    loaded = documents(decision.event_id for _, decision in copy)
    for (category, decision), document in zip(labels, loaded, strict=True):
        yield _record(decision, category, finals, uniform(decision.corpus), document)


def noting_surrogates(records: Iterable[LabelRecord], documents: set[str]) -> Iterator[LabelRecord]:
    """Yield records, and add the ids of documents to `documents` whose text, url or note UTF-8 cannot represent."""
    for record in records:
        texts = (record.text, record.url, record.decision.note)
        if not all(is_utf8(text) for text in texts if text):
            documents.add(record.decision.document_id)
        yield record


def by_document(records: Iterable[LabelRecord]) -> Iterator[list[LabelRecord]]:
    """Group records by document. They have to be in the order of an export, where those of one document adjoin."""
    for _, labels in groupby(records, lambda record: (record.decision.corpus, record.decision.document_id)):
        yield list(labels)


def _labels(
    decisions: Iterable[Decision], scheme: CategoryScheme, wanted: LabelFilter
) -> Iterator[tuple[str, Decision]]:
    """Yield the labels that pass the filter, each with the current name of its category."""
    for decision in decisions:
        if decision.kind is not EventKind.LABEL or decision.category is None:
            continue
        category = scheme.today(decision.category)
        if category is not None and wanted.matches(decision, category):
            yield category, decision


def _record(
    decision: Decision, category: str, finals: Mapping[str, str], uniform: str, document: Document | None
) -> LabelRecord:
    url = document.metadata.get("url") if document else None
    return LabelRecord(
        decision,
        category,
        finals.get(decision.document_id),
        uniform,
        None if url is None else str(url),
        document.text if document else None,
    )
