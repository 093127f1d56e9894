"""The summary of several corpora, as screens, command line and exporters show it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from corpuscope.errors import UsageError, nearest
from corpuscope.stats.comparison import Arm, Comparison
from corpuscope.stats.crosswalk import CrossedShares
from corpuscope.stats.distribution import (
    Distribution,
    Weighting,
)
from corpuscope.stats.family_of_tests import compare_family
from corpuscope.stats.interval_kinds import kind_named
from corpuscope.stats.ordinal import OrdinalSummary
from corpuscope.stats.planning import (
    FEW,
    LabelBudget,
    cautious_share,
    label_budget,
    labels_for_width,
)
from corpuscope.stats.sample import Provenance
from corpuscope.stats.summary_words import (
    aggregation_words,
    mixed_readings_warning,
    not_random_warning,
    precision_words,
    skipped_words,
    skips_warning,
)
from corpuscope.text.quantities import inflected

SKIPS_MATTER = 0.02
"""Fraction of skipped documents from which the bounds of the shares are given beside them."""
HEAVY = 0.05
"""Share of one document in all tokens from which an interval covers far less often than it says."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Quartiles of the document lengths of one category, in characters."""

    lower: float
    """First quartile."""
    median: float
    """Median."""
    upper: float
    """Third quartile."""


@dataclass(frozen=True, slots=True)
class CorpusSummary:
    """The summary of one corpus."""

    corpus: str
    """Name of the corpus."""
    distribution: Distribution
    """Shares of its categories."""
    lengths: tuple[Lengths | None, ...]
    """Document lengths per category, in scheme order; None where no length is known."""
    design: str
    """How the sample was drawn, in words: "simple random sample"."""
    skips: int
    """Documents skipped."""
    bookmarks: int
    """Documents bookmarked."""
    unsure: int
    """Labels of which their annotator was not sure."""
    seconds_per_label: float | None
    """Mean time of a label in seconds; None while it is not known."""
    complete: bool
    """True when the planned number of labels is reached; comparisons are provisional until then."""
    provenance: Provenance
    """Origin of the sample."""
    decisive: Distribution
    """Shares of the planned labels only, by which verdicts are decided; `distribution` when there are no more."""
    heaviest: float | None
    """Share of the longest document in the tokens or characters of the sample; None for shares of documents."""
    ordinal: OrdinalSummary | None = None
    """Mean and thresholds of an ordinal scale; None for a nominal one, without labels, and while labels are pending."""
    crossed: CrossedShares | None = None
    """Shares crossed to the seven categories; None without a cross-walk or labels, and while labels are pending."""

    @property
    def beyond_plan(self) -> int:
        """Number of labels beyond the planned ones, which narrow intervals but decide no verdict."""
        return self.distribution.n - self.decisive.n

    @property
    def arm(self) -> Arm:
        """This corpus as one side of a comparison."""
        return Arm(
            self.corpus, self.distribution, self.decisive, self.complete, not self.provenance.published
        )

    @property
    def skips_matter(self) -> bool:
        """Whether so many documents were skipped that the shares of all documents may well be others."""
        return self.distribution.skip_rate >= SKIPS_MATTER

    @property
    def with_bounds(self) -> bool:
        """Whether bounds belong beside the shares, because labels are pending or too many documents were skipped."""
        shares = self.distribution
        return shares.has_bounds and (bool(shares.pending) or self.skips_matter)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Reasons to doubt the shares, in sentences."""
        return shared_warnings((self,))

    @property
    def doubts(self) -> tuple[str, ...]:
        """The warnings without that of skipped documents."""
        shares = self.distribution
        sentences = []
        if not_random := not_random_warning(self.provenance):
            sentences.append(f"{self.corpus}: {not_random}")
        if shares.pending:
            await_ = inflected(shares.pending, "awaits", "await")
            awaited = f"{shares.pending:,} of {shares.pending + shares.n:,} labelled documents"
            sentences.append(
                f"{awaited} of {self.corpus} {await_} a new reading after a category was split up: until then "
                "each share is given as the bounds between which it can lie, with no estimate."
            )
        if self.heaviest is not None and self.heaviest >= HEAVY and not shares.is_census:
            sentences.append(
                f"One document holds {100 * self.heaviest:.1f} % of all {shares.weighting} of {self.corpus}: the "
                f"intervals of its shares of {shares.weighting} are not to be trusted."
            )
        if mixed := mixed_readings_warning(self.provenance, shares.n):
            sentences.append(f"{self.corpus}: {mixed}")
        return tuple(sentences)

    @property
    def unsure_words(self) -> str:
        """How many labels were marked as unsure: "12 of 200 unsure"; "" for none."""
        return f"{self.unsure:,} of {self.distribution.n:,} unsure" if self.unsure else ""

    @property
    def caption(self) -> tuple[str, ...]:
        """Parts of the table's caption: n, dataset, revision, seed, unit, method, precision, design, annotators."""
        shares = self.distribution
        size = f"n = {shares.n:,}"
        if round(shares.n_effective) < shares.n:
            size += f" (counts as {shares.n_effective:,.0f})"
        source = self.provenance
        return tuple(
            part
            for part in (
                size,
                source.dataset,
                source.revision and f"revision {source.revision}",
                source.seed and f"seed {source.seed}",
                f"shares of {shares.weighting}",
                _beyond(self),
                skipped_words(shares),
                self.unsure_words,
                f"longest document {100 * self.heaviest:.1f} % of all {shares.weighting}"
                if self.heaviest
                else "",
                *precision_words(shares),
                self.design,
                source.uniformity.rstrip("."),
                f"as read by {', '.join(source.annotators)}" if source.annotators else "",
                aggregation_words(source),
            )
            if part
        )

    def budget_for(self, half_width: float) -> LabelBudget:
        """Compute the labels and minutes until the widest interval has this half-width.

        They suffice in `SURE` of cases, are never more than the corpus has, and assume a share of one half below
        `FEW` labels.
        """
        shares = self.distribution
        kind = kind_named(shares.kind)
        most = 0
        for share in shares.shares:
            effective = share.n_effective * min(shares.certainty, MOST_CERTAIN)
            cautious = cautious_share(share.share, effective) if shares.n >= FEW else 0.5
            labels = labels_for_width(kind, cautious, half_width, len(shares.shares), level=shares.level)
            design_effect = shares.n / share.n_effective if share.n_effective else 1.0
            most = max(most, math.ceil(labels * design_effect - 1e-9))
        return label_budget(
            most,
            half_width,
            labelled=shares.n,
            seconds_per_label=self.seconds_per_label,
            population=shares.population,
        )


