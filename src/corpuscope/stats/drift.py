"""Drift of an annotator during a session, in speed and in the use of categories."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = 30
"""Number of latest labels compared with all earlier ones; at least as many earlier ones are needed."""
CRITICAL = 3.75
"""Critical value of the normal distribution: strict, because a session of 1,000 labels is tested about 100 times."""
GROSS = 1.5
"""Factor below which a change of speed is too small to report, however certain."""
SMALLEST_EXPECTED = 5
"""Expected labels among the latest below which categories are pooled: chi-square errs with sparse cells."""
LAGS = 5
"""Number of preceding labels that a reading time may depend on."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Difference between the latest labels and the earlier ones."""

    speed: float | None
    """Ratio of the latest median time to the earlier one, above 0; None when no change is shown."""
    mix: bool
    """True when a change in the use of categories is shown."""


def drift(times: Sequence[float | None], categories: Sequence[str]) -> Drift:
    """Compare the last `WINDOW` labels with all earlier ones, each test strict enough to be repeated.

    `times` are in any unit, None where none was measured. Documents come in random order, so neither their lengths
    nor their categories explain a drift. Times follow each other: a slow one comes after a slow one, so the latest
    count as fewer independent ones. A median of 0 is no speed, and nothing is said of it.

    Speed: Mann & Whitney (1947), Ann. Math. Stat. 18:50, normal approximation with tie correction; the variance
    inflated for autocorrelation as in Bayley & Hammersley (1946), J. R. Stat. Soc. Suppl. 8:184. Mix: Pearson's
    chi-square over a table of two rows, with the cube root of Wilson & Hilferty (1931), PNAS 17:684.
    """
    if len(categories) < 2 * WINDOW:
        return Drift(None, mix=False)
    before = [time for time in times[:-WINDOW] if time is not None]
    lately = [time for time in times[-WINDOW:] if time is not None]
    speed = None
    if min(len(before), len(lately)) >= WINDOW // 2 and (first := median(before)) > 0:
        ratio = median(lately) / first
        gross = ratio >= GROSS or 0 < ratio <= 1 / GROSS
        if gross and abs(_mann_whitney(before, lately)) >= CRITICAL * sqrt(_inflation(before, lately)):
            speed = ratio
    before_mix, lately_mix = Counter(categories[:-WINDOW]), Counter(categories[-WINDOW:])
    return Drift(speed, mix=_chi_square_z(*_pooled(before_mix, lately_mix)) >= CRITICAL)


def _inflation(before: Sequence[float], lately: Sequence[float]) -> float:
    """Return the factor by which autocorrelated times have a larger variance than independent ones; at least 1.

    Estimated from the ranks of the earlier times, since a change of speed among the latest would pass for a
    correlation; `lately` only tells how many lags matter.
    """
    ranks = _ranks(before)
    n, mean = len(before), (len(before) + 1) / 2
    deviations = [ranks[time] - mean for time in before]
    variance = sum(deviation * deviation for deviation in deviations)
    if variance <= 0:
        return 1.0
    inflation = 1.0
    for lag in range(1, min(LAGS, n // 4, len(lately) - 1) + 1):
        pairs = zip(deviations[:-lag], deviations[lag:], strict=True)
        correlation = sum(a * b for a, b in pairs) / variance
        # the estimate is biased downwards by about (1 + 3r) / n (Kendall 1954)
        correlation += (1 + 3 * max(correlation, 0.0)) / n
        if correlation <= 0:
            break
        inflation += 2 * (1 - lag / len(lately)) * correlation
    return inflation


def _pooled(before: Counter[str], lately: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    """Pool the categories of which too few are expected among the latest labels, the rarest first."""
    both = before + lately
    share = lately.total() / both.total()
    frequent = {name for name, count in both.items() if count * share >= SMALLEST_EXPECTED}
    rest = sorted((name for name in both if name not in frequent), key=lambda name: both[name])
    if rest and sum(both[name] for name in rest) * share < SMALLEST_EXPECTED and frequent:
        least = min(sorted(frequent), key=lambda name: both[name])
        rest.append(least)
        frequent.discard(least)

    def pool(counts: Counter[str]) -> Counter[str]:
        pooled = Counter({name: counts[name] for name in frequent})
        pooled["\0rare"] = sum(counts[name] for name in rest)
        return pooled

    return (pool(before), pool(lately)) if rest else (before, lately)


def _ranks(values: Sequence[float]) -> dict[float, float]:
    """Return the mean rank of each value."""
    counts = Counter(values)
    ranks, below = {}, 0
    for value in sorted(counts):
        ranks[value] = below + (counts[value] + 1) / 2
        below += counts[value]
    return ranks


def _mann_whitney(first: Sequence[float], second: Sequence[float]) -> float:
    """Compute the standardised rank sum of the second sample; 0 when all values are equal."""
    both = (*first, *second)
    ranks, ties = _ranks(both), sum(count**3 - count for count in Counter(both).values())
    m, n, total = len(first), len(second), len(both)
    variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:
        return 0.0
    return (sum(ranks[value] for value in second) - n * (total + 1) / 2) / sqrt(variance)


def _chi_square_z(before: Counter[str], lately: Counter[str]) -> float:
    """Compute the difference of two mixes as a standard normal deviate; 0 with a single category."""
    both = before + lately
    m, n = before.total(), lately.total()
    df = len(both) - 1
    if df < 1:
        return 0.0
    chi2 = sum((before[name] * n - lately[name] * m) ** 2 / (m * n * both[name]) for name in both)
    spread = 2 / (9 * df)
    root: float = (chi2 / df) ** (1 / 3)
    return (root - 1 + spread) / sqrt(spread)
