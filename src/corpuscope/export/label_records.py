"""One exported label: what every format writes, in this order, and which of them are wanted."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import groupby, tee

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document
from corpuscope.domain.label import EventKind
from corpuscope.errors import UsageError, nearest
from corpuscope.ledger.read.decisions import Decision


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A label with its document's address; `text` and `url` only where they were asked for."""

    corpus: str
    """Key of the corpus."""
    category: str
    """Its name today."""
    final: str | None
    """What was settled on for the document in `corpuscope adjudicate`; None where nobody did."""
    annotator: str
    """Who."""
    look: int
    """1 for the first reading, 2 for a blind second one."""
    at: datetime
    """When, UTC."""
    reading_ms: int | None
    """Milliseconds of reading."""
    blind: bool
    """True when the origin was hidden."""
    note: str | None
    """The annotator's note."""
    bookmarked: bool
    """Whether it is bookmarked."""
    dataset: str
    """Hub repository or local dataset."""
    name: str | None
    """Config."""
    split: str
    """Split."""
    revision: str
    """Commit, or digest of local files."""
    shard: str
    """File inside the dataset."""
    row: int
    """Row inside the file, from 0."""
    draw: int
    """Draw of the sampling plan, from 0."""
    probability: float
    """Probability of one draw, relative within the corpus."""
    characters: int
    """Code points of the text."""
    tokens: int | None
    """The corpus's own token count."""
    scheme: str
    """Hash of the category scheme at the time."""
    event_id: str
    """Event that decided."""
    document_id: str
    """Identity of the document."""
    uniform: str
    """What is and what is not uniform about the sample of this corpus."""
    url: str | None = None
    """Where the document was crawled; only with text."""
    text: str | None = None
    """The exact text; only with text."""


COLUMNS = tuple(field.name for field in fields(LabelRecord))
"""Names in order, text and url last."""

ADDRESS_COLUMNS = COLUMNS[:-2]
"""The columns of an export without text."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What every record of an export has in common."""

    categories: tuple[str, ...]
    """Names of all categories, in scheme order, whether or not a label has them."""
    text: bool = False
    """Whether texts and urls are in it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields of a record that are written."""
        return COLUMNS if self.text else ADDRESS_COLUMNS


@dataclass(frozen=True, slots=True)
class LabelFilter:
    """Which labels are wanted."""

    categories: tuple[str, ...] = ()
    """Names of today; none means all."""
    bookmarked: bool = False
    """True for bookmarked documents only."""
    annotators: tuple[str, ...] = ()
    """Whose labels; none means everybody's."""
    look: int | None = None
    """Only first readings (1) or second ones (2); None means all."""
    since: datetime | None = None
    """Given on this day, UTC, or later; its first moment. None for no limit."""
    before: datetime | None = None
    """Given before this day, UTC; its first moment. None for no limit."""

    @property
    def description(self) -> str:
        """What is kept, "" when that is everything."""
        kept = [f"those of {' and '.join(self.categories)}"] if self.categories else []
        kept += [f"those given by {' and '.join(self.annotators)}"] if self.annotators else []
        kept += ["bookmarked ones"] if self.bookmarked else []
        kept += [f"those of look {self.look}"] if self.look is not None else []
        kept += [f"those given since {self.since:%Y-%m-%d}"] if self.since else []
        kept += [f"those given until {self.before - _DAY:%Y-%m-%d}"] if self.before else []
        return ", ".join(kept)

    def check(self, scheme: CategoryScheme, annotators: Collection[str]) -> None:
        """Raises UsageError for a category the scheme does not have, or somebody who is none of `annotators`."""
        for name in self.categories:
            if name not in scheme.names:
                raise UsageError(f"there is no category {name!r}", nearest(name, scheme.names))
        for name in self.annotators:
            if name not in annotators:
                known = nearest(name, annotators) if annotators else "nothing is labelled yet"
                raise UsageError(f"there are no labels of {name!r}", known)
        if self.since and self.before and self.since >= self.before:
            raise UsageError(
                f"no day is since {self.since:%Y-%m-%d} and until {self.before - _DAY:%Y-%m-%d}",
                "exchange the two dates",
            )

    def matches(self, decision: Decision, category: str) -> bool:
        """Whether a label, whose category has this name today, is wanted."""
        return (
            (not self.categories or category in self.categories)
            and (not self.annotators or decision.annotator in self.annotators)
            and (not self.bookmarked or decision.bookmarked)
            and self.look in (None, decision.look)
            and (self.since is None or decision.at >= self.since)
            and (self.before is None or decision.at < self.before)
        )


NO_FILTER = LabelFilter()
"""Leaves nothing out."""


def label_records(
    decisions: Iterable[Decision],
    scheme: CategoryScheme,
    uniform: Callable[[str], str],
    finals: Mapping[str, str],
    documents: Callable[[Iterable[str]], Iterator[Document]] | None = None,
    wanted: LabelFilter = NO_FILTER,
) -> Iterator[LabelRecord]:
    """A record for each decision that is a label of a present category and is wanted; skips are left out.

    `uniform` says by corpus key what of it is uniform, `finals` the final category by document id. `documents`
    reads the documents of events in their order; None leaves texts and urls out.
    """
    labels = _labels(decisions, scheme, wanted)
    if documents is None:
        for category, decision in labels:
            yield _record(decision, category, finals, uniform(decision.corpus), None)
        return
    labels, again = tee(labels)
    found = documents(decision.event_id for _, decision in again)
    for (category, decision), document in zip(labels, found, strict=True):
        yield _record(decision, category, finals, uniform(decision.corpus), document)


def by_document(records: Iterable[LabelRecord]) -> Iterator[list[LabelRecord]]:
    """The labels of each document; they are neighbours in the order of an export."""
    for _, labels in groupby(records, lambda record: (record.corpus, record.document_id)):
        yield list(labels)


def _labels(
    decisions: Iterable[Decision], scheme: CategoryScheme, wanted: LabelFilter
) -> Iterator[tuple[str, Decision]]:
    """The wanted labels, each with what its category is called today."""
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
        corpus=decision.corpus,
        category=category,
        final=finals.get(decision.document_id),
        annotator=decision.annotator,
        look=decision.look,
        at=decision.at,
        reading_ms=decision.reading_ms,
        blind=decision.blind,
        note=decision.note,
        bookmarked=decision.bookmarked,
        dataset=decision.dataset,
        name=decision.name,
        split=decision.split,
        revision=decision.revision,
        shard=decision.shard,
        row=decision.row,
        draw=decision.draw,
        probability=decision.probability,
        characters=decision.characters,
        tokens=decision.tokens,
        scheme=decision.scheme,
        event_id=decision.event_id,
        document_id=decision.document_id,
        uniform=uniform,
        url=None if url is None else str(url),
        text=document.text if document else None,
    )
