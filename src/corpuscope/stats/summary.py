"""The summary of several corpora, computed once for screens, command line and exporters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import quantiles

from corpuscope.errors import UsageError, nearest
from corpuscope.stats.comparison import Comparison, compare
from corpuscope.stats.distribution import Distribution, Weighting, distribution_of, weighted_distribution
from corpuscope.stats.intervals import kind_named, simultaneous_level
from corpuscope.stats.planning import LabelBudget, label_budget, mean_seconds
from corpuscope.stats.sample import Provenance, Sample

FEW = 20
"""Labels below which a budget assumes a share of one half, the worst case, instead of the estimated shares."""


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
    seconds_per_label: float | None
    """Mean time of a label in seconds; None while it is not known."""
    complete: bool
    """True when the planned number of labels is reached; comparisons are provisional until then."""
    provenance: Provenance
    """Origin of the sample."""

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
                f"{100 * shares.level:g} % intervals ({shares.method})",
                f"at most ±{100 * shares.half_width:.1f} pp",
                self.design,
                source.uniformity.rstrip("."),
                f"labelled by {', '.join(source.annotators)}" if source.annotators else "",
                _aggregation_rule(source),
            )
            if part
        )

    def budget_for(self, half_width: float) -> LabelBudget:
        """Compute the labels and minutes until Wilson's interval around every share has this half-width.

        Uses Goodman's level where that is the interval, and a share of one half below `FEW` labels.
        """
        shares = self.distribution
        level = shares.level
        if kind_named(shares.kind).simultaneous:
            level = simultaneous_level(level, len(shares.shares))
        budgets = (
            label_budget(
                share.share if shares.n >= FEW else 0.5,
                half_width,
                labelled=shares.n,
                seconds_per_label=self.seconds_per_label,
                level=level,
                design_effect=shares.n / share.n_effective if share.n_effective else 1.0,
            )
            for share in shares.shares
        )
        return max(budgets, key=lambda budget: budget.labels)


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of several corpora at one level, with one interval and one weighting."""

    corpora: tuple[CorpusSummary, ...]
    """Summaries in the order of the samples."""
    level: float
    """Confidence level of every interval; one minus it is the error rate of every verdict."""
    interval: str
    """Key of the interval method: one of `intervals.KINDS`."""
    weighting: Weighting
    """Unit of the shares: documents or tokens."""

    def of(self, corpus: str) -> CorpusSummary:
        """Return the summary of one corpus. Raises UsageError, which lists the known ones."""
        for summary in self.corpora:
            if summary.corpus == corpus:
                return summary
        names = [summary.corpus for summary in self.corpora]
        raise UsageError(f"there are no labels of {corpus!r}", nearest(corpus, names))

    def compare(self, first: str, second: str) -> Comparison:
        """Compare the second corpus with the first; provisional until both have the planned number of labels."""
        one, other = self.of(first), self.of(second)
        return compare(
            one.distribution,
            other.distribution,
            names=(first, second),
            provisional=not (one.complete and other.complete),
        )

    def comparisons(self) -> tuple[Comparison, ...]:
        """Compare every pair of corpora, in the order of the samples."""
        return tuple(self.compare(a.corpus, b.corpus) for a, b in combinations(self.corpora, 2))


def summarise(
    samples: Sequence[Sample],
    *,
    level: float = 0.95,
    interval: str = "wilson",
    weighting: Weighting = "documents",
) -> Summary:
    """Summarise `samples`, one corpus each.

    A sample without weights and clusters, counted in documents, needs only its codes: unless the interval is exact,
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
    distribution, design = _distribution(sample, level, interval, weighting)
    return CorpusSummary(
        corpus=sample.corpus,
        distribution=distribution,
        lengths=_lengths(sample),
        design=sample.provenance.design or design,
        skips=sample.skips,
        bookmarks=sample.bookmarks,
        seconds_per_label=mean_seconds(sample.reading_seconds),
        complete=sample.complete,
        provenance=sample.provenance,
    )


def _distribution(
    sample: Sample, level: float, interval: str, weighting: Weighting
) -> tuple[Distribution, str]:
    """Return the shares of the sample, and how it was drawn in words."""
    weights: Sequence[float] | None = sample.weights
    if weighting == "tokens":
        if sample.tokens is None:
            raise UsageError(
                f"{sample.corpus} has no token counts", "its shares can be counted in documents only"
            )
        weights = sample.tokens
        if sample.weights is not None:
            weights = [w * t for w, t in zip(sample.weights, sample.tokens, strict=True)]
    if weights is None and sample.clusters is None:
        return (
            distribution_of(sample.categories, sample.counts, level=level, interval=interval),
            _design(sample, None),
        )

    from corpuscope.stats.weighted import weighted_shares

    estimate = weighted_shares(
        sample.codes, len(sample.categories), weights=weights, clusters=sample.clusters, level=level
    )
    distribution = weighted_distribution(
        sample.categories,
        sample.counts,
        estimate.shares,
        estimate.n_effective,
        estimate.n_effective_by_category,
        level=level,
        interval=interval,
        weighting=weighting,
    )
    return distribution, _design(sample, estimate.clusters)


def _aggregation_rule(source: Provenance) -> str:
    """State the rule by which documents with several labels count; "" when there are none."""
    if not (source.shared or source.settled):
        return ""
    documents = f"{source.shared:,} document{'s' * (source.shared != 1)}"
    rule = f"{source.settled:,} by final decision, else " if source.settled else "by "
    return f"{documents} read by several count{'s' * (source.shared == 1)} once ({rule}majority, else first label)"


def _design(sample: Sample, clusters: int | None) -> str:
    parts = [
        "unequal inclusion probabilities" if sample.weights is not None else "",
        f"drawn in {clusters:,} clusters" if clusters is not None else "",
    ]
    drawn = ", ".join(part for part in parts if part) or "simple random sample"
    if sample.substitutes:
        drawn += f", {sample.substitutes:,} of {sample.n:,} standing in for documents that could not be drawn"
    return drawn


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
