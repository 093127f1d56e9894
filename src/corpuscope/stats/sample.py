"""The labels of one corpus as plain tuples, the input of every computation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from corpuscope.stats.finite import labelled_population

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Provenance:
    """Origin of a sample in the words of its caption, which leaves out what is ""."""

    dataset: str = ""
    """Dataset, config and split."""
    revision: str = ""
    """Commit of the dataset, or digest of local files."""
    seed: str = ""
    """Seed of the sampling plan."""
    design: str = ""
    """How the documents were drawn; "" to digest it from the sample's weights."""
    uniformity: str = ""
    """What the sample is uniform over, and on which assumption."""
    annotators: tuple[str, ...] = ()
    """Names of the annotators."""
    shared: int = 0
    """Documents labelled by several annotators; each counts once."""
    settled: int = 0
    """Documents that count by their adjudicated category rather than by their labels."""
    by_majority: int = 0
    """Documents that count by the majority of several labels: those of `shared` that are not settled."""
    planned: int | None = None
    """Labels planned beforehand; None when no number was stored, so that the sample is never complete."""
    replanned: tuple[tuple[int, int, str], ...] = ()
    """Targets that were replaced, each with the number of labels given at that time, and the time, "" if unknown."""
    published: bool = False
    """True for labels published by others, to which nobody here can add."""
    random: bool = True
    """False when the documents are not known to be a random sample, so that no interval or verdict holds strictly."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The labels of one corpus: one entry per document, in the same order in every tuple."""

    corpus: str
    """Name of the corpus."""
    categories: tuple[str, ...]
    """Category names in scheme order."""
    codes: tuple[int, ...]
    """Index into `categories` of each document's label."""
    tokens: tuple[float, ...] | None = None
    """Tokens of each document as counted by the corpus; None when it has no counts, or all are 0."""
    uncounted: int = 0
    """Documents labelled of which the corpus gives no number of tokens."""
    weights: tuple[float, ...] | None = None
    """Inverse of each document's relative inclusion probability; None when all are equal."""
    lengths: tuple[int, ...] | None = None
    """Length of each document in characters; None when not known."""
    reading_seconds: tuple[float, ...] = ()
    """Seconds from paint to key, where they were measured; not one per document."""
    skips: int = 0
    """Documents skipped; they count in no share."""
    pending: int = 0
    """Documents that await a new reading because their category was split up; they count in no share."""
    values: tuple[float, ...] | None = None
    """Numbers of the categories of an ordinal scale, in ascending order; None for a nominal one."""
    scores: tuple[float | None, ...] | None = None
    """The corpus's own score of each document on that scale, None for one without; None when they were not read."""
    crosswalk: tuple[tuple[str, ...], ...] | None = None
    """The one of the seven built-in categories that each category counts as in a cross-walk, then those that it may
    belong to instead; None without a cross-walk."""
    draws: tuple[int, ...] | None = None
    """Draw of the sampling plan of each document; None when not known."""
    documents: int | None = None
    """Documents of the corpus; None when not known, or when they were not all equally likely to be drawn."""
    bookmarks: int = 0
    """Documents bookmarked."""
    unsure: int = 0
    """Labels of which their annotator was not sure."""
    substitutes: int = 0
    """Documents drawn in place of ones that could not be read, such as those of a deleted file."""
    provenance: Provenance = field(default_factory=Provenance)
    """Origin of the sample."""

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
            ("lengths", self.lengths),
            ("scores", self.scores),
            ("draws", self.draws),
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
        """Make a simple random sample of which only the counts are known."""
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
    def population(self) -> int | None:
        """Documents of the corpus that the labels stand for: of all, as many as were not skipped among those read."""
        return labelled_population(self.documents, self.n, self.skips, self.pending)

    @property
    def beyond_plan(self) -> int:
        """Number of labels beyond the planned ones."""
        planned = self.provenance.planned
        return max(0, self.n - planned) if planned is not None else 0

    @property
    def decisive(self) -> Self:
        """The planned labels, by which verdicts are decided: the first of the plan's draws; all when there are no more.

        They stand for as many documents as all labels do, and have no skips, whose draws are not known. Published
        samples, and samples of which the draws are not known, are decisive as a whole.
        """
        if not self.beyond_plan or self.draws is None or self.provenance.published:
            return self
        draws = self.draws
        rows = sorted(range(self.n), key=lambda i: draws[i])[: self.provenance.planned]
        rows.sort()

        columns = ("codes", "tokens", "weights", "lengths", "scores", "draws")
        chosen: dict[str, Any] = {
            name: tuple(values[i] for i in rows)
            for name in columns
            if (values := getattr(self, name)) is not None
        }
        return replace(self, documents=self.population, skips=0, **chosen)

    @property
    def complete(self) -> bool:
        """True when the number of labels planned beforehand is reached."""
        return self.provenance.planned is not None and self.n >= self.provenance.planned
