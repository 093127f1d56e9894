"""The distribution of one corpus: a share with its interval for every category."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from corpuscope.stats.finite import HYPERGEOMETRIC, census, correction, is_census, is_finite
from corpuscope.stats.interval_kinds import IntervalKind, kind_named
from corpuscope.stats.intervals import Interval, wilson
from corpuscope.stats.p_values import equal_counts_p
from corpuscope.text.quantities import inflected

Weighting = Literal["documents", "tokens", "characters"]
"""Unit of the shares: each document counts once, by its tokens, or by its characters."""

WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
"""All units, the default first."""


@dataclass(frozen=True, slots=True)
class Share:
    """The share of one category in one corpus."""

    category: str
    """Name of the category."""
    count: int
    """Documents labelled with it; documents even when the share is of tokens."""
    share: float
    """Estimated fraction of the corpus; 0 while nothing is labelled and the interval is [0, 1]. Where labels await a
    new reading it is the least that the labels allow, and `Distribution.pending_share` more is the largest."""
    n_effective: float
    """Size of the simple random sample that would say as much about this share; the n of the interval."""
    interval: Interval
    """Confidence interval of the fraction."""
    ranks: tuple[int, int]
    """Best and worst rank that the labels allow, 1 for the largest share; equal when no category is tied with it."""
    tied_with: tuple[str, ...]
    """Categories that an exact binomial test of the two counts does not separate from this one."""
    bounds: tuple[float, float] | None = None
    """Least and largest share of the sample if the unread documents were all labelled otherwise, or all with this
    category; None where there are none, and where documents do not count alike. Sampling error comes on top."""

    @property
    def effective_count(self) -> float:
        """Documents of this category in a simple random sample of the effective size."""
        return self.share * self.n_effective


@dataclass(frozen=True, slots=True)
class Distribution:
    """The shares of one corpus, each with its interval."""

    shares: tuple[Share, ...]
    """One per category, in scheme order; at least one."""
    n: int
    """Documents labelled."""
    n_effective: float
    """Size of the simple random sample that would say as much about the mix; n when it is one."""
    level: float
    """Confidence level of the intervals, as a fraction."""
    kind: str
    """Key of the interval method: one of `interval_kinds.KINDS`."""
    weighting: Weighting
    """Unit of the shares."""
    population: int | None
    """Documents of the corpus that the sample stands for; None where it is not known or not drawn from whole."""
    pending: int
    """Documents that await a new reading because their category was split up. If any, shares are bounds."""
    skipped: int
    """Documents that were skipped; the shares are of the others."""

    @property
    def method(self) -> str:
        """Name of the interval method, as captions print it."""
        return self.shares[0].interval.method

    @property
    def method_title(self) -> str:
        """Name of the interval method for a heading: "Wilson"; "mid-p" for a known size, "exact" for a census."""
        kind = kind_named(self.kind)
        if self.is_census:
            return "exact"
        return (
            kind.finite_title if kind.finite_title and self.method.startswith(HYPERGEOMETRIC) else kind.title
        )

    @property
    def categories(self) -> tuple[str, ...]:
        """Category names in scheme order."""
        return tuple(share.category for share in self.shares)

    @property
    def design_effect(self) -> float:
        """Labels worth one label of a simple random sample; 1 for such a sample."""
        return self.n / self.n_effective if self.n_effective > 0 else 1.0

    @property
    def is_census(self) -> bool:
        """Whether every document of the corpus was read, so that nothing is left to chance."""
        return is_census(self.n, self.population) and not self.pending

    @property
    def certainty(self) -> float:
        """The factor on n by which a sample of much of the corpus is worth more; inf for a census."""
        return correction(self.n, self.population)

    @property
    def pending_share(self) -> float:
        """Fraction of the documents not skipped that await a new reading, by which any share may be larger."""
        return self.pending / (self.n + self.pending) if self.pending else 0.0

    @property
    def skip_rate(self) -> float:
        """Fraction of the documents shown that were skipped."""
        return self.skipped / self.shown if self.skipped else 0.0

    @property
    def shown(self) -> int:
        """Documents that were shown: labelled, skipped, or awaiting a new reading."""
        return self.n + self.pending + self.skipped

    @property
    def skips_move(self) -> float:
        """How far the skipped documents could move a share at most, as a fraction; 0 where that is not known."""
        return max(
            (abs(bound - share.share) for share in self.shares for bound in share.bounds or ()), default=0.0
        )

    @property
    def has_bounds(self) -> bool:
        """Whether there are documents without a label whose effect on the shares can be bounded."""
        return self.shares[0].bounds is not None

    @property
    def half_width(self) -> float:
        """Half the width of the widest interval, as a fraction."""
        return max(share.interval.half_width for share in self.shares)


def distribution_of(
    categories: Sequence[str],
    counts: Sequence[int],
    *,
    level: float = 0.95,
    interval: str = "wilson",
    population: int | None = None,
    pending: int = 0,
    skipped: int = 0,
) -> Distribution:
    """Estimate the distribution from a simple random sample with these counts, one per category.

    Without labels, shares are 0, intervals are [0, 1], and every category is tied with every other. `population`,
    `pending` and `skipped` are those of `Distribution`. Raises UsageError for an unknown `interval`.
    """
    n = sum(counts)
    shares = [count / n if n else 0.0 for count in counts]
    return weighted_distribution(
        categories,
        counts,
        shares,
        n,
        [n] * len(shares),
        level=level,
        interval=interval,
        population=population,
        pending=pending,
        skipped=skipped,
    )


def weighted_distribution(
    categories: Sequence[str],
    counts: Sequence[int],
    shares: Sequence[float],
    n_effective: float,
    n_effective_by_category: Sequence[float],
    *,
    level: float = 0.95,
    interval: str = "wilson",
    weighting: Weighting = "documents",
    population: int | None = None,
    pending: int = 0,
    skipped: int = 0,
    alike: bool = True,
) -> Distribution:
    """Build the distribution from estimated shares, each with an effective n of its own.

    Each interval is that of share x n at the category's own effective n. Ranks and ties come from the counts at
    the common `n_effective`, rounded to whole documents. With `pending` documents shares are bounds, counted in
    documents. `alike` is False where documents count by size or by their inclusion probability: the skipped ones then
    leave no bounds, since how much each would count is not known. Raises UsageError for an unknown `interval`.
    """
    kind = kind_named(interval)
    n = sum(counts)
    ranks_and_ties = _ranks_and_ties([round(share * n_effective) for share in shares], alpha=1 - level)
    if is_census(n, population):
        ranks_and_ties = _ranks_and_ties_of_census(shares)
    entries = []
    for i, (category, count) in enumerate(zip(categories, counts, strict=True)):
        bounds = _bounds(count, n, skipped + pending) if pending or (skipped and alike) else None
        if pending:
            total = n + pending
            share, effective = count / total, float(total)
            share_interval = _pending_interval(count, pending, total, level)
            ranks, tied = (1, len(counts)), [other for other in range(len(counts)) if other != i]
        else:
            share, effective = shares[i], n_effective_by_category[i]
            share_interval = interval_of_share(
                kind, share, effective, (count, n), len(categories), level, population
            )
            ranks, tied = ranks_and_ties[i]
        names = tuple(categories[other] for other in tied)
        entries.append(Share(category, count, share, effective, share_interval, ranks, names, bounds))
    return Distribution(
        shares=tuple(entries),
        n=n,
        n_effective=n_effective,
        level=level,
        kind=kind.key,
        weighting=weighting,
        population=population,
        pending=pending,
        skipped=skipped,
    )


def interval_of_share(
    kind: IntervalKind,
    share: float,
    n_effective: float,
    counted: tuple[int, int],
    categories: int,
    level: float,
    population: int | None,
) -> Interval:
    """Compute the interval of one share; where much of the corpus is read, the one for its size."""
    count, n = counted
    if population is None or not is_finite(n, population) or n == 0:
        return kind.of(share * n_effective, n_effective, categories, level)
    if is_census(n, population):
        return census(share, level)
    if kind.finite is not None and n_effective == n and math.isclose(share * n, count, abs_tol=1e-9):
        return kind.finite(count, n, categories, level, population)
    worth = n_effective * correction(n, population)
    return kind.of(share * worth, worth, categories, level)


def _bounds(count: int, n: int, unread: int) -> tuple[float, float]:
    """Return the least and the largest share if none or all of the unread documents had the category."""
    total = n + unread
    return (count / total, (count + unread) / total)


def _pending_interval(count: int, pending: int, total: int, level: float) -> Interval:
    """Return Wilson's interval of the least share, up to that of the largest one."""
    low, high = wilson(count, total, level).low, wilson(count + pending, total, level).high
    return Interval(
        low,
        high,
        f"bounds, {pending:,} of {total:,} {inflected(pending, 'awaits', 'await')} a new reading",
        level,
    )


def _ranks_and_ties_of_census(shares: Sequence[float]) -> list[tuple[tuple[int, int], list[int]]]:
    """Return ranks that are known exactly; only equal shares are tied."""
    return [
        (
            (1 + sum(other > share for other in shares), sum(other >= share for other in shares)),
            [j for j, other in enumerate(shares) if other == share and j != i],
        )
        for i, share in enumerate(shares)
    ]


def _ranks_and_ties(counts: Sequence[int], alpha: float) -> list[tuple[tuple[int, int], list[int]]]:
    """Return, for each count, its best and worst possible rank and the indices of the counts tied with it."""
    best, worst = [1] * len(counts), [len(counts)] * len(counts)
    tied: list[list[int]] = [[] for _ in counts]
    for i, count in enumerate(counts):
        for j in range(i):
            if equal_counts_p(count, counts[j]) >= alpha:
                tied[i].append(j)
                tied[j].append(i)
            else:
                larger, smaller = (i, j) if count > counts[j] else (j, i)
                best[smaller] += 1
                worst[larger] -= 1
    return [((best[i], worst[i]), sorted(tied[i])) for i in range(len(counts))]
