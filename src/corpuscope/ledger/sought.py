"""Which decisions are wanted of a ledger: a value that costs nothing to import."""

from dataclasses import dataclass

SKIPPED = "skipped"
"""What stands in the place of a category for a document that was passed over."""


@dataclass(frozen=True, slots=True)
class Sought:
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
