"""One exported label: what every format writes, in this order, and which of them are wanted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import tee

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document
from corpuscope.domain.label import EventKind
from corpuscope.errors import UsageError, nearest
from corpuscope.ledger.decisions import Decision


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A label with its document's address; `text` and `url` only where they were asked for."""

    corpus: str
    """Key of the corpus."""
    category: str
    """Its name today."""
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


@dataclass(frozen=True, slots=True)
class Shape:
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
class Filter:
    """Which labels are wanted."""

    categories: tuple[str, ...] = ()
    """Names of today; none means all."""
    bookmarked: bool = False
    """True for bookmarked documents only."""

    @property
    def words(self) -> str:
        """What is kept, "" when that is everything."""
        kept = [f"those of {' and '.join(self.categories)}"] if self.categories else []
        kept += ["bookmarked ones"] if self.bookmarked else []
        return ", ".join(kept)

    def check(self, scheme: CategoryScheme) -> None:
        """Raises UsageError for a category the scheme does not have."""
        for name in self.categories:
            if name not in scheme.names:
                raise UsageError(f"there is no category {name!r}", nearest(name, scheme.names))


EVERYTHING = Filter()
"""Leaves nothing out."""


def label_records(
    decisions: Iterable[Decision],
    scheme: CategoryScheme,
    uniform: Callable[[str], str],
    documents: Callable[[Iterable[str]], Iterator[Document]] | None = None,
    wanted: Filter = EVERYTHING,
) -> Iterator[LabelRecord]:
    """A record for each decision that is a label of a present category and is wanted; skips are left out.

    `uniform` says by corpus key what of it is uniform. `documents` reads the documents of events in their order;
    None leaves texts and urls out.
    """
    labels = _labels(decisions, scheme, wanted)
    if documents is None:
        for category, decision in labels:
            yield _record(decision, category, uniform(decision.corpus), None)
        return
    labels, again = tee(labels)
    found = documents(decision.event_id for _, decision in again)
    for (category, decision), document in zip(labels, found, strict=True):
        yield _record(decision, category, uniform(decision.corpus), document)


def _labels(
    decisions: Iterable[Decision], scheme: CategoryScheme, wanted: Filter
) -> Iterator[tuple[str, Decision]]:
    """The wanted labels, each with what its category is called today."""
    for decision in decisions:
        if decision.kind is not EventKind.LABEL or decision.category is None:
            continue
        category = scheme.today(decision.category)
        if category is None or (wanted.bookmarked and not decision.bookmarked):
            continue
        if not wanted.categories or category in wanted.categories:
            yield category, decision


def _record(decision: Decision, category: str, uniform: str, document: Document | None) -> LabelRecord:
    url = document.metadata.get("url") if document else None
    return LabelRecord(
        corpus=decision.corpus,
        category=category,
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
