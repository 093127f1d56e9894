"""What was labelled of one corpus, as plain tuples that every computation starts from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a sample comes from, in the words of its caption; "" is left out."""

    dataset: str = ""
    """Dataset, config and split."""
    revision: str = ""
    """The commit, or the digest of local files."""
    seed: str = ""
    """Seed of the sampling plan."""
    design: str = ""
    """How the documents were drawn; "" for what the sample's weights and clusters say."""
    uniformity: str = ""
    """What of the corpus the sample is uniform over, and on which assumption."""
    annotators: tuple[str, ...] = ()
    """Who labelled."""
    shared: int = 0
    """Documents that several of them labelled; each counts once."""
    settled: int = 0
    """Documents that count by a final decision, and not by the labels of their readers."""
    planned: int | None = None
    """Labels planned beforehand; None when no number was stored, so that none can be reached."""
    replanned: tuple[tuple[int, int], ...] = ()
    """Each number planned earlier and given up, with the labels there were then."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The labels of one corpus, one entry per document, in the same order in every tuple."""

    corpus: str
    """Name of the corpus."""
    categories: tuple[str, ...]
    """Category names in scheme order."""
    codes: tuple[int, ...]
    """Index into `categories` of each document's label."""
    tokens: tuple[float, ...] | None = None
    """Tokens of each document, by the corpus's own count; None when it has none, or all are 0."""
    weights: tuple[float, ...] | None = None
    """One over each document's relative inclusion probability; None when all are equal."""
    clusters: tuple[Hashable, ...] | None = None
    """What each document was drawn together with, such as its row group; None when drawn on its own."""
    lengths: tuple[int, ...] | None = None
    """Length of each document in characters; None when not known."""
    reading_seconds: tuple[float, ...] = ()
    """Seconds from paint to key, where they were taken; not one per document."""
    skips: int = 0
    """Documents passed over; they count in no share."""
    bookmarks: int = 0
    """Documents bookmarked."""
    substitutes: int = 0
    """Documents that stand in for ones that could not be drawn, such as those of a file that is gone."""
    provenance: Provenance = field(default_factory=Provenance)
    """Where it comes from."""

    def __post_init__(self) -> None:
        if not self.categories:
            raise ValueError(f"the sample of {self.corpus} has no categories")
        if any(not 0 <= code < len(self.categories) for code in self.codes):
            raise ValueError(
                f"the sample of {self.corpus} has a code beyond its {len(self.categories)} categories"
            )
        for name, values in (
            ("tokens", self.tokens),
            ("weights", self.weights),
            ("clusters", self.clusters),
            ("lengths", self.lengths),
        ):
            if values is not None and len(values) != len(self.codes):
                raise ValueError(
                    f"the sample of {self.corpus} has {len(self.codes)} labels but {len(values)} {name}"
                )

    @classmethod
    def of_counts(
        cls,
        corpus: str,
        categories: Sequence[str],
        counts: Sequence[int],
        provenance: Provenance | None = None,
    ) -> Sample:
        """A simple random sample of which only the counts are known."""
        codes = tuple(code for code, count in enumerate(counts) for _ in range(count))
        return cls(corpus, tuple(categories), codes, provenance=provenance or Provenance())

    @property
    def n(self) -> int:
        """Documents labelled."""
        return len(self.codes)

    @property
    def counts(self) -> tuple[int, ...]:
        """Documents per category, in scheme order."""
        counts = [0] * len(self.categories)
        for code in self.codes:
            counts[code] += 1
        return tuple(counts)

    @property
    def complete(self) -> bool:
        """True when the number of labels planned beforehand is reached."""
        return self.provenance.planned is not None and self.n >= self.provenance.planned
