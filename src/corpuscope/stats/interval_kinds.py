"""The interval methods that can be chosen for a table of shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from corpuscope.errors import UsageError, nearest
from corpuscope.stats.finite import hypergeometric_exact, hypergeometric_mid_p
from corpuscope.stats.intervals import (
    Interval,
    clopper_pearson,
    confidence_sequence,
    simultaneous,
    simultaneous_level,
    wilson,
)


def simultaneous_finite(count: int, n: int, categories: int, level: float, population: int) -> Interval:
    """Compute one of `categories` intervals that hold jointly, for a corpus of known size: exact at alpha / K."""
    single = hypergeometric_exact(count, n, population, simultaneous_level(level, categories))
    return replace(single, method=f"{single.method}, all categories at once", level=level)


@dataclass(frozen=True, slots=True)
class IntervalKind:
    """An interval method that can be chosen for a table of shares."""

    key: str
    """Name on the command line; captions print `Interval.method` instead."""
    title: str
    """Name in a heading."""
    help: str
    """What it is for, in a few words after its key."""
    of: Callable[[float, float, int, float], Interval]
    """Function of count, n, number of categories and level that returns the interval."""
    finite: Callable[[int, int, int, float, int], Interval] | None = None
    """The same for whole counts out of a corpus of known size, its fifth argument; None where `of` serves too."""
    finite_title: str = ""
    """Name in a heading for a corpus of known size, where it is not `title`."""
    simultaneous: bool = False
    """True when the level is the joint level of all categories."""


KINDS = (
    IntervalKind(
        "wilson",
        "Wilson",
        "holds for each category by itself",
        lambda count, n, _, level: wilson(count, n, level),
        lambda count, n, _, level, size: hypergeometric_mid_p(count, n, size, level),
        finite_title="mid-p",
    ),
    IntervalKind(
        "simultaneous",
        "all categories at once",
        "holds for all categories at once",
        simultaneous,
        simultaneous_finite,
        simultaneous=True,
    ),
    IntervalKind(
        "exact",
        "exact",
        "is Clopper-Pearson",
        lambda count, n, _, level: clopper_pearson(count, n, level),
        lambda count, n, _, level, size: hypergeometric_exact(count, n, size, level),
    ),
    IntervalKind(
        "anytime",
        "anytime-valid",
        "stays valid if you look early and often",
        lambda count, n, _, level: confidence_sequence(count, n, level),
    ),
)
"""All interval methods, the default first."""

FORMER_KINDS = {"goodman": "simultaneous"}
"""Names that interval methods had in earlier versions, and what took their place."""


def kind_named(key: str) -> IntervalKind:
    """Return the interval method called `key`, or what took its place.

    Raises UsageError, which lists the known ones.
    """
    key = FORMER_KINDS.get(key, key)
    for kind in KINDS:
        if kind.key == key:
            return kind
    raise UsageError(f"there is no interval called {key!r}", nearest(key, [kind.key for kind in KINDS]))