MOST_CERTAIN = 1e6
"""Factor on n that stands for the infinite one of a census."""


def shared_warnings(corpora: Sequence[CorpusSummary]) -> tuple[str, ...]:
    """Return the warnings of several corpora, that of skipped documents as one."""
    skipped = {corpus.corpus: corpus.distribution for corpus in corpora if corpus.skips_matter}
    doubts = (sentence for corpus in corpora for sentence in corpus.doubts)
    return (*((skips_warning(skipped),) if skipped else ()), *doubts)


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of several corpora at one level, with one interval and one weighting."""

    corpora: tuple[CorpusSummary, ...]
    """Summaries in the order of the samples."""
    level: float
    """Confidence level of every interval; one minus it is the error rate of every verdict."""
    interval: str
    """Key of the interval method: one of `interval_kinds.KINDS`."""
    weighting: Weighting
    """Unit of the shares: documents or tokens."""

    def of(self, corpus: str) -> CorpusSummary:
        """Return the summary of one corpus. Raises UsageError, which lists the known ones."""
        for summary in self.corpora:
            if summary.corpus == corpus:
                return summary
        names = [summary.corpus for summary in self.corpora]
        raise UsageError(f"there are no labels of {corpus!r}", nearest(corpus, names))

    def compare(self, pairs: Sequence[tuple[str, str]] | None = None) -> tuple[Comparison, ...]:
        """Compare each second corpus with its first; by default every pair, in the order of the samples.

        The pairs are one family of tests: verdicts hold for all of them at once. A comparison is provisional until
        both corpora have the planned number of labels.
        """
        names = combinations([corpus.corpus for corpus in self.corpora], 2) if pairs is None else pairs
        return compare_family([(self.of(first).arm, self.of(second).arm) for first, second in names])


def _beyond(corpus: CorpusSummary) -> str:
    if not corpus.beyond_plan:
        return ""
    return f"{corpus.beyond_plan:,} beyond the {corpus.decisive.n:,} planned"
