"""Shares of a weighted mixture of corpora, differences of two mixtures, and where the next labels help most."""

from __future__ import annotations

import math
from collections.abc import Sequence

from corpuscope.stats.intervals import Interval


def mixture_share(weights: Sequence[float], shares: Sequence[float]) -> float:
    """Compute the stratified share, the sum of each corpus's share times its weight.

    Raises ValueError for lists of different lengths.
    """
    return math.fsum(weight * share for weight, share in zip(weights, shares, strict=True))


def mixture_interval(
    weights: Sequence[float], shares: Sequence[float], intervals: Sequence[Interval]
) -> Interval:
    """Compute the interval of a weighted sum of shares from each corpus's own interval (MOVER).

    `weights` may be negative, as in a difference of mixtures: there the ends of the corpus's interval swap. The
    intervals may be of any kind and must be at one level, which is that of the result. Weights that add up to 1 keep
    the result within [0, 1] and weights of a difference within [-1, 1]. Raises ValueError for an empty list, and for
    lists of different lengths.

    Zou & Donner (2008), Stat. Med. 27:1693.
    """
    if not intervals:
        raise ValueError("a mixture needs at least one corpus")
    total = mixture_share(weights, shares)
    below = above = 0.0
    for weight, share, interval in zip(weights, shares, intervals, strict=True):
        down, up = weight * (share - interval.low), weight * (interval.high - share)
        if weight < 0:
            down, up = -up, -down
        below, above = math.hypot(below, down), math.hypot(above, up)
    least = 0.0 if all(weight >= 0 for weight in weights) else -1.0
    return Interval(max(least, total - below), min(1.0, total + above), "MOVER", intervals[0].level)


def difference_weights(first: Sequence[float], second: Sequence[float]) -> tuple[float, ...]:
    """Return the weights of second minus first, with which `mixture_interval` gives a difference of two mixtures."""
    return tuple(other - weight for weight, other in zip(first, second, strict=True))


def neyman_allocation(weights: Sequence[float], shares: Sequence[float], labels: int) -> tuple[int, ...]:
    """Divide `labels` over corpora in proportion to W sqrt(p (1 - p)), which narrows the mixture's interval most.

    Whole numbers that add up to `labels`, the largest remainders rounded up. Where no corpus varies they are in
    proportion to the weights alone.

    Neyman (1934), J. R. Stat. Soc. 97:558.
    """
    pulls = [abs(weight) * math.sqrt(p * (1 - p)) for weight, p in zip(weights, shares, strict=True)]
    if not any(pulls):
        pulls = [abs(weight) for weight in weights]
    total = math.fsum(pulls)
    if total == 0:
        raise ValueError("every weight is 0")
    exact = [labels * pull / total for pull in pulls]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for i in by_remainder[: labels - sum(parts)]:
        parts[i] += 1
    return tuple(parts)


def neyman_top_up(
    weights: Sequence[float], spreads: Sequence[float], given: Sequence[float], labels: int
) -> tuple[int, ...]:
    """Divide `labels` so that those `given` and the new ones together come nearest to Neyman's proportions.

    `spreads` are standard deviations of one label. Each label goes where it lowers the variance of the mixture most,
    so a corpus that has more than its part gets none. Where no corpus varies they are in proportion to the weights.
    """
    pulls = [abs(weight) * spread for weight, spread in zip(weights, spreads, strict=True)]
    if not any(pulls):
        return neyman_allocation(weights, [0.5] * len(weights), labels)
    parts = [0] * len(pulls)
    for _ in range(labels):
        gains = [
            pull * pull / ((n + part) * (n + part + 1)) if n + part > 0 else math.inf if pull else 0.0
            for pull, n, part in zip(pulls, given, parts, strict=True)
        ]
        parts[max(range(len(gains)), key=lambda i: (gains[i], pulls[i]))] += 1
    return tuple(parts)
