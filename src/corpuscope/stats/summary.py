"""The summary of several corpora, computed once for screens, command line and exporters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import quantiles

from corpuscope.errors import UsageError, nearest
from corpuscope.stats.comparison import Arm, Comparison
from corpuscope.stats.crosswalk import CrossedShares, crossed_sample, crossed_shares
from corpuscope.stats.distribution import (
    Distribution,
    Weighting,
    distribution_of,
    weighted_distribution,
)
from corpuscope.stats.family_of_tests import compare_family
from corpuscope.stats.interval_kinds import kind_named
from corpuscope.stats.ordinal import OrdinalSummary, ordinal_summary
from corpuscope.stats.planning import (
    FEW,
    LabelBudget,
    cautious_share,
    label_budget,
    labels_for_width,
    mean_seconds,
)
from corpuscope.stats.sample import Provenance, Sample
from corpuscope.stats.summary_words import (
    aggregation_words,
    design_words,
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


def summarise(
    samples: Sequence[Sample],
    *,
    level: float = 0.95,
    interval: str = "wilson",
    weighting: Weighting = "documents",
) -> Summary:
    """Summarise `samples`, one corpus each.

    A sample without weights, counted in documents, needs only its codes: unless the interval is exact,
    neither numpy nor scipy is loaded. Raises UsageError for an unknown interval, and for a weighting by tokens of a
    sample without token counts.
    """
    kind_named(interval)
    return Summary(
        corpora=tuple(_summarise(sample, level, interval, weighting) for sample in samples),
        level=level,
        interval=interval,
        weighting=weighting,
    )


def _summarise(sample: Sample, level: float, interval: str, weighting: Weighting) -> CorpusSummary:
    distribution, design, heaviest = _distribution(sample, level, interval, weighting)
    # a corpus that was read whole was not stopped at a chosen moment
    first = sample if distribution.is_census else sample.decisive
    return CorpusSummary(
        corpus=sample.corpus,
        distribution=distribution,
        lengths=_lengths(sample),
        design=sample.provenance.design or design,
        skips=sample.skips,
        bookmarks=sample.bookmarks,
        unsure=sample.unsure,
        seconds_per_label=mean_seconds(sample.reading_seconds),
        complete=sample.complete or distribution.is_census,
        provenance=sample.provenance,
        decisive=distribution if first is sample else _distribution(first, level, interval, weighting)[0],
        heaviest=heaviest,
        ordinal=ordinal_summary(sample, distribution, _weights(sample, weighting)) if sample.values else None,
        crossed=_crossed(sample, distribution, weighting),
    )


def _crossed(sample: Sample, own: Distribution, weighting: Weighting) -> CrossedShares | None:
    if sample.crosswalk is None or not sample.n or sample.pending:
        return None
    crossed, _, _ = _distribution(crossed_sample(sample), own.level, own.kind, weighting)
    return crossed_shares(sample, own, crossed)


def _distribution(
    sample: Sample, level: float, interval: str, weighting: Weighting
) -> tuple[Distribution, str, float | None]:
    """Return the shares of the sample, how it was drawn in words, and the share of its heaviest document."""
    # while labels are pending nothing but whole documents can be bounded
    weights = _weights(sample, weighting)
    if weights is None:
        distribution = distribution_of(
            sample.categories,
            sample.counts,
            level=level,
            interval=interval,
            population=sample.population,
            pending=sample.pending,
            skipped=sample.skips,
        )
        return distribution, design_words(sample), None

    from corpuscope.stats.weighted import weighted_shares

    estimate = weighted_shares(sample.codes, len(sample.categories), weights=weights)
    distribution = weighted_distribution(
        sample.categories,
        sample.counts,
        estimate.shares,
        estimate.n_effective,
        estimate.n_effective_by_category,
        level=level,
        interval=interval,
        weighting=weighting,
        population=sample.population,
        skipped=sample.skips,
        alike=False,
    )
    sized = weighting != "documents"
    return distribution, design_words(sample), estimate.heaviest if sized else None


def _weights(sample: Sample, weighting: Weighting) -> Sequence[float] | None:
    """Return the weight of each document in shares of `weighting`; None where all count alike."""
    own = None if sample.pending else sample.weights
    sizes = sizes_of(sample, weighting)
    if sizes is None or own is None:
        return own if sizes is None else sizes
    return [weight * size for weight, size in zip(own, sizes, strict=True)]


def sizes_of(sample: Sample, weighting: Weighting) -> Sequence[float] | None:
    """Return the size of each document by which `weighting` counts it; None where every document counts once.

    Raises UsageError for a sample that has no such sizes, and for one with pending labels, whose sizes are not known.
    """
    if weighting == "documents":
        return None
    sizes = sample.tokens if weighting == "tokens" else sample.lengths
    if sizes is None or sample.pending:
        raise UsageError(why_not_counted(sample, weighting), "count documents instead")
    return sizes


def why_not_counted(sample: Sample, weighting: Weighting) -> str:
    """Say in a sentence why a sample cannot be counted in this unit, and what can be done; "" where it can."""
    if weighting == "documents":
        return ""
    if sample.pending:
        return f"{sample.corpus} has labels that await a new reading, so its shares can be bounded in documents only"
    if weighting == "tokens" and sample.tokens is None:
        if not sample.n:
            return f"{sample.corpus} has no labels, so there are no tokens to count"
        if 0 < sample.uncounted < sample.n:
            return (
                f"{sample.uncounted:,} of {sample.n:,} labelled documents of {sample.corpus} "
                f"{inflected(sample.uncounted, 'has', 'have')} no token count, so its shares can be "
                "counted in documents, or with --by characters"
            )
        return (
            f"{sample.corpus} has no token counts (--tokens names their column when labelling begins), so its "
            "shares can be counted in documents, or with --by characters"
        )
    if weighting == "characters" and sample.lengths is None:
        return f"{sample.corpus} has no lengths, so its shares can be counted in documents only"
    return ""


def _beyond(corpus: CorpusSummary) -> str:
    if not corpus.beyond_plan:
        return ""
    return f"{corpus.beyond_plan:,} beyond the {corpus.decisive.n:,} planned"


def _lengths(sample: Sample) -> tuple[Lengths | None, ...]:
    """Compute quartiles per category, interpolated as R and numpy do by default."""
    by_category: list[list[int]] = [[] for _ in sample.categories]
    for code, length in zip(sample.codes, sample.lengths or (), strict=False):
        by_category[code].append(length)
    return tuple(_quartiles(lengths) if lengths else None for lengths in by_category)


def _quartiles(lengths: list[int]) -> Lengths:
    if len(lengths) == 1:
        return Lengths(lengths[0], lengths[0], lengths[0])
    return Lengths(*quantiles(lengths, n=4, method="inclusive"))
