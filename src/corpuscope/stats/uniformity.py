"""Tests of whether a sample looks like a uniform draw from its corpus."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

SUSPICIOUS, ERROR = 0.01, 0.001
"""p-values below which a check is suspicious or fails; a uniform sample gets there once in 100 or 1,000 times."""


class Uniformity(StrEnum):
    """The verdict of a check."""

    OK = "ok"
    """Consistent with a uniform draw."""
    SUSPICIOUS = "suspicious"
    """Happens by chance in one of a hundred samples; repeat with more draws."""
    ERROR = "error"
    """Practically impossible by chance: something is wrong with the draw."""


@dataclass(frozen=True, slots=True)
class UniformityCheck:
    """The result of one test of uniformity."""

    name: str
    """Property that was tested: "positions", "occupancy" or "lengths"."""
    statistic: float
    """Kolmogorov-Smirnov's D, or the number of groups hit at least once."""
    expected: float | None
    """Number of groups a uniform draw is expected to hit; None for the Kolmogorov-Smirnov tests."""
    n: int
    """Documents tested; those of the smaller sample where there are two."""
    p: float
    """Two-sided probability of so extreme a statistic under a uniform draw."""

    @property
    def verdict(self) -> Uniformity:
        """Verdict by p."""
        if self.p < ERROR:
            return Uniformity.ERROR
        return Uniformity.SUSPICIOUS if self.p < SUSPICIOUS else Uniformity.OK


def check_positions(rows: Sequence[int], totals: Sequence[int]) -> UniformityCheck:
    """Test whether rows lie evenly in files of `totals` rows by the Kolmogorov-Smirnov test.

    Rows count from 0. Each one stands at (row + 1/2) / total, so that small files do not fail the test. An empty
    sample passes.

    Kolmogorov (1933); scipy.stats.kstest.
    """
    from scipy.stats import kstest

    if len(rows) == 0:
        return UniformityCheck("positions", 0.0, None, 0, 1.0)
    places = (np.asarray(rows) + 0.5) / np.asarray(totals)
    result = kstest(places, "uniform")
    return UniformityCheck("positions", float(result.statistic), None, len(rows), float(result.pvalue))


def check_occupancy(
    groups: Sequence[Hashable], sizes: Sequence[float], *, resamples: int = 9_999, seed: int = 0
) -> UniformityCheck:
    """Test whether draws hit as many different row groups or shards as draws in proportion to `sizes` do.

    Too few mean that the draw is clumped, too many that it is spread by hand. The null distribution is simulated,
    since neither the normal nor the Poisson approximation holds from ten draws to thousands. An empty sample passes.

    Feller (1968), An Introduction to Probability Theory, vol. 1, II.5 and IV.2.
    """
    if len(groups) == 0:
        return UniformityCheck("occupancy", 0.0, 0.0, 0, 1.0)
    n, hit = len(groups), len(set(groups))
    edges = np.cumsum(np.asarray(sizes, dtype=float))
    rng = np.random.default_rng(seed)
    simulated = np.empty(resamples, dtype=np.int64)
    is_hit = np.zeros(len(sizes), dtype=bool)
    for index in range(resamples):
        is_hit[:] = False
        is_hit[np.searchsorted(edges, rng.random(n) * edges[-1], side="right")] = True
        simulated[index] = np.count_nonzero(is_hit)
    fewer, more = int((simulated <= hit).sum()), int((simulated >= hit).sum())
    p = min(1.0, 2 * (1 + min(fewer, more)) / (1 + resamples))
    return UniformityCheck("occupancy", hit, float(simulated.mean()), n, p)


def check_lengths(lengths: Sequence[int], other_lengths: Sequence[int]) -> UniformityCheck:
    """Test whether two samples have the same document lengths by the two-sample Kolmogorov-Smirnov test.

    Lengths are compared as log(1 + length), which leaves the statistic unchanged. An empty sample passes.

    Smirnov (1939); scipy.stats.ks_2samp.
    """
    from scipy.stats import ks_2samp

    n = min(len(lengths), len(other_lengths))
    if n == 0:
        return UniformityCheck("lengths", 0.0, None, 0, 1.0)
    result = ks_2samp(np.log1p(lengths), np.log1p(other_lengths))
    return UniformityCheck("lengths", float(result.statistic), None, n, float(result.pvalue))
