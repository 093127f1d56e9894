"""Sample size planning: how many more labels a question needs, and how long they take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

from corpuscope.stats.finite import labels_of_finite
from corpuscope.stats.interval_kinds import KINDS, IntervalKind
from corpuscope.stats.intervals import normal_quantile, wilson


@dataclass(frozen=True, slots=True)
class LabelBudget:
    """Labels and time needed until the widest interval has a chosen half-width, in `SURE` of cases."""

    half_width: float
    """Half-width aimed for, as a fraction."""
    labels: int
    """Labels needed in total."""
    left: int
    """Labels still missing; 0 when there are enough."""
    minutes: float | None
    """Minutes that the missing labels take at the annotator's own pace; None while the pace is not known."""


def labels_needed(share: float, half_width: float, *, level: float = 0.95, design_effect: float = 1.0) -> int:
    """Return the smallest n at which Wilson's interval around `share` has at most this half-width.

    `design_effect` multiplies n: 200 / 59 where 200 documents count as 59, 1 / 1.5 where each label counts as 1.5.
    A half-width of .5 or more needs one label. Raises ValueError for a share outside [0, 1] or a half-width that is
    not positive.

    Wilson (1927), JASA 22:209, solved for n.
    """
    if not 0 <= share <= 1 or half_width <= 0:
        raise ValueError(f"no sample shows a share of {share} to +- {half_width}")
    z = normal_quantile(level)
    spread = share * (1 - share)
    # with u = z^2 / n the half-width solves a u^2 + b u = half_width^2, which has one positive root
    a, b = 0.25 - half_width**2, spread - 2 * half_width**2
    if a <= 0:
        return 1
    u = (-b + math.sqrt(b * b + 4 * a * half_width**2)) / (2 * a)
    return max(1, math.ceil(design_effect * z * z / u - 1e-9))


FEW = 20
"""Labels below which estimated shares are no ground for a plan: one half is assumed, or nothing is said."""

SURE = 0.8
"""Share of cases in which a plan reaches its goal, and power that the labels needed for a verdict give it."""


def cautious_share(share: float, n_effective: float) -> float:
    """Return the share to plan for: the one nearest to one half that `SURE` of cases do not pass.

    Planning for the estimate itself reaches the goal in about every second case, since the next labels may bring
    it nearer to one half, where intervals are widest.
    """
    if n_effective <= 0:
        return 0.5
    likely = wilson(share * n_effective, n_effective, 2 * SURE - 1)
    return min(max(0.5, likely.low), likely.high)


def labels_for_width(
    kind: IntervalKind, share: float, half_width: float, categories: int, *, level: float = 0.95
) -> int:
    """Return the smallest n at which this kind's interval around `share` has at most this half-width.

    Raises ValueError like `labels_needed`, which has the closed form for Wilson's interval.
    """
    enough = labels_needed(share, half_width, level=level)
    if kind.key == KINDS[0].key:
        return enough
    too_few = 0
    while kind.of(share * enough, enough, categories, level).half_width > half_width:
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if kind.of(share * middle, middle, categories, level).half_width > half_width:
            too_few = middle
        else:
            enough = middle
    return enough


def labels_to_show(
    share: float,
    other_share: float,
    *,
    level: float = 0.95,
    power: float = SURE,
    sizes: tuple[float, float] = (math.inf, math.inf),
    fixed: tuple[float | None, float | None] = (None, None),
) -> float:
    """Return the labels per corpus at which a test at `level` shows this difference with probability `power`.

    `level` is that of the verdict, corrected for the number of tests. `sizes` are those of the corpora: whoever reads
    one whole knows its share. `fixed` are the n of samples that cannot grow, such as published ones, None for others.
    The result is not rounded; it is infinite where the shares are equal, and where a fixed sample is too small for
    any number of labels to show the difference.

    Fleiss (1981), Statistical Methods for Rates and Proportions, 3.2, without its continuity correction.
    """
    difference = abs(share - other_share)
    if difference == 0:
        return math.inf
    z, z_power = normal_quantile(level), NormalDist().inv_cdf(power)

    def is_enough(n: float) -> bool:
        first, second = (min(n if own is None else own, size) for own, size in zip(fixed, sizes, strict=True))
        pooled = (share * first + other_share * second) / (first + second)
        unread, other_unread = 1 / first - 1 / sizes[0], 1 / second - 1 / sizes[1]
        null = pooled * (1 - pooled) * (unread + other_unread)
        spread = share * (1 - share) * unread + other_share * (1 - other_share) * other_unread
        return z * math.sqrt(max(0.0, null)) + z_power * math.sqrt(max(0.0, spread)) <= difference

    low, high = 0.0, 1.0
    while not is_enough(high):
        low, high = high, 2 * high
        if high > MOST_LABELS:
            return math.inf
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


MOST_LABELS = 1e12
"""Labels beyond which no number is enough."""


def mean_seconds(reading_seconds: Sequence[float]) -> float | None:
    """Return the mean time of a label in seconds, None before the first one.

    The mean rather than the median, since it is multiplied by a number of labels.
    """
    return fmean(reading_seconds) if reading_seconds else None


def label_budget(
    labels: int,
    half_width: float,
    *,
    labelled: int,
    seconds_per_label: float | None = None,
    population: int | None = None,
) -> LabelBudget:
    """Compute the labels and minutes still needed of `labels`, of which `labelled` are given.

    A corpus of `population` documents needs fewer, and never more than it has.
    """
    needed = labels_of_finite(labels, population)
    left = max(0, needed - labelled)
    minutes = None if seconds_per_label is None else left * seconds_per_label / 60
    return LabelBudget(half_width, needed, left, minutes)
