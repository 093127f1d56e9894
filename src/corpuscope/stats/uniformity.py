"""Does a sample look like a uniform draw from its corpus?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

SUSPICIOUS, ERROR = 0.01, 0.001
"""A uniform sample has a smaller p in one of a hundred, and one of a thousand, cases."""


class Uniformity(StrEnum):
    """What a check says about the sample."""

    OK = "ok"
    """Nothing speaks against a uniform draw."""
    SUSPICIOUS = "suspicious"
    """Chance gives this once in a hundred samples: look again with more draws."""
    ERROR = "error"
    """Chance does not give this: something is wrong with the draw."""


@dataclass(frozen=True, slots=True)
class UniformityCheck:
    """One way in which a sample could fail to be uniform, and whether it does."""

    name: str
    """What was looked at: "positions", "occupancy" or "lengths"."""
    statistic: float
    """Kolmogorov-Smirnov's D, or the groups hit at least once."""
    expected: float | None
    """Groups a uniform draw is expected to hit; None for the other checks, whose D is small."""
    n: int
    """Documents looked at, of the smaller sample where there are two."""
    p: float
    """Two-sided probability of a statistic this far out under a uniform draw."""

    @property
    def verdict(self) -> Uniformity:
        """What p says."""
        if self.p < ERROR:
            return Uniformity.ERROR
        return Uniformity.SUSPICIOUS if self.p < SUSPICIOUS else Uniformity.OK


def check_positions(rows: Sequence[int], totals: Sequence[int]) -> UniformityCheck:
    """Kolmogorov-Smirnov test that rows lie evenly in files of `totals` rows, from 0; no rows at all pass.

    Each row counts as the middle of its place, (row + 1/2) / total, so that small files do not fail it.

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
    """Whether draws hit as many different row groups or shards as draws in proportion to `sizes` do.

    Too few means the draw is clumped, too many that it is spread by hand. The null is simulated: neither the
    normal nor the Poisson approximation holds from ten draws to thousands. No draws at all pass.

    Feller (1968), An Introduction to Probability Theory, vol. 1, II.5 and IV.2.
    """
    if len(groups) == 0:
        return UniformityCheck("occupancy", 0.0, 0.0, 0, 1.0)
    n, hit = len(groups), len(set(groups))
    edges = np.cumsum(np.asarray(sizes, dtype=float))
    rng = np.random.default_rng(seed)
    simulated = np.empty(resamples, dtype=np.int64)
    seen = np.zeros(len(sizes), dtype=bool)
    for index in range(resamples):
        seen[:] = False
        seen[np.searchsorted(edges, rng.random(n) * edges[-1], side="right")] = True
        simulated[index] = np.count_nonzero(seen)
    fewer, more = int((simulated <= hit).sum()), int((simulated >= hit).sum())
    p = min(1.0, 2 * (1 + min(fewer, more)) / (1 + resamples))
    return UniformityCheck("occupancy", hit, float(simulated.mean()), n, p)


def check_lengths(lengths: Sequence[int], other_lengths: Sequence[int]) -> UniformityCheck:
    """Two-sample Kolmogorov-Smirnov test that documents are as long as those of another sample of the corpus.

    Of log(1 + length), which changes nothing but is what a plot of them shows; an empty sample passes.

    Smirnov (1939); scipy.stats.ks_2samp.
    """
    from scipy.stats import ks_2samp

    n = min(len(lengths), len(other_lengths))
    if n == 0:
        return UniformityCheck("lengths", 0.0, None, 0, 1.0)
    result = ks_2samp(np.log1p(lengths), np.log1p(other_lengths))
    return UniformityCheck("lengths", float(result.statistic), None, n, float(result.pvalue))
