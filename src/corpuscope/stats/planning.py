"""Sample size planning: how many more labels a question needs, and how long they take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

from corpuscope.stats.intervals import normal_quantile


@dataclass(frozen=True, slots=True)
class LabelBudget:
    """Labels and time needed until every share is known to a chosen half-width."""

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


def labels_to_show(share: float, other_share: float, *, level: float = 0.95, power: float = 0.8) -> float:
    """Return the labels per corpus at which a test at `level` shows this difference with probability `power`.

    Assumes two simple random samples of equal size and one test, without a correction for the number of categories.
    The result is not rounded, and infinite where the shares are equal.

    Fleiss (1981), Statistical Methods for Rates and Proportions, 3.2, without its continuity correction.
    """
    difference = abs(share - other_share)
    if difference == 0:
        return math.inf
    mean = (share + other_share) / 2
    spread = share * (1 - share) + other_share * (1 - other_share)
    reach = normal_quantile(level) * math.sqrt(2 * mean * (1 - mean))
    return ((reach + NormalDist().inv_cdf(power) * math.sqrt(spread)) / difference) ** 2


def mean_seconds(reading_seconds: Sequence[float]) -> float | None:
    """Return the mean time of a label in seconds, None before the first one.

    The mean rather than the median, since it is multiplied by a number of labels.
    """
    return fmean(reading_seconds) if reading_seconds else None


def label_budget(
    share: float,
    half_width: float,
    *,
    labelled: int,
    seconds_per_label: float | None = None,
    level: float = 0.95,
    design_effect: float = 1.0,
) -> LabelBudget:
    """Compute the labels and minutes still needed after `labelled` labels, for the n of `labels_needed`."""
    labels = labels_needed(share, half_width, level=level, design_effect=design_effect)
    left = max(0, labels - labelled)
    minutes = None if seconds_per_label is None else left * seconds_per_label / 60
    return LabelBudget(half_width, labels, left, minutes)
