"""Mixtures of corpora: the shares of a mix, the difference of two mixes, and what to label next for one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from corpuscope.analysis.references import reordered
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.mix import Mix, MixUnit
from corpuscope.errors import UsageError, nearest
from corpuscope.sampling.plan import Plan
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.intervals import Interval
from corpuscope.stats.mixture import mixture_interval, mixture_share, neyman_top_up
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise, why_not_counted
from corpuscope.stats.summary import CorpusSummary, shared_warnings

NEXT_LABELS = 100
"""Number of further labels that are divided over the corpora of a mix."""


@dataclass(frozen=True, slots=True)
class MixturePart:
    """One corpus of a mixture."""

    corpus: str
    """Key of the corpus."""
    weight: float
    """Its fraction of the mixture."""
    summary: CorpusSummary | None
    """Shares of its labels; None where it has none."""
    amount: float | None
    """Its part of the budget, in the unit of the mix; None without a budget."""
    size: float | None
    """Its size in that unit; None where it is not known."""
    size_source: str
    """Origin of the size, in words; "" where it is not known."""
    pool: int | None = None
    """Documents that a classifier read to assist its shares; None for those of the labels alone."""

    @property
    def epochs(self) -> float | None:
        """Times that its documents would be seen; None where budget or size are not known."""
        return None if self.amount is None or not self.size else self.amount / self.size


@dataclass(frozen=True, slots=True)
class MixtureShare:
    """The share of one category in a mixture."""

    category: str
    """Name of the category."""
    contributions: tuple[float | None, ...]
    """Fraction of the mixture that is of this category and from each corpus; None for a corpus without an estimate."""
    least: float
    """Stratified share; where corpora have no labels or some await a new reading, if none were of this category."""
    most: float
    """The same if all of those were of this category; `least` where there are none."""
    interval: Interval
    """MOVER interval around both."""
    bounds: tuple[float, float] | None
    """Least and largest share that skips allow as well; None where they are few or cannot be bounded."""

    @property
    def share(self) -> float | None:
        """The estimated fraction of the mixture; None where only bounds are known."""
        return self.least if self.most - self.least < 1e-12 else None


@dataclass(frozen=True, slots=True)
class Mixture:
    """The shares of a mixture, each with its interval."""

    name: str
    """Name of the mix; "" for one that has none."""
    mix: Mix
    """Weights and budget."""
    parts: tuple[MixturePart, ...]
    """The corpora in the order of the weights."""
    shares: tuple[MixtureShare, ...]
    """One per category, in scheme order."""
    level: float
    """Confidence level of the intervals, as a fraction."""
    warnings: tuple[str, ...]
    """Reasons to doubt the shares, in sentences."""
    alone: tuple[MixtureShare, ...] = ()
    """The same shares by the labels alone, where a classifier assists; empty elsewhere."""

    @property
    def n(self) -> int:
        """Documents labelled in all corpora of positive weight."""
        return sum(part.summary.distribution.n for part in self.parts if part.summary and part.weight)

    @property
    def weights(self) -> tuple[float, ...]:
        """Fractions of the mixture, one per corpus."""
        return tuple(part.weight for part in self.parts)

    @property
    def methods(self) -> tuple[str, ...]:
        """Names of the methods of the corpora's own intervals, each once."""
        return tuple(dict.fromkeys(part.summary.distribution.method for part in self.parts if part.summary))

    def index(self, category: str) -> int:
        """Return the index of a category. Raises UsageError, which lists the categories."""
        names = [share.category for share in self.shares]
        if category not in names:
            raise UsageError(f"there is no category {category!r}", nearest(category, names))
        return names.index(category)


def mixture_of(
    mix: Mix,
    samples: Mapping[str, Sample],
    categories: Sequence[str],
    *,
    name: str = "",
    level: float = 0.95,
) -> Mixture:
    """Compute the shares of a mix from the samples of its corpora, by key; see `mixture_from`.

    Raises UsageError for a sample with other categories.
    """
    summaries = summaries_for(
        mix.by, {key: samples[key] for key in mix.weights if key in samples}, categories, level
    )
    return mixture_from(mix, summaries, categories, name=name, level=level)


