"""Shares estimated from documents of unequal weight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpuscope.stats.intervals import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class WeightedShares:
    """Estimated shares of all categories, with standard errors and effective sample sizes."""

    shares: tuple[float, ...]
    """Ratio estimates, one per category code."""
    standard_errors: tuple[float, ...]
    """Linearised standard errors of the shares, as R's survey package gives them; nan for a single document."""
    n_kish: float
    """Kish's effective sample size, which accounts for unequal weights only."""
    n_effective: float
    """Size of the simple random sample that would say as much about the mix as a whole; at most n_kish."""
    n_effective_by_category: tuple[float, ...]
    """The same for each category alone, smaller where its documents are the heavy ones; at most n_effective."""
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
) -> WeightedShares:
    """Estimate the shares of `categories` codes by ratio (Hajek), and the n at which Wilson's interval covers.

    The effective n is Kish's over the design effect of the linearised variance, which is pooled over the categories
    and never below 1. A category's own n is smaller where its documents are the heavy ones. Equal weights give the
    plain shares and n; weights that are all 0 give 0.

    Raises ValueError for weights that are not one per document, and for negative weights.

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
        return WeightedShares(nothing, nothing, 0.0, 0.0, nothing, 0.0)
    shares = mass / total
    influence = w[:, None] * (hits - shares) / total
    spread = shares * (1 - shares)
    # the small-sample factor is left out of the effective n, so that equal weights give n itself
    squares = (influence**2).sum(axis=0)
    n_kish = kish(w)
    n_effective = min(n_kish, _ratio(spread.sum(), squares.sum(), n_kish))
    by_category = [_ratio(p, v, n_effective) for p, v in zip(spread, squares, strict=True)]
    bessel = len(code) / (len(code) - 1) if len(code) > 1 else math.nan
    return WeightedShares(
        shares=tuple(shares.tolist()),
        standard_errors=tuple(np.sqrt(squares * bessel).tolist()),
        n_kish=n_kish,
        n_effective=n_effective,
        n_effective_by_category=tuple(min(n_effective, n) for n in by_category),
        heaviest=float(w.max()) / total,
    )


def _ratio(spread: float, variance: float, otherwise: float) -> float:
    """Return the n at which a simple random sample has this variance; `otherwise` where nothing varies."""
    return float(spread / variance) if variance > 0 else otherwise


def normal_over_t(df: float, level: float) -> float:
    """Compute (z / t)^2, the factor on n that t with `df` degrees of freedom costs; 0 without any."""
    from scipy.special import stdtrit

    if df < 1:
        return 0.0
    return float((normal_quantile(level) / stdtrit(df, (1 + level) / 2)) ** 2)
