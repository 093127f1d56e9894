"""The distribution of one corpus: a share with its interval for every category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpuscope.stats.intervals import Interval, kind_named
from corpuscope.stats.p_values import equal_counts_p

Weighting = Literal["documents", "tokens"]


@dataclass(frozen=True, slots=True)
class Share:
    """The share of one category in one corpus."""

    category: str
    """Name of the category."""
    count: int
    """Documents labelled with it; documents even when the share is of tokens."""
    share: float
    """Estimated fraction of the corpus; 0 while nothing is labelled and the interval is [0, 1]."""
    n_effective: float
    """Size of the simple random sample that would say as much about this share; the n of the interval."""
    interval: Interval
    """Confidence interval of the fraction."""
    ranks: tuple[int, int]
    """Best and worst rank that the labels allow, 1 for the largest share; equal when no category is tied with it."""
    tied_with: tuple[str, ...]
    """Categories that an exact binomial test of the two counts does not separate from this one."""

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
    """Key of the interval method: one of `intervals.KINDS`."""
    weighting: Weighting
    """Unit of the shares: documents or tokens."""

    @property
    def method(self) -> str:
        """Name of the interval method, as captions print it."""
        return self.shares[0].interval.method

    @property
    def categories(self) -> tuple[str, ...]:
        """Category names in scheme order."""
        return tuple(share.category for share in self.shares)

    @property
    def effective_counts(self) -> tuple[float, ...]:
        """Counts that a simple random sample of the effective size would have given."""
        return tuple(share.share * self.n_effective for share in self.shares)

    @property
    def design_effect(self) -> float:
        """Labels worth one label of a simple random sample; 1 for such a sample."""
        return self.n / self.n_effective if self.n_effective > 0 else 1.0

    @property
    def half_width(self) -> float:
        """The largest half-width among the categories, as a fraction."""
        return max(share.interval.half_width for share in self.shares)


def distribution_of(
    categories: Sequence[str], counts: Sequence[int], *, level: float = 0.95, interval: str = "wilson"
) -> Distribution:
    """Estimate the distribution from a simple random sample with these counts, one per category.

    Without labels, shares are 0, intervals are [0, 1], and every category is tied with every other. Raises
    UsageError for an unknown `interval`.
    """
    n = sum(counts)
    shares = [count / n if n else 0.0 for count in counts]
    return weighted_distribution(
        categories, counts, shares, n, [n] * len(shares), level=level, interval=interval
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
) -> Distribution:
    """Build the distribution from estimated shares, each with an effective n of its own.

    Each interval is that of share x n at the category's own effective n. Ranks and ties come from the counts at
    the common `n_effective`, rounded to whole documents. Raises UsageError for an unknown `interval`.
    """
    kind = kind_named(interval)
    ranks_and_ties = _ranks_and_ties([round(share * n_effective) for share in shares], alpha=1 - level)
    return Distribution(
        shares=tuple(
            Share(
                category=category,
                count=count,
                share=share,
                n_effective=n,
                interval=kind.of(share * n, n, len(categories), level),
                ranks=ranks,
                tied_with=tuple(categories[other] for other in tied),
            )
            for category, count, share, n, (ranks, tied) in zip(
                categories, counts, shares, n_effective_by_category, ranks_and_ties, strict=True
            )
        ),
        n=sum(counts),
        n_effective=n_effective,
        level=level,
        kind=interval,
        weighting=weighting,
    )


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