def summaries_for(
    by: MixUnit, samples: Mapping[str, Sample], categories: Sequence[str], level: float = 0.95
) -> dict[str, CorpusSummary]:
    """Summarise the labelled samples, by key, in the unit nearest to that of a mix.

    Shares of tokens come from token counts, else from characters, else from documents. `categories` are those of the
    summaries. Raises UsageError for a sample with other categories.
    """
    summaries = {}
    for key, sample in samples.items():
        if not sample.n and not sample.pending:
            continue
        if sorted(sample.categories) != sorted(categories):
            raise UsageError(
                f"{sample.corpus} has the categories {', '.join(sample.categories)}",
                f"a mixture needs those of the other labels: {', '.join(categories)}",
            )
        ordered = reordered(sample, tuple(categories))
        summaries[key] = summarise([ordered], level=level, weighting=_unit(sample, by)).corpora[0]
    return summaries


def mixture_from(
    mix: Mix,
    summaries: Mapping[str, CorpusSummary],
    categories: Sequence[str],
    *,
    name: str = "",
    level: float = 0.95,
    pools: Mapping[str, int] = MappingProxyType({}),
) -> Mixture:
    """Compute the shares of a mix from `summaries_for` its unit, at the same level.

    `pools` are the documents that a classifier read, of each corpus whose summary is assisted. A warning names each
    corpus whose shares stand in for those in the unit of the mix. A corpus without a summary can hold any share of any
    category.
    """
    parts = []
    for key, weight in mix.fractions.items():
        size, source = _size(mix, key)
        amount = None if mix.budget is None else mix.budget * weight
        parts.append(MixturePart(key, weight, summaries.get(key), amount, size, source, pools.get(key)))
    shares = tuple(_share(parts, i, category, level) for i, category in enumerate(categories))
    return Mixture(name, mix, tuple(parts), shares, level, tuple(_warnings(parts, mix.by)))


def named_mixtures(
    plan: Plan | None, samples: Sequence[Sample], scheme: CategoryScheme, *, level: float = 0.95
) -> tuple[Mixture, ...]:
    """Compute every mix that the plan keeps, from samples of one's own labels."""
    by_corpus = {sample.corpus: sample for sample in samples}
    mixes = plan.mixes if plan else {}
    return tuple(
        mixture_of(mix, by_corpus, scheme.names, name=name, level=level) for name, mix in mixes.items()
    )


def next_labels(mixture: Mixture, labels: int = NEXT_LABELS, category: str | None = None) -> dict[str, int]:
    """Divide further labels over the corpora so that the mixture's intervals become narrowest, by corpus key.

    All labels together are then in proportion to W sqrt(p (1 - p)), as far as those given allow; the variance is
    that of `category`, or the sum over all of them. Corpora that can get no label are not in the result. Raises
    UsageError for an unknown category.
    """
    growing = [
        part
        for part in mixture.parts
        if part.weight and not (part.summary and part.summary.provenance.published)
    ]
    if not growing:
        return {}
    chosen = range(len(mixture.shares)) if category is None else [mixture.index(category)]
    spreads = [
        math.sqrt(math.fsum(_variance(part, i, len(mixture.shares)) for i in chosen)) for part in growing
    ]
    given = [part.summary.distribution.n_effective if part.summary else 0.0 for part in growing]
    left = [_documents_left(part) for part in growing]
    allocation = neyman_top_up([part.weight for part in growing], spreads, given, labels, left)
    return {part.corpus: number for part, number in zip(growing, allocation, strict=True)}


def _documents_left(part: MixturePart) -> float:
    """Return how many documents of a corpus can still be labelled."""
    distribution = part.summary.distribution if part.summary else None
    if distribution is None or distribution.population is None:
        return math.inf
    return max(0, distribution.population - distribution.n)  # the population is net of what will be skipped


