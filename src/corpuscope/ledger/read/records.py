"""Values read from a ledger: decisions, notes, repeats, final decisions, label columns, and the query for them."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from corpuscope.domain.document import Address, DocumentKey
from corpuscope.domain.label import EventKind

if TYPE_CHECKING:  # the first document of a new study is shown without it
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Decision:
    """The latest label or skip that counts for a document, an annotator and a look."""

    event_id: str
    """Id of the deciding event, by which the document can be read."""
    document_id: str
    """Id of the document."""
    corpus: str
    """Key of the corpus."""
    draw: int
    """Draw of the sampling plan that selected the document."""
    annotator: str
    """Name of the annotator."""
    look: int
    """1 for the first look, 2 for a blind second one."""
    kind: EventKind
    """LABEL or SKIP."""
    category: str | None
    """Name of the category at the time; None for a skip."""
    scheme: str
    """Hash of the category scheme in force at the time."""
    at: datetime
    """Time of the decision, UTC."""
    reading_ms: int | None
    """Milliseconds of reading; None when the document was not read for this decision."""
    blind: bool
    """True when corpus, url and scores were hidden."""
    unsure: bool
    """True when the annotator was not sure of the label."""
    note: str | None
    """The annotator's note on the document, None for none."""
    bookmarked: bool
    """Whether the annotator bookmarked the document."""
    dataset: str
    """Repository on the Hub, or local dataset."""
    name: str | None
    """Config of the dataset, None for the default."""
    split: str
    """Split of the dataset."""
    revision: str
    """Commit, or digest of local files."""
    shard: str
    """File inside the dataset."""
    row: int
    """Row inside the file, from 0."""
    probability: float
    """Probability that one draw lands on the document, relative within its corpus."""
    tokens: int | None
    """The corpus's own token count, None when it has none."""
    characters: int
    """Code points of the text."""
    words: int | None
    """Words of the text; None when the label was made before words were counted."""

    @property
    def address(self) -> Address:
        """Address of the document."""
        return Address(self.dataset, self.name, self.split, self.revision, self.shard, self.row)

    @property
    def document_key(self) -> DocumentKey:
        """Key of the corpus and id of the document."""
        return self.corpus, self.document_id


@dataclass(frozen=True, slots=True)
class DocumentNotes:
    """An annotator's note and bookmark on one document, with or without a decision."""

    event_id: str
    """Id of the latest note or bookmark event, by which the document can be read."""
    document_id: str
    """Id of the document."""
    corpus: str
    """Key of the corpus."""
    draw: int
    """Draw of the sampling plan that selected the document."""
    annotator: str
    """Name of the annotator."""
    note: str | None
    """The note, None for none."""
    bookmarked: bool
    """Whether the document is bookmarked."""

    @property
    def document_key(self) -> DocumentKey:
        """Key of the corpus and id of the document."""
        return self.corpus, self.document_id


NotesKey = tuple[str, str, str]
"""Corpus, document id and annotator of a `DocumentNotes`."""


@dataclass(frozen=True, slots=True)
class Final:
    """The adjudicated category of a document on which annotators disagreed."""

    event_id: str
    """Id of the adjudicating event, by which the document can be read."""
    document_id: str
    """Id of the document."""
    corpus: str
    """Key of the corpus."""
    annotator: str
    """Name of the adjudicator."""
    category: str
    """Name of the category at the time."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one corpus as columns for counting; entry i of every array belongs to label i.

    Labels of several annotators are in the order of their events.
    """

    corpus: str
    """Key of the corpus."""
    categories: tuple[str, ...]
    """Category names of today's scheme, in its order."""
    codes: npt.NDArray[np.int16]
    """Position in `categories`."""
    tokens: npt.NDArray[np.float64]
    """The corpus's own token count, NaN when it has none."""
    probabilities: npt.NDArray[np.float64]
    """Probability that one draw lands on the document, relative within the corpus."""
    shards: npt.NDArray[np.int32]
    """Code of the shard, equal for labels of one shard."""
    rows: npt.NDArray[np.int64]
    """Row inside the shard, from 0."""
    draws: npt.NDArray[np.int64]
    """Draw of the sampling plan."""
    attempts: npt.NDArray[np.int32]
    """Above 0 for a substitute for a document that could not be read."""
    characters: npt.NDArray[np.int32]
    """Code points of the text."""
    words: npt.NDArray[np.int32]
    """Words of the text, -1 when not counted."""
    reading_ms: npt.NDArray[np.float64]
    """Milliseconds of reading, NaN when the document was not read for this label."""
    looks: npt.NDArray[np.int16]
    """1 for first looks, 2 for second ones."""
    unsure: npt.NDArray[np.bool_]
    """Whether the annotator was not sure of the label."""
    annotators: npt.NDArray[np.int32]
    """Code of the annotator, equal for labels of one annotator."""
    document_high: npt.NDArray[np.uint64]
    """First half of the document's id."""
    document_low: npt.NDArray[np.uint64]
    """Second half of the document's id."""
    readers: tuple[str, ...]
    """Names of the annotators, sorted."""
    skips: int
    """Number of documents skipped by everyone who decided on them; they are in no array."""
    bookmarks: int
    """Number of the corpus's documents with a bookmark, decided or not."""
    unknown: Mapping[str, int]
    """Number of labels left out because the scheme does not know their category, by category."""
    split: Mapping[str, int]
    """Number of labels left out because their category was split up, by category."""
    awaiting: int
    """Number of documents without a label that counts, because the categories they were given are gone."""

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class FirstLabel:
    """A first-look label, with the fields that scheduling its second look needs."""

    event_id: str
    """Id of the deciding event, by which the document can be read."""
    document_id: str
    """Id of the document."""
    corpus: str
    """Key of the corpus."""
    draw: int
    """Draw of the sampling plan that selected the document."""
    place: int
    """Number of decisions that the annotator had made before."""

    @property
    def key(self) -> DocumentKey:
        """Key of the corpus and id of the document."""
        return self.corpus, self.document_id


@dataclass(frozen=True, slots=True)
class RepeatStatus:
    """Which documents an annotator has looked at once, and which twice."""

    decided: int
    """Number of decisions so far, of any look and corpus."""
    last: int | None
    """Number of decisions before the last second look; None when there is none."""
    unrepeated: tuple[FirstLabel, ...]
    """The eligible labels without a second look, in the order of their events."""
    repeated: AbstractSet[DocumentKey]
    """The documents with a second look, skips included."""
    categories: Mapping[DocumentKey, str]
    """First-look category of both, under today's name."""


SKIPPED = "skipped"
"""Stands for the category of a skipped document."""


@dataclass(frozen=True, slots=True)
class LabelQuery:
    """Which decisions to list, and in which order; all conditions have to hold."""

    corpus: str | None = None
    """Key of the corpus, None for all."""
    category: str | None = None
    """Today's name of the category, `SKIPPED` for skips, None for all."""
    annotator: str | None = None
    """Name of the annotator, None for all."""
    bookmarked: bool = False
    """True for only decisions whose annotator bookmarked the document."""
    noted: bool = False
    """True for only decisions whose annotator wrote a note on the document."""
    unsure: bool = False
    """True for only labels of which the annotator was not sure."""
    disputed: bool = False
    """True for only documents that were put into different categories."""
    documents: frozenset[DocumentKey] | None = None
    """The documents, None for all."""
    latest: bool = False
    """True to list the latest decision first; otherwise the order is by corpus, draw and annotator."""
