"""Hypothesis tests: the p-values behind ranks, verdicts and headlines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


def permuted(
    counts: Sequence[int], other_counts: Sequence[int], *, resamples: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Permute the labels of two corpora: return `resamples` rows of counts for the first and for the other.

    The labels are pooled and randomly reassigned, which keeps all totals; the same seed gives the same tables. With
    two corpora that is a multivariate hypergeometric draw, which numpy has, so scipy.stats need not be loaded.
    """
    import numpy as np

    totals = np.array([a + b for a, b in zip(counts, other_counts, strict=True)], dtype=np.int64)
    first = np.random.default_rng(seed).multivariate_hypergeometric(totals, sum(counts), size=resamples)
    return first, totals - first


SMALLEST_EXPECTED = 5
"""Expected count of a cell below which the table is permuted instead of using the chi-square distribution."""


@dataclass(frozen=True, slots=True)
class GlobalTest:
    """Test of the hypothesis that two corpora hold the same mix of categories."""

    statistic: float
    """Pearson's chi-square of the two rows of counts."""
    df: int
    """Degrees of freedom: categories found in either corpus, less one."""
    p: float
    """Probability of a statistic at least as large if the mix were the same."""
    method: str
    """Distribution that p comes from: "chi-square" or "permutation"."""


def equal_counts_p(count: int, other: int) -> float:
    """Test exactly (binomial, two-sided) whether two categories of one sample are equally common.

    Two counts of 0 give p = 1.

    Conover (1999), Practical Nonparametric Statistics, 3.1.
    """
    total, larger = count + other, max(count, other)
    if 2 * larger <= total + 1:
        return 1.0
    log_term = math.lgamma(total + 1) - math.lgamma(larger + 1) - math.lgamma(total - larger + 1)
    term = math.exp(log_term - total * math.log(2))
    tail = 0.0
    for k in range(larger, total + 1):
        tail += term
        term *= (total - k) / (k + 1)
        if term < tail * 1e-16:
            break
    return min(1.0, 2 * tail)


def fisher_mid_p(count: int, n: int, other_count: int, other_n: int) -> float:
    """Test whether two shares are equal by Fisher's test with Lancaster's mid-p, two-sided.

    Tables less likely than the observed one count in full, equally likely ones (itself included) by half: the exact
    test errs on the safe side so far that rare categories are hardly ever told apart. Where none or all of the
    documents are in the category, or a corpus is empty, p is 1.

    Lancaster (1961), JASA 56:223; Hirji (2006), Exact Analysis of Discrete Data, 7.
    """
    hits = count + other_count
    least, most = max(0, hits - other_n), min(n, hits)
    if least == most:
        return 1.0
    weights = _table_weights(n, other_n, hits)
    observed = weights.get(count, 0.0)
    less = math.fsum(weight for weight in weights.values() if weight < observed * (1 - TIE))
    tied = math.fsum(weight for weight in weights.values() if abs(weight - observed) <= observed * TIE)
    return min(1.0, (less + tied / 2) / math.fsum(weights.values()))


TIE = 1e-7
"""Relative difference below which two tables are equally likely; R's fisher.test uses the same."""


def _table_weights(n: int, other_n: int, hits: int) -> dict[int, float]:
    """Return the relative probability of each number of hits in the first sample; negligible ones are left out."""
    mode = (n + 1) * (hits + 1) // (n + other_n + 2)
    least, most = max(0, hits - other_n), min(n, hits)
    mode = min(max(mode, least), most)
    weights = {mode: 1.0}
    for step in (1, -1):
        k, weight = mode, 1.0
        while least <= k + step <= most and weight > 0:
            rest = other_n - hits + k
            if step > 0:
                weight *= (n - k) * (hits - k) / ((k + 1) * (rest + 1))
            else:
                weight *= k * rest / ((n - k + 1) * (hits - k + 1))
            k += step
            weights[k] = weight
    return weights


