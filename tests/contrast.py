"""Methods that the app does not use, for the simulations and published values that show why."""

from __future__ import annotations

import math

from corpuscope.stats.intervals import Interval, simultaneous_level, wilson


def goodman(count: float, n: float, categories: int, level: float = 0.95) -> Interval:
    """Compute Goodman's simultaneous interval for one of `categories` shares: Wilson's at an error of alpha / K.

    Edge cases and errors are Wilson's; a single category gives Wilson's interval.

    Goodman (1965), Technometrics 7:247.
    """
    single = wilson(count, n, simultaneous_level(level, categories))
    return Interval(single.low, single.high, "Goodman, all categories at once", level)


def score_p(count: float, n: float, other_count: float, other_n: float) -> float:
    """Test whether two shares are equal by Miettinen and Nurminen's score test, two-sided, with their N / (N - 1).

    Effective counts are allowed. Where none or all of the documents are in the category, or a corpus is empty,
    p is 1.

    Miettinen & Nurminen (1985), Stat. Med. 4:213.
    """
    total = n + other_n
    if n <= 0 or other_n <= 0 or total <= 1:
        return 1.0
    pooled = (count + other_count) / total
    variance = pooled * (1 - pooled) * (1 / n + 1 / other_n) * total / (total - 1)
    if variance <= 0:
        return 1.0
    return math.erfc(abs(count / n - other_count / other_n) / math.sqrt(2 * variance))
