"""Total variation distance between two corpora, with an interval and a noise floor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpuscope.stats.intervals import Interval, newcombe, normal_quantile
from corpuscope.stats.p_values import permuted


@dataclass(frozen=True, slots=True)
class TotalVariation:
    """The fraction of one corpus that would have to change category to match the other."""

    value: float
    """Half the sum of absolute differences of the shares: 0 is the same mix, 1 is nothing in common."""
    noise_floor: float
    """The distance that two samples of these sizes from one corpus stay below, at the interval's level."""
    interval: Interval
    """Interval of the corpora's distance; it starts at 0 when the value is not above the noise floor."""


def total_variation(
    counts: Sequence[float],
    other_counts: Sequence[float],
    *,
    level: float = 0.95,
    resamples: int = 9_999,
    seed: int = 0,
) -> TotalVariation:
    """Estimate the total variation distance of two corpora from their counts, which may be effective.

    The estimate is biased upwards near 0. The noise floor, the `level` quantile over permuted tables, therefore
    decides whether the interval starts at 0. If it does, the interval reaches at least to the noise floor, since
    two samples that happen to agree do not show that their corpora do.

    Above the noise floor the distance is a difference of two shares: those of the categories that are more common
    in the first corpus. Its interval is the linearised one, which covers 90-97 % where the basic and the
    percentile bootstrap fall to 79 and 0 %. Where a sample lies wholly on one side, the linearised variance would
    be 0, and Newcombe's interval of the same difference is used. An empty corpus gives 0 in [0, 1], a single
    category 0 in [0, 0].

    Levin, Peres & Wilmer (2009), Markov Chains and Mixing Times, 4.1.
    """
    n, other_n = sum(counts), sum(other_counts)
    whole, other_whole = [round(count) for count in counts], [round(count) for count in other_counts]
    if not (n and other_n and sum(whole) and sum(other_whole)):
        return TotalVariation(0.0, 1.0, Interval(0.0, 1.0, "linearised", level))
    if len(counts) == 1:
        return TotalVariation(0.0, 0.0, Interval(0.0, 0.0, "linearised", level))
    shares, other_shares = [count / n for count in counts], [count / other_n for count in other_counts]
    gaps = [p - q for p, q in zip(shares, other_shares, strict=True)]
    value = sum(map(abs, gaps)) / 2
    floor = _noise_floor(whole, other_whole, level, resamples, seed)
    interval = _above_noise(gaps, (shares, n), (other_shares, other_n), value, level)
    if value <= floor + 1e-12:
        interval = replace(interval, low=0.0, high=max(interval.high, floor))
    return TotalVariation(value, floor, interval)


def _above_noise(
    gaps: Sequence[float],
    first: tuple[Sequence[float], float],
    other: tuple[Sequence[float], float],
    value: float,
    level: float,
) -> Interval:
    """Compute the interval of the distance as a difference of two shares; `first` and `other` are shares and n."""
    (shares, n), (other_shares, other_n) = first, other
    signs = [math.copysign(1, gap) if gap else 0.0 for gap in gaps]
    variances = _variance(signs, shares) / n, _variance(signs, other_shares) / other_n
    if min(variances) <= 1e-12:
        larger, smaller = (
            sum(share for share, sign in zip(mix, signs, strict=True) if sign > 0)
            for mix in (shares, other_shares)
        )
        return newcombe(min(larger, 1.0) * n, n, min(smaller, 1.0) * other_n, other_n, level)
    reach = normal_quantile(level) * math.sqrt(sum(variances)) / 2
    return Interval(max(0.0, value - reach), min(1.0, value + reach), "linearised", level)


def _variance(scores: Sequence[float], shares: Sequence[float]) -> float:
    mean = sum(s * p for s, p in zip(scores, shares, strict=True))
    return max(0.0, sum(s * s * p for s, p in zip(scores, shares, strict=True)) - mean * mean)


def _noise_floor(
    counts: Sequence[int], other_counts: Sequence[int], level: float, resamples: int, seed: int
) -> float:
    import numpy as np

    first, other = permuted(counts, other_counts, resamples=resamples, seed=seed)
    distances = np.abs(first / sum(counts) - other / sum(other_counts)).sum(axis=1) / 2
    return float(np.quantile(distances, level))
