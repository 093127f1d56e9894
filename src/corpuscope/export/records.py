"""One exported label: what every format writes, in this order."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document
from corpuscope.domain.label import EventKind
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


def label_records(
    decisions: Iterable[Decision],
    scheme: CategoryScheme,
    uniform: Callable[[str], str],
    document: Callable[[str], Document] | None = None,
) -> Iterator[LabelRecord]:
    """A record for each decision that is a label of a present category; skips are left out.

    `uniform` says by corpus key what of it is uniform. `document` reads the document of an event; None leaves
    texts and urls out.
    """
    for decision in decisions:
        if decision.kind is not EventKind.LABEL or decision.category is None:
            continue
        category = scheme.today(decision.category)
        if category is None:
            continue
        found = document(decision.event_id) if document else None
        url = found.metadata.get("url") if found else None
        yield LabelRecord(
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
            uniform=uniform(decision.corpus),
            url=None if url is None else str(url),
            text=found.text if found else None,
        )
