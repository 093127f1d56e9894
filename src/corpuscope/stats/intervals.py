"""Confidence intervals for one share and for the difference of two shares."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of a share or of a difference of shares."""

    low: float
    """Lower end, as a fraction."""
    high: float
    """Upper end, as a fraction."""
    method: str
    """Name of the method, as a caption prints it."""
    level: float
    """Confidence level, as a fraction; for simultaneous intervals the joint level of all of them."""

    @property
    def half_width(self) -> float:
        """Half the distance between the ends, which a table prints after "±"; the share need not be the midpoint."""
        return (self.high - self.low) / 2

    @property
    def is_exact(self) -> bool:
        """Whether the interval has no width, because nothing was left to chance."""
        return math.isclose(self.low, self.high, abs_tol=1e-12)


@cache
def normal_quantile(level: float) -> float:
    """Return the two-sided quantile of the normal distribution: 1.96 at .95.

    Raises ValueError for a `level` outside (0, 1).
    """
    _check_level(level)
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(count: float, n: float, level: float = 0.95) -> Interval:
    """Compute Wilson's score interval for count / n.

    `count` and `n` may be effective and hence fractional. With n = 0 the interval is [0, 1]; a count of 0 or n puts
    one end exactly at 0 or 1. Raises ValueError for a count outside [0, n] or a level outside (0, 1).

    Wilson (1927), JASA 22:209.
    """
    _check_arguments(count, n, level)
    z = normal_quantile(level)
    low, high = 0.0, 1.0
    if n > 0:
        share = count / n
        pull = z * z / n
        centre = (share + pull / 2) / (1 + pull)
        reach = math.sqrt(share * (1 - share) * pull + pull * pull / 4) / (1 + pull)
        low = 0.0 if count == 0 else max(0.0, centre - reach)
        high = 1.0 if count == n else min(1.0, centre + reach)
    return Interval(low, high, "Wilson", level)


def simultaneous(count: float, n: float, categories: int, level: float = 0.95) -> Interval:
    """Compute one of `categories` intervals that hold jointly at `level`: Clopper-Pearson's at alpha / K.

    All of them cover in at least 96.5 % of samples in every case of `benchmarks/coverage.py`; Goodman's, which are
    Wilson's at alpha / K, in 90 % with twelve categories at n = 50. Edge cases and errors are those of
    `clopper_pearson`.

    Bonferroni's inequality; Clopper & Pearson (1934), Biometrika 26:404.
    """
    single = clopper_pearson(count, n, simultaneous_level(level, categories))
    return Interval(single.low, single.high, "Clopper-Pearson, all categories at once", level)


def simultaneous_level(level: float, categories: int) -> float:
    """Return the level of each of `categories` intervals at which all hold jointly at `level` (Bonferroni).

    Raises ValueError for fewer than one category.
    """
    if categories < 1:
        raise ValueError(f"{categories} categories: one is the least")
    return 1 - (1 - level) / categories


def clopper_pearson(count: float, n: float, level: float = 0.95) -> Interval:
    """Compute the exact interval, which never covers less than `level` and is wider than necessary.

    With n = 0 it is [0, 1]. Effective counts are allowed. Raises ValueError like `wilson`.

    Clopper & Pearson (1934), Biometrika 26:404;
    Korn & Graubard (1998), Surv. Methodol. 24:193, for effective counts.
    """
    from scipy.special import betaincinv

    _check_arguments(count, n, level)
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, n - count + 1, tail))
    high = 1.0 if count == n else float(betaincinv(count + 1, n - count, 1 - tail))
    return Interval(low, high, "Clopper-Pearson, exact", level)


def confidence_sequence(count: float, n: float, level: float = 0.95) -> Interval:
    """Compute an interval that is valid at every n at once, so that it may be inspected after each label.

    It inverts Robbins' mixture martingale with a flat Beta(1, 1) prior: it holds the shares at which the mixture is
    less than 1 / alpha times as likely. With n = 0 it is [0, 1]. Raises ValueError like `wilson`.

    Robbins (1970), Ann. Math. Stat. 41:1397; Howard et al. (2021), Ann. Stat. 49:1055.
    """
    _check_arguments(count, n, level)
    misses = n - count
    mixture = math.lgamma(1 + count) + math.lgamma(1 + misses) - math.lgamma(2 + n)
    least = mixture + math.log(1 - level)

    def holds(share: float) -> bool:
        # bisection never reaches 0 or 1, where a logarithm would fail
        return count * math.log(share) + misses * math.log1p(-share) > least

    low = 0.0 if count == 0 else _bisect(0.0, count / n, holds)
    high = 1.0 if count == n else _bisect(1.0, count / n, holds)
    return Interval(low, high, "Robbins, anytime-valid", level)


def mover(share: float, interval: Interval, other_share: float, other: Interval) -> Interval:
    """Compute the interval of share - other_share from each one's own interval (MOVER), cut off at -1 and 1.

    Zou & Donner (2008), Stat. Med. 27:1693.
    """
    difference = share - other_share
    low = difference - math.hypot(share - interval.low, other.high - other_share)
    high = difference + math.hypot(interval.high - share, other_share - other.low)
    return Interval(max(-1.0, low), min(1.0, high), "MOVER", interval.level)


def newcombe(count: float, n: float, other_count: float, other_n: float, level: float = 0.95) -> Interval:
    """Compute Newcombe's hybrid score interval (MOVER with Wilson's) for count / n - other_count / other_n.

    Effective counts are allowed. With n = 0 on either side it is [-1, 1]. Raises ValueError like `wilson`.

    Newcombe (1998), Stat. Med. 17:873, method 10.
    """
    one, other = wilson(count, n, level), wilson(other_count, other_n, level)
    if n <= 0 or other_n <= 0:
        return Interval(-1.0, 1.0, "Newcombe", level)
    return replace(mover(count / n, one, other_count / other_n, other), method="Newcombe")


def _check_arguments(count: float, n: float, level: float) -> None:
    if not 0 <= count <= n:
        raise ValueError(f"a count lies between 0 and n: {count} of {n}")
    _check_level(level)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not at {level}")


def _bisect(outside: float, inside: float, holds: Callable[[float], bool]) -> float:
    """Find where `holds` turns true between a point outside an interval and one inside, to 1e-13."""
    while abs(inside - outside) > 1e-13:
        middle = (inside + outside) / 2
        if holds(middle):
            inside = middle
        else:
            outside = middle
    return outside
