"""Intervals for a corpus of known size, of which a good part is read: a census leaves nothing to chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from corpuscope.stats.intervals import Interval, wilson

FINITE_FROM = 0.05
"""Fraction of a corpus from which its size matters; below it intervals would narrow by less than 2.6 %."""

HYPERGEOMETRIC = "hypergeometric"
"""First word of the methods that count draws from a corpus of known size."""
CENSUS = "every document was read"
"""Method of an interval that has no width because nothing was left to chance."""


def is_finite(n: float, population: int | None) -> bool:
    """Tell whether so much of a corpus of `population` documents is read that its size matters."""
    return population is not None and n >= FINITE_FROM * population


def is_census(n: float, population: int | None) -> bool:
    """Tell whether all `population` documents are read."""
    return population is not None and n >= population


def correction(n: float, population: int | None) -> float:
    """Return the factor on n by which a sample without replacement is worth more: (N - 1) / (N - n), inf for a census.

    1 where the size of the corpus does not matter or is not known.

    Cochran (1977), Sampling Techniques, 2.6.
    """
    if population is None or not is_finite(n, population):
        return 1.0
    return (population - 1) / (population - n) if n < population else math.inf


def labels_of_finite(labels: int, population: int | None) -> int:
    """Return how many labels in a corpus of this size are worth `labels` in an unlimited one; never more than it has.

    Cochran (1977), Sampling Techniques, 4.2.
    """
    if population is None:
        return labels
    return min(population, math.ceil(labels / (1 + (labels - 1) / population)))


def labelled_population(documents: int | None, n: int, skips: int, pending: int = 0) -> int | None:
    """Return how many of a corpus's documents `n` labels stand for: as many as were not skipped among those read.

    The `pending` documents were read and not skipped. None where the size of the corpus is not known, or is smaller
    than what was read of it.
    """
    if documents is None or n + skips + pending > documents:
        return None
    read = n + pending
    if not read:  # skips alone do not tell how many of the others will be skipped
        return documents
    return max(read, round(documents * read / (read + skips)))


def hypergeometric_mid_p(count: int, n: int, population: int, level: float = 0.95) -> Interval:
    """Compute the interval of the share in a corpus of `population` documents, `n` of them drawn without replacement.

    It holds the shares K / N that neither one-sided test with mid-p rejects at half of 1 - `level`. A census has no
    width. Raises ValueError for a count or n that is not possible.

    Lancaster (1961), JASA 56:223; Wright (1991), Exact Confidence Bounds when Sampling from Small Finite Universes.
    """
    return _inverted(count, n, population, level, 0.5, f"{HYPERGEOMETRIC} mid-p, N = {population:,}")


def hypergeometric_exact(count: int, n: int, population: int, level: float = 0.95) -> Interval:
    """Compute the interval like `hypergeometric_mid_p`, with full p-values: it never covers less than `level`."""
    return _inverted(count, n, population, level, 1.0, f"{HYPERGEOMETRIC} exact, N = {population:,}")


def widest_half_width(counts: Iterable[int], population: int | None = None, level: float = 0.95) -> float:
    """Return half the width of the widest of the default intervals of these counts, as a fraction; .5 without labels.

    Intervals are widest at a share of one half, so only the count nearest to it is looked at.
    """
    counted = tuple(counts)
    n = sum(counted)
    if not n:
        return 0.5
    count = min(counted, key=lambda count: abs(2 * count - n))
    if population is not None and is_finite(n, population):
        return hypergeometric_mid_p(count, min(n, population), population, level).half_width
    return wilson(count, n, level).half_width


def census(share: float, level: float) -> Interval:
    """Return the interval of a corpus that was read whole: the share itself."""
    return Interval(share, share, CENSUS, level)


def _inverted(count: int, n: int, population: int, level: float, own: float, method: str) -> Interval:
    """Invert two one-sided tests; `own` is the part of the observed count's probability that counts as extreme."""
    if not 0 <= count <= n <= population:
        raise ValueError(f"no sample holds {count} of {n} out of {population}")
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not at {level}")
    if n == 0:
        return Interval(0.0, 1.0, method, level)
    share = count / n
    if n == population:
        return census(share, level)
    tail, most = (1 - level) / 2, population - (n - count)

    def low_enough(total: int) -> bool:
        fewer, equal = _below(count, n, total, population)
        return fewer + own * equal > tail

    def high_enough(total: int) -> bool:
        fewer, equal = _below(count, n, total, population)
        return 1 - fewer - equal + own * equal > tail

    low = count if count == 0 else _first(count, most, high_enough)
    high = most if count == n else _last(count, most, low_enough)
    return Interval(min(low / population, share), max(high / population, share), method, level)


def _below(count: int, n: int, total: int, population: int) -> tuple[float, float]:
    """Return P(X < count) and P(X = count) for n documents of a corpus in which `total` have the category."""
    rest = population - total
    equal = math.exp(_log_choose(total, count) + _log_choose(rest, n - count) - _log_choose(population, n))
    least, most = max(0, n - rest), min(n, total)
    fewer, more = 0.0, 0.0
    if count <= n * total / population:
        weight = equal
        for k in range(count, least, -1):
            weight *= k * (rest - n + k) / ((total - k + 1) * (n - k + 1))
            fewer += weight
            if weight < fewer * 1e-17:
                break
    else:
        weight = equal
        for k in range(count, most):
            weight *= (total - k) * (n - k) / ((k + 1) * (rest - n + k + 1))
            more += weight
            if weight < more * 1e-17:
                break
        fewer = max(0.0, 1 - equal - more)
    return fewer, equal


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the smallest number from `low` to `high` that holds, where all larger ones do."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _last(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the largest number from `low` to `high` that holds, where all smaller ones do."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
