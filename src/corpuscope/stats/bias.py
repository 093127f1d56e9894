"""The reader's effect on shares: whether two readers of the same documents use a category equally often."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpuscope.stats.intervals import Interval, normal_quantile
from corpuscope.stats.p_values import holm, mcnemar_mid_p

ENOUGH = 20
"""Documents that two readers must share before their shares are tested against each other."""


@dataclass(frozen=True, slots=True)
class ReaderEffect:
    """A category that two readers used on the same documents, one perhaps more often than the other."""

    category: str
    """Name of the category."""
    first: str
    """Name of one reader."""
    second: str
    """Name of the other reader."""
    counts: tuple[int, int]
    """Documents to which each of them gave the category, of those that both labelled."""
    n: int
    """Documents that both labelled."""
    interval: Interval
    """Agresti and Min's interval for the second share minus the first, paired and taken alone."""
    p: float
    """McNemar's mid-p, adjusted by Holm's method for every category of every pair of readers tested."""

    @property
    def difference(self) -> float:
        """The second reader's share minus the first's, as a fraction."""
        return (self.counts[1] - self.counts[0]) / self.n


def reader_effects(
    pairs: Sequence[tuple[str, str, Sequence[tuple[str, str]]]],
    categories: Sequence[str],
    *,
    level: float = 0.95,
) -> tuple[ReaderEffect, ...]:
    """Test every category that any of these pairs of readers used; the largest difference in units of p first.

    Each pair is two names and, for each document that both labelled, the category of the first and of the second.
    Pairs with fewer than `ENOUGH` documents are left out: the largest of many differences on few documents is noise.
    """
    effects = []
    for first, second, labels in pairs:
        if len(labels) < ENOUGH:
            continue
        for category in categories:
            one = sum(a == category != b for a, b in labels)
            other = sum(b == category != a for a, b in labels)
            both = sum(a == b == category for a, b in labels)
            if one + other + both:
                effects.append(
                    ReaderEffect(
                        category,
                        first,
                        second,
                        (both + one, both + other),
                        len(labels),
                        paired_difference(one, other, len(labels), level),
                        mcnemar_mid_p(one, other),
                    )
                )
    adjusted = holm([effect.p for effect in effects])
    tested = [replace(effect, p=p) for effect, p in zip(effects, adjusted, strict=True)]
    return tuple(sorted(tested, key=lambda effect: (effect.p, -abs(effect.difference))))


def paired_difference(first_only: int, second_only: int, n: int, level: float = 0.95) -> Interval:
    """Compute the interval for the second share minus the first, of n documents that both readers labelled.

    Agresti & Min (2005), Stat. Med. 24:729.
    """
    one, other, size = first_only + 0.5, second_only + 0.5, n + 2
    difference = (other - one) / size
    reach = normal_quantile(level) * math.sqrt(one + other - (other - one) ** 2 / size) / size
    return Interval(max(-1.0, difference - reach), min(1.0, difference + reach), "Agresti-Min", level)
