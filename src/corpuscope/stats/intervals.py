"""Intervals for one share and for the difference of two shares."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

from corpuscope.errors import UsageError, nearest


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a share or a difference of shares lies, at a stated level, by a named method."""

    low: float
    """Lower end, as a fraction."""
    high: float
    """Upper end, as a fraction."""
    method: str
    """The method in words, as a caption prints it."""
    level: float
    """Confidence level, as a fraction; for simultaneous intervals that of all of them together."""

    @property
    def half_width(self) -> float:
        """Half the distance between the ends: the "+-" of a table, though the share need not lie midway."""
        return (self.high - self.low) / 2


@cache
def normal_quantile(level: float) -> float:
    """Standard errors a two-sided interval reaches: 1.96 at .95. A `level` outside (0, 1) is an error."""
    _check_level(level)
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(count: float, n: float, level: float = 0.95) -> Interval:
    """Wilson's score interval for count / n.

    `count` and `n` may be effective, hence fractions of documents. With n = 0 the interval is [0, 1]; a count
    of 0 or n puts one end exactly at 0 or 1.

    Wilson (1927), JASA 22:209.
    """
    _check(count, n, level)
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


def goodman(count: float, n: float, categories: int, level: float = 0.95) -> Interval:
    """Goodman's interval: all `categories` shares of one sample at once, by Wilson's at a level of alpha / K.

    Edge cases are Wilson's; one category alone gives Wilson's interval.

    Goodman (1965), Technometrics 7:247.
    """
    each = wilson(count, n, simultaneous_level(level, categories))
    return Interval(each.low, each.high, "Goodman, all categories at once", level)


def simultaneous_level(level: float, categories: int) -> float:
    """The level each of `categories` intervals needs for all of them to hold at `level` (Bonferroni)."""
    if categories < 1:
        raise ValueError(f"{categories} categories: one is the least")
    return 1 - (1 - level) / categories


def clopper_pearson(count: float, n: float, level: float = 0.95) -> Interval:
    """The exact interval: never covers less than `level`, and is wider than it has to be.

    With n = 0 it is [0, 1]. Effective counts are allowed.

    Clopper & Pearson (1934), Biometrika 26:404;
    Korn & Graubard (1998), Surv. Methodol. 24:193, for effective counts.
    """
    from scipy.special import betaincinv

    _check(count, n, level)
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, n - count + 1, tail))
    high = 1.0 if count == n else float(betaincinv(count + 1, n - count, 1 - tail))
    return Interval(low, high, "Clopper-Pearson, exact", level)


def confidence_sequence(count: float, n: float, level: float = 0.95) -> Interval:
    """An interval that holds at every n at once, so that looking after each label does no harm.

    Robbins' mixture martingale with a flat Beta(1, 1) prior: the shares whose likelihood is beaten less than
    1 / alpha times by that of the mixture. With n = 0 it is [0, 1].

    Robbins (1970), Ann. Math. Stat. 41:1397; Howard et al. (2021), Ann. Stat. 49:1055.
    """
    _check(count, n, level)
    misses = n - count
    mixture = math.lgamma(1 + count) + math.lgamma(1 + misses) - math.lgamma(2 + n)
    least = mixture + math.log(1 - level)

    def holds(share: float) -> bool:
        # Never called at 0 or 1, where a logarithm would fail.
        return count * math.log(share) + misses * math.log1p(-share) > least

    low = 0.0 if count == 0 else _edge(0.0, count / n, holds)
    high = 1.0 if count == n else _edge(1.0, count / n, holds)
    return Interval(low, high, "Robbins, anytime-valid", level)


def newcombe(count: float, n: float, other_count: float, other_n: float, level: float = 0.95) -> Interval:
    """The interval for count / n - other_count / other_n: Newcombe's hybrid score, or MOVER over Wilson's.

    Takes effective counts. With either n = 0 it is [-1, 1].

    Newcombe (1998), Stat. Med. 17:873, method 10.
    """
    one, other = wilson(count, n, level), wilson(other_count, other_n, level)
    low, high = -1.0, 1.0
    if n > 0 and other_n > 0:
        share, other_share = count / n, other_count / other_n
        difference = share - other_share
        low = max(-1.0, difference - math.hypot(share - one.low, other.high - other_share))
        high = min(1.0, difference + math.hypot(one.high - share, other_share - other.low))
    return Interval(low, high, "Newcombe", level)


@dataclass(frozen=True, slots=True)
class IntervalKind:
    """One of the intervals a person can choose for a table of shares."""

    key: str
    """What it is called on the command line; `Interval.method` is what captions call it."""
    of: Callable[[float, float, int, float], Interval]
    """Count, n, number of categories, level -> interval."""
    simultaneous: bool = False
    """True when the level is that of all categories together."""


KINDS = (
    IntervalKind("wilson", lambda count, n, _, level: wilson(count, n, level)),
    IntervalKind("goodman", goodman, simultaneous=True),
    IntervalKind("exact", lambda count, n, _, level: clopper_pearson(count, n, level)),
    IntervalKind("anytime", lambda count, n, _, level: confidence_sequence(count, n, level)),
)
"""Every kind, the default first."""


def kind_named(key: str) -> IntervalKind:
    """The kind called `key`; an unknown one is a UsageError that lists the known ones."""
    for kind in KINDS:
        if kind.key == key:
            return kind
    raise UsageError(f"there is no interval called {key!r}", nearest(key, [kind.key for kind in KINDS]))


def _check(count: float, n: float, level: float) -> None:
    if not 0 <= count <= n:
        raise ValueError(f"a count lies between 0 and n: {count} of {n}")
    _check_level(level)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not at {level}")


def _edge(outside: float, inside: float, holds: Callable[[float], bool]) -> float:
    """Where `holds` turns true between a point outside an interval and one inside, by bisection to 1e-13."""
    while abs(inside - outside) > 1e-13:
        middle = (inside + outside) / 2
        if holds(middle):
            inside = middle
        else:
            outside = middle
    return outside