def mcnemar_mid_p(one_way: int, other_way: int) -> float:
    """Test whether two readers of the same documents give a category equally often, two-sided, with mid-p.

    `one_way` documents got the category from the first reader only, `other_way` from the second only. Without such
    documents p is 1.

    McNemar (1947), Psychometrika 12:153; Fagerland et al. (2013), BMC Med. Res. Methodol. 13:91, for the mid-p.
    """
    total, fewer = one_way + other_way, min(one_way, other_way)
    if 2 * fewer == total:
        return 1.0
    below = sum(math.comb(total, k) for k in range(fewer))
    ways: int = 2**total
    return (2 * below + math.comb(total, fewer)) / ways


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p-values by Holm's step-down method; the order is kept, and none exceeds 1.

    Holm (1979), Scand. J. Stat. 6:65.
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for step, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - step) * p_values[index]))
        adjusted[index] = largest
    return tuple(adjusted)


def same_mix(
    counts: Sequence[float], other_counts: Sequence[float], *, resamples: int = 9_999, seed: int = 0
) -> GlobalTest:
    """Test whether two corpora hold the same mix by Pearson's chi-square, permuted for expected counts below 5.

    Categories found in neither corpus are left out; with fewer than two left, or an empty corpus, p is 1. With
    effective counts this is Rao and Scott's first-order correction; for a permutation they are rounded.

    Pearson (1900), Phil. Mag. 50:157; Rao & Scott (1981), JASA 76:221.
    """
    pairs = [(a, b) for a, b in zip(counts, other_counts, strict=True) if a + b > 0]
    n, other_n = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    if len(pairs) < 2 or n == 0 or other_n == 0:
        return GlobalTest(0.0, max(0, len(pairs) - 1), 1.0, "chi-square")
    df = len(pairs) - 1
    statistic = _pearson(pairs, n, other_n)
    smallest = min(n, other_n) / (n + other_n) * min(a + b for a, b in pairs)
    if smallest < SMALLEST_EXPECTED - 1e-9:
        whole = [(round(a), round(b)) for a, b in pairs]
        return GlobalTest(statistic, df, _permutation_p(whole, resamples, seed), "permutation")
    from scipy.special import chdtrc

    return GlobalTest(statistic, df, float(chdtrc(df, statistic)), "chi-square")


def p_in_words(p: float) -> str:
    """Format a p-value like "p = .023": three decimals, four below .01; "p < .001" below that, "p > .99" near 1.

    One just below 5 % has four, cut and not rounded, so that it does not read as .050 beside a verdict.
    """
    if p < 0.001:
        return "p < .001"
    if p > 0.99:
        return "p > .99"
    digits = f"{p:.4f}" if p < 0.01 else f"{p:.3f}"
    if p < 0.05 and digits == "0.050":
        digits = f"{math.floor(10_000 * p) / 10_000:.4f}"
    return f"p = {digits.removeprefix('0')}"


def _pearson(pairs: Sequence[tuple[float, float]], n: float, other_n: float) -> float:
    total = n + other_n
    # both cells of a category deviate from their expectation by the same amount
    return sum((a - (a + b) * n / total) ** 2 / (a + b) for a, b in pairs) * total * total / (n * other_n)


def _permutation_p(pairs: Sequence[tuple[int, int]], resamples: int, seed: int) -> float:
    """Return the share of tables with the same margins that are at least as extreme; the observed one counts."""
    pairs = [pair for pair in pairs if sum(pair) > 0]
    counts, other_counts = [a for a, _ in pairs], [b for _, b in pairs]
    n, other_n = sum(counts), sum(other_counts)
    if n == 0 or other_n == 0:
        return 1.0
    first, other = permuted(counts, other_counts, resamples=resamples, seed=seed)
    totals = first[0] + other[0]
    misses = first - totals * n / (n + other_n)
    statistics = (misses**2 / totals).sum(axis=1) * (n + other_n) ** 2 / (n * other_n)
    extreme = int((statistics >= _pearson(pairs, n, other_n) * (1 - 1e-9)).sum())
    return (1 + extreme) / (1 + resamples)
