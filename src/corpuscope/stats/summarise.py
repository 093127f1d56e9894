"""Summarise samples: shares, intervals and lengths, computed once for everything that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles

from corpuscope.errors import UsageError
from corpuscope.stats.crosswalk import CrossedShares, crossed_sample, crossed_shares
from corpuscope.stats.distribution import Distribution, Weighting, distribution_of, weighted_distribution
from corpuscope.stats.interval_kinds import kind_named
from corpuscope.stats.ordinal import ordinal_summary
from corpuscope.stats.planning import mean_seconds
from corpuscope.stats.sample import Sample
from corpuscope.stats.summary import CorpusSummary, Lengths, Summary
from corpuscope.stats.summary_words import design_words
from corpuscope.text.quantities import inflected


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
