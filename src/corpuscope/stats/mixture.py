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


def difference_p(
    changes: Sequence[float], shares: Sequence[Sequence[float]], n_effective: Sequence[float]
) -> float:
    """Compute the p-value of no difference between two mixtures in any category, by a chi-square statistic.

    `changes` are the differences of weights of the corpora, with `shares` of the categories in each and the effective
    number of its labels, infinite for a census. The statistic is the difference D in the metric of its covariance, the
    sum of changes^2 (diag(q) - qq') / n, where q is halfway between a corpus's shares and those of all labels: samples
    of one corpus are told apart in 5 % of cases also with 40 and 400 labels, which q = p does in 31 to 37 %. Returns 1
    for mixtures of the same weights.

    Wald (1943), Trans. Am. Math. Soc. 54:426.
    """
    import numpy as np
    from scipy.special import chdtrc

    p, n, weights = np.asarray(shares, float), np.asarray(n_effective, float), np.asarray(changes, float)
    if not weights.any():
        return 1.0
    sizes = np.where(np.isinf(n), 1.0, n)
    mean = sizes @ p / sizes.sum()
    q = np.where(np.isinf(n)[:, None], p, (p + mean) / 2)
    difference = weights @ p
    covariance = np.zeros((len(mean), len(mean)))
    for change, row, number in zip(weights, q, n, strict=True):
        covariance += change * change / number * (np.diag(row) - np.outer(row, row))
    used = mean > 0
    if not np.abs(difference).max() > 1e-12:
        return 1.0
    if not covariance.any():
        return 0.0
    inverse = np.linalg.pinv(covariance[np.ix_(used, used)], hermitian=True)
    statistic = float(difference[used] @ inverse @ difference[used])
    return float(chdtrc(max(int(used.sum()) - 1, 1), statistic))


def neyman_top_up(
    weights: Sequence[float],
    spreads: Sequence[float],
    given: Sequence[float],
    labels: int,
    most: Sequence[float] | None = None,
) -> tuple[int, ...]:
    """Divide `labels` so that those `given` and the new ones together come nearest to Neyman's proportions.

    `spreads` are standard deviations of one label. Each label goes where it lowers the variance of the mixture most,
    so a corpus that has more than its part gets none, and none gets more than its entry in `most`. Where no corpus
    varies they are in proportion to the weights. Raises ValueError when every weight is 0.

    Neyman (1934), J. R. Stat. Soc. 97:558.
    """
    if not any(weights):
        raise ValueError("every weight is 0")
    pulls = [abs(weight) * spread for weight, spread in zip(weights, spreads, strict=True)]
    if not any(pulls):
        pulls = [abs(weight) for weight in weights]
    limits = [math.inf] * len(pulls) if most is None else most
    parts = [0] * len(pulls)
    for _ in range(labels):
        open_to = [i for i, limit in enumerate(limits) if parts[i] < limit and pulls[i]]
        if not open_to:
            break
        sizes = [n + part for n, part in zip(given, parts, strict=True)]
        gains = {
            i: pulls[i] ** 2 / (sizes[i] * (sizes[i] + 1)) if sizes[i] > 0 else math.inf for i in open_to
        }
        parts[max(open_to, key=lambda i: (gains[i], pulls[i]))] += 1
    return tuple(parts)


def nearest_weights(
    weights: Sequence[float], shares: Sequence[float], lows: Sequence[float], least: float
) -> tuple[tuple[float, ...] | None, float]:
    """Find the weights nearest to `weights` whose mixture has its lower end at `least` or above.

    `lows` are the lower ends of the corpora's own intervals. The lower end is concave in the weights, so those that
    reach `least` are a convex set, and the nearest of them (least squares) is unique. They are rounded to
    thousandths where these reach it too. Returns None for the weights where none reach it, and the highest lower end
    that any mixture has.
    """
    from scipy.optimize import minimize

    reaches = [share - low for share, low in zip(shares, lows, strict=True)]

    def lower_end(candidate: Sequence[float]) -> float:
        below = math.hypot(*(weight * reach for weight, reach in zip(candidate, reaches, strict=True)))
        return mixture_share(candidate, shares) - below

    count = len(weights)
    whole = {"type": "eq", "fun": lambda candidate: sum(candidate) - 1}
    pure = [tuple(float(i == j) for j in range(count)) for i in range(count)]
    starts = [tuple(weights), *pure, *(tuple((a + 1 / count) / 2 for a in one) for one in pure)]
    best = max(starts, key=lower_end)
    if count > 1:
        inner = tuple((a + 1e-3) / (1 + count * 1e-3) for a in best)  # a corner has no gradient of hypot
        highest_found = minimize(lambda c: -lower_end(c), inner, bounds=[(0, 1)] * count, constraints=[whole])
        best = max(best, _normalised(highest_found.x.tolist()), key=lower_end)
    highest = lower_end(best)
    if lower_end(weights) >= least:
        return tuple(weights), highest
    if highest < least:
        return None, highest
    reached = {"type": "ineq", "fun": lambda candidate: lower_end(candidate) - least}
    nearest = minimize(
        lambda c: sum((a - b) ** 2 for a, b in zip(c, weights, strict=True)),
        best,
        bounds=[(0, 1)] * count,
        constraints=[whole, reached],
    )
    start = _normalised(nearest.x.tolist())
    steps = [tuple(a + (b - a) * step / 200 for a, b in zip(start, best, strict=True)) for step in range(201)]
    candidates = [rounded for step in steps for rounded in (_rounded(step),) if lower_end(rounded) >= least]
    return (candidates[0] if candidates else best), highest


def _normalised(weights: Sequence[float]) -> tuple[float, ...]:
    positive = [max(0.0, weight) for weight in weights]
    total = math.fsum(positive)
    return tuple(weight / total for weight in positive)


def _rounded(weights: Sequence[float]) -> tuple[float, ...]:
    """Round to thousandths that add up to 1, the largest remainders up."""
    parts = [int(1000 * weight + 1e-9) for weight in weights]
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - 1000 * weights[i])
    for i in by_remainder[: 1000 - sum(parts)]:
        parts[i] += 1
    return tuple(part / 1000 for part in parts)
