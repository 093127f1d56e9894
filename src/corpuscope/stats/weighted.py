"""Shares estimated from documents of unequal weight or drawn in clusters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpuscope.stats.intervals import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class WeightedShares:
    """Estimated shares of all categories, with standard errors and effective sample sizes."""

    shares: tuple[float, ...]
    """Ratio estimates, one per category code."""
    standard_errors: tuple[float, ...]
    """Linearised standard errors of the shares, as R's survey package gives them; nan for a single unit."""
    n_kish: float
    """Kish's effective sample size, which accounts for unequal weights only."""
    n_effective: float
    """Size of the simple random sample that would say as much about the mix as a whole; at most n_kish."""
    n_effective_by_category: tuple[float, ...]
    """The same for each category alone, smaller where its documents are the heavy ones; at most n_effective."""
    clusters: int | None
    """Number of clusters; None when every document was drawn independently."""
    heaviest: float
    """Share of all weight that the heaviest document has; 0 where there is no weight."""


def kish(weights: Sequence[float] | NDArray[np.float64]) -> float:
    """Compute Kish's effective sample size, (sum w)^2 / sum w^2; 0 when all weights are 0.

    Kish (1965), Survey Sampling, 11.7.
    """
    w = np.asarray(weights, dtype=float)
    squares = float((w * w).sum())
    return float(w.sum()) ** 2 / squares if squares > 0 else 0.0


def weighted_shares(
    codes: Sequence[int],
    categories: int,
    *,
    weights: Sequence[float] | None = None,
    clusters: Sequence[Hashable] | None = None,
    level: float = 0.95,
) -> WeightedShares:
    """Estimate the shares of `categories` codes by ratio (Hajek), and the n at which Wilson's interval covers.

    The effective n is Kish's over the design effect of the linearised variance, which is pooled over the categories
    and never below 1. A category's own n is smaller where its documents are the heavy ones. Clusters have only m - 1
    degrees of freedom, so n shrinks by (z / t)^2 at `level`, to 0 for a single cluster. Clusters of one document
    each are ignored. Equal weights without clusters give the plain shares and n; weights that are all 0 give 0.

    Raises ValueError for weights or clusters that are not one per document, and for negative weights.

    Hajek (1971); Korn & Graubard (1998), Surv. Methodol. 24:193.
    """
    code = np.asarray(codes, dtype=np.intp)
    w = np.ones(len(code)) if weights is None else np.asarray(weights, dtype=float)
    if len(w) != len(code) or (w < 0).any():
        raise ValueError("weights are one per document and never negative")
    hits = code[:, None] == np.arange(categories)
    mass = w @ hits
    total = float(mass.sum())
    if total <= 0:
        nothing = (0.0,) * categories
        return WeightedShares(nothing, nothing, 0.0, 0.0, nothing, None, 0.0)
    shares = mass / total
    influence = w[:, None] * (hits - shares) / total
    spread = shares * (1 - shares)
    # without clusters the small-sample factor is left out, so that equal weights give n itself
    by_document = (influence**2).sum(axis=0)
    groups = cluster_numbers(clusters, len(code))
    if groups is None:
        units, squares = len(code), by_document
        pooled = squares
    else:
        units, squares = int(groups.max()) + 1, (sums_by_cluster(groups, influence) ** 2).sum(axis=0)
        pooled = squares * _bessel(units)
    n_kish = kish(w)
    n_effective = min(n_kish, _ratio(spread.sum(), pooled.sum(), n_kish))
    if groups is not None:
        n_effective *= normal_over_t(units - 1, level)
    by_category = [_ratio(p, v, n_effective) for p, v in zip(spread, by_document, strict=True)]
    return WeightedShares(
        shares=tuple(shares.tolist()),
        standard_errors=tuple(np.sqrt(squares * _bessel(units)).tolist()),
        n_kish=n_kish,
        n_effective=n_effective,
        n_effective_by_category=tuple(min(n_effective, n) for n in by_category),
        clusters=None if groups is None else units,
        heaviest=float(w.max()) / total,
    )


def cluster_numbers(clusters: Sequence[Hashable] | None, n: int) -> NDArray[np.intp] | None:
    """Number the clusters from 0; None when no cluster holds two documents."""
    if clusters is None:
        return None
    if len(clusters) != n:
        raise ValueError("clusters are one per document")
    numbers: dict[Hashable, int] = {}
    groups = [numbers.setdefault(cluster, len(numbers)) for cluster in clusters]
    return np.array(groups, dtype=np.intp) if len(numbers) < n else None


def sums_by_cluster(groups: NDArray[np.intp], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum the rows of `values` within each cluster, numbered as by `cluster_numbers`."""
    sums = np.zeros((int(groups.max()) + 1, values.shape[1]))
    np.add.at(sums, groups, values)
    return sums


def _bessel(units: int) -> float:
    return units / (units - 1) if units > 1 else math.nan


def _ratio(spread: float, variance: float, otherwise: float) -> float:
    """Return the n at which a simple random sample has this variance; `otherwise` where nothing varies."""
    return float(spread / variance) if variance > 0 else otherwise


def normal_over_t(df: float, level: float) -> float:
    """Compute (z / t)^2, the factor on n that t with `df` degrees of freedom costs; 0 without any."""
    from scipy.special import stdtrit

    if df < 1:
        return 0.0
    return float((normal_quantile(level) / stdtrit(df, (1 + level) / 2)) ** 2)
