"""What is read out of a ledger (decisions, remarks, labels), and which of them are wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from corpuscope.domain.document import Address
from corpuscope.domain.label import EventKind

if TYPE_CHECKING:  # numpy takes a third of the time to the first frame
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Decision:
    """The last label or skip that stands for a document, an annotator and a look."""

    event_id: str
    """The event that decided; its document can be read by it."""
    document_id: str
    """Identity of the document."""
    corpus: str
    """Key of the corpus."""
    draw: int
    """Which draw of the sampling plan brought it."""
    annotator: str
    """Who decided."""
    look: int
    """1 for the first reading, 2 for a blind second one."""
    kind: EventKind
    """LABEL or SKIP."""
    category: str | None
    """Name of the category as it was called then; None for a skip."""
    scheme: str
    """Hash of the category scheme then in force."""
    at: datetime
    """When, UTC."""
    reading_ms: int | None
    """Milliseconds of reading; None where nothing was read anew."""
    blind: bool
    """True when corpus, url and scores were hidden."""
    note: str | None
    """The annotator's note on the document, None for none."""
    bookmarked: bool
    """Whether the annotator has it bookmarked."""
    dataset: str
    """Repository on the Hub, or local dataset."""
    name: str | None
    """Config, None for the default."""
    split: str
    """Split."""
    revision: str
    """Commit, or digest of local files."""
    shard: str
    """File inside the dataset."""
    row: int
    """Row inside the file."""
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
        """Where the document is."""
        return Address(self.dataset, self.name, self.split, self.revision, self.shard, self.row)


@dataclass(frozen=True, slots=True)
class DocumentNotes:
    """An annotator's note and bookmark on one document, whether or not the document is decided."""

    event_id: str
    """The latest event of the remark; the document can be read by it."""
    document_id: str
    """Identity of the document."""
    corpus: str
    """Key of the corpus."""
    draw: int
    """Which draw brought it."""
    annotator: str
    """Whose remark."""
    note: str | None
    """The note, None for none."""
    bookmarked: bool
    """Whether it is bookmarked."""


NotesKey = tuple[str, str, str]
"""Corpus, document id and annotator: what a `DocumentNotes` is about, and whose it is."""


@dataclass(frozen=True, slots=True)
class Final:
    """The last word on a document whose readers did not agree."""

    event_id: str
    """The event that says so; the document can be read by it."""
    document_id: str
    """Identity of the document."""
    corpus: str
    """Key of the corpus."""
    annotator: str
    """Who decided."""
    category: str
    """Name of the category as it was called then."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one corpus as columns, for counting; row i of every array is one label.

    Labels of several annotators are in the order they were given.
    """

    corpus: str
    """Key of the corpus."""
    categories: tuple[str, ...]
    """Category names of today's scheme, in its order."""
    codes: "npt.NDArray[np.int16]"
    """Position in `categories`."""
    tokens: "npt.NDArray[np.float64]"
    """The corpus's own token count, NaN when it has none."""
    probabilities: "npt.NDArray[np.float64]"
    """Relative probability of one draw."""
    shards: "npt.NDArray[np.int32]"
    """Number of the shard, equal for labels of one shard."""
    rows: "npt.NDArray[np.int64]"
    """Row inside the shard."""
    draws: "npt.NDArray[np.int64]"
    """Draw of the sampling plan."""
    attempts: "npt.NDArray[np.int32]"
    """Above 0 for a document that stands in for one that could not be drawn."""
    characters: "npt.NDArray[np.int32]"
    """Code points."""
    words: "npt.NDArray[np.int32]"
    """Words, -1 when not counted."""
    reading_ms: "npt.NDArray[np.float64]"
    """Milliseconds of reading, NaN where nothing was read anew."""
    looks: "npt.NDArray[np.int16]"
    """1 for first readings, 2 for second ones."""
    annotators: "npt.NDArray[np.int32]"
    """Number of the annotator, equal for labels of one annotator."""
    document_high: "npt.NDArray[np.uint64]"
    """First half of the document's id."""
    document_low: "npt.NDArray[np.uint64]"
    """Second half of the document's id."""
    readers: tuple[str, ...]
    """Who gave the labels, by name."""
    skips: int
    """Documents passed over by everybody who decided about them; they are in no array."""
    bookmarks: int
    """Documents of the corpus with a bookmark, decided or not."""
    unknown: Mapping[str, int]
    """Labels left out because the scheme does not know their category, counted by its name."""
    split: Mapping[str, int]
    """Labels left out because their category was split up, counted by its name."""

    def __len__(self) -> int:
        return len(self.codes)


SKIPPED = "skipped"
"""What stands in the place of a category for a document that was passed over."""


@dataclass(frozen=True, slots=True)
class LabelQuery:
    """Which decisions are wanted; everything that is named has to hold."""

    corpus: str | None = None
    """Key of the corpus, None for all."""
    category: str | None = None
    """Today's name of the category, `SKIPPED` for skips, None for all."""
    annotator: str | None = None
    """Who decided, None for all."""
    bookmarked: bool = False
    """True for those their annotator bookmarked."""
    noted: bool = False
    """True for those their annotator wrote a note to."""
    disputed: bool = False
    """True for documents that were put into different categories."""
    documents: frozenset[str] | None = None
    """Ids of the documents wanted, None for all."""
    latest: bool = False
    """True for the order in which they were decided, the last first; else by corpus, draw and annotator."""