def _variance(part: MixturePart, i: int, categories: int) -> float:
    """Return the variance of one label, of a share that is pulled to 1 / K: an empty category may yet be found."""
    if part.summary is None:
        share = 1 / categories
    elif part.summary.distribution.is_census:
        return 0.0
    else:
        distribution = part.summary.distribution
        share = (distribution.shares[i].effective_count + 1) / (
            distribution.shares[i].n_effective + categories
        )
    return share * (1 - share)


def _unit(sample: Sample, by: MixUnit) -> Weighting:
    """Return the unit nearest to `by` in which the sample can be counted."""
    units: tuple[Weighting, ...] = ("tokens", "characters") if by == "tokens" else ()
    return next((unit for unit in units if not why_not_counted(sample, unit)), "documents")


def _share(parts: Sequence[MixturePart], i: int, category: str, level: float) -> MixtureShare:
    weights = [part.weight for part in parts]
    least, most, intervals, bounds = [], [], [], []
    for part in parts:
        if part.summary is None:
            least.append(0.0)
            most.append(1.0)
            intervals.append(Interval(0.0, 1.0, "no labels", level))
            bounds.append((0.0, 1.0))
            continue
        distribution = part.summary.distribution
        share = distribution.shares[i]
        least.append(share.share)
        most.append(share.share + distribution.pending_share)
        intervals.append(share.interval)
        bounds.append(
            share.bounds if part.summary.with_bounds and share.bounds else (share.share, share.share)
        )
    low = mixture_interval(weights, least, intervals).low
    high = mixture_interval(weights, most, intervals).high
    weighty = [part.summary for part in parts if part.summary and part.weight]
    # the skips of one corpus that cannot be bounded leave the whole without bounds
    with_bounds = any(summary.with_bounds for summary in weighty) and all(
        summary.with_bounds or not summary.skips_matter for summary in weighty
    )
    return MixtureShare(
        category,
        tuple(
            weight * share if least_is_most else None
            for weight, share, least_is_most in zip(
                weights, least, [a == b for a, b in zip(least, most, strict=True)], strict=True
            )
        ),
        mixture_share(weights, least),
        min(1.0, mixture_share(weights, most)),
        Interval(low, high, "MOVER", level),
        (
            mixture_share(weights, [low for low, _ in bounds]),
            mixture_share(weights, [high for _, high in bounds]),
        )
        if with_bounds
        else None,
    )


def _size(mix: Mix, key: str) -> tuple[float | None, str]:
    """Return the size of a corpus in the unit of the mix, and where it is from."""
    if key in mix.sizes:
        return mix.sizes[key], "as given"
    if mix.by == "tokens" and key in KNOWN and (size := KNOWN[key].size) is not None:
        return size.tokens, size.source
    return None, ""


def _warnings(parts: Sequence[MixturePart], by: MixUnit) -> list[str]:
    weighty = [part for part in parts if part.weight]
    sentences = [
        f"{part.corpus} has no labels: its {100 * part.weight:.1f} % of the mixture can be of any category, so each "
        "share is given as the bounds between which it can lie."
        for part in weighty
        if part.summary is None
    ]
    stand_ins: dict[tuple[Weighting, bool], list[str]] = {}
    for part in weighty:
        if part.summary is not None and (unit := part.summary.distribution.weighting) != by:
            is_pending = part.summary.distribution.pending > 0
            stand_ins.setdefault((unit, is_pending), []).append(part.corpus)
    for (unit, is_pending), corpora in stand_ins.items():
        lack = "token counts" if unit == "characters" else "token counts or lengths"
        why = f"{'their' if corpora[1:] else 'its'} labels carry no {lack}"
        if is_pending:
            why = "labels that await a new reading can be bounded in documents only"
        sentences.append(f"{', '.join(corpora)}: shares of {unit} stand in for shares of {by}; {why}.")
    return [*sentences, *shared_warnings([part.summary for part in weighty if part.summary is not None])]
