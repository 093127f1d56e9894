"""Shares estimated from labels and the predictions of a classifier for documents that nobody labelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_GAIN = 1.05
"""Gain below which an assisted share is not worth showing."""

MOST_GAIN = 20.0
"""Largest gain that is believed: beyond it a handful of documents would decide how well the model predicts."""


@dataclass(frozen=True, slots=True)
class PoolMeans:
    """The mean predictions over the pool, the unlabelled documents that a classifier read."""

    documents: int
    """Documents of the pool."""
    means: tuple[float, ...]
    """Mean score of each category."""
    variances: tuple[float, ...]
    """Sampling variance of each mean; 0 when the pool is the whole corpus."""
    unlabelled: float = 1.0
    """Share of the corpus that has no label; 1 where the corpus is far larger than the sample."""


@dataclass(frozen=True, slots=True)
class AssistedShares:
    """Shares from labels and predictions, with what the predictions are worth."""

    shares: tuple[float, ...]
    """Estimated shares, which add up to 1."""
    gains: tuple[float, ...]
    """Labels that one label is worth, for each category; from 1 to `MOST_GAIN`."""
    gain: float
    """The same for all categories together."""
    n_effective: tuple[float, ...]
    """Size of the simple random sample that would say as much about each share."""
    tuning: float
    """Weight of the predictions, common to all categories; 0 when they are of no use."""
    predicted: tuple[float, ...]
    """Mean prediction for the labelled documents, by models that did not see them."""
    label_variances: tuple[float, ...]
    """Variance of each share estimated from the labels alone."""
    variances: tuple[float, ...]
    """Variance of each assisted share."""

    def with_gains_times(self, factor: float) -> AssistedShares:
        """Return the same shares with every gain times `factor`, never below 1."""
        gains = tuple(max(1.0, factor * gain) for gain in self.gains)
        n_effective = tuple(
            n * gain / before for n, gain, before in zip(self.n_effective, gains, self.gains, strict=True)
        )
        return replace(self, gains=gains, gain=max(1.0, factor * self.gain), n_effective=n_effective)


def pool_means(
    scores: Floats,
    *,
    weights: Sequence[float] | Floats | None = None,
    labelled: int = 0,
    population: int | None = None,
) -> PoolMeans:
    """Average the predicted `scores`, one row per document of the pool and one column per category.

    `weights` are those of `weighted_shares`. For a corpus of `population` documents, of which
    `labelled` are labelled, the variance shrinks with the documents that neither a person nor the classifier read.

    Raises ValueError for a pool without documents or without weight.
    """
    n = len(scores)
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    total = float(w.sum())
    if n == 0 or total <= 0:
        raise ValueError("a pool has documents, and weight")
    means = w @ scores / total
    influence = w[:, None] * (scores - means) / total
    variances = (influence**2).sum(axis=0)
    unlabelled = 1.0
    if population is not None:
        rest = max(population - labelled, 0)
        unlabelled = rest / population if population else 0.0
        variances = variances * (1 - min(n, rest) / rest if rest else 0.0)
    return PoolMeans(n, tuple(means.tolist()), tuple(variances.tolist()), unlabelled)


def assisted_shares(
    codes: Sequence[int],
    scores: Floats,
    pool: PoolMeans,
    n_effective: Sequence[float],
    *,
    weights: Sequence[float] | None = None,
) -> AssistedShares:
    """Estimate shares from labels `codes`, out-of-sample predictions of the same documents, and those of a pool.

    This is the cross-fitted difference estimator (generalised regression estimator) with one tuning weight for all
    categories, so that the shares add up to 1: the labels' share plus the weight times the difference between the
    mean prediction in the pool and that for the labelled documents. `scores` has a row per labelled document, of a
    model that did not see its label, and a column per category. Pool and labels are drawn by the same design,
    without a document in common.

    `n_effective` holds the labels' own effective n by category. Each grows by the category's gain, the ratio of both
    variances, up to `MOST_GAIN`, and never shrinks. Predictions that say nothing get weight 0 and leave the labels'
    own shares and n.

    Raises ValueError for scores that do not match the labels or the pool.

    Sarndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, 6; Zrnic & Candes (2024), PNAS 121 (cross-PPI);
    Angelopoulos, Duchi & Zrnic (2023), arXiv 2311.01453 (tuning).
    """
    n, categories = scores.shape
    if len(codes) != n or len(pool.means) != categories or len(n_effective) != categories:
        raise ValueError("scores have a row per label and a column per category of the pool")
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    total = float(w.sum())
    labels = (np.asarray(codes)[:, None] == np.arange(categories)).astype(float)
    shares, predicted = w @ labels / total, w @ scores / total
    label_part = w[:, None] * (labels - shares) / total
    score_part = w[:, None] * (scores - predicted) / total
    if n < 3:
        raise ValueError(f"{n} documents: three are the least")
    bessel = n / (n - 1)
    label_variances = bessel * (label_part**2).sum(axis=0)
    covariance = bessel * (label_part * score_part).sum()
    pool_variances = pool.unlabelled * np.asarray(pool.variances)
    score_variance = bessel * (score_part**2).sum() + pool_variances.sum()
    tuning = max(0.0, float(covariance / score_variance)) if score_variance > 0 else 0.0
    residuals = ((label_part - tuning * score_part) ** 2).sum(axis=0)
    # one more degree of freedom is lost to the tuning weight
    variances = n / (n - 2) * residuals + tuning**2 * pool_variances
    shift = tuning * pool.unlabelled * (np.asarray(pool.means) - predicted)
    assisted = np.maximum(shares + shift, 0.0)
    assisted /= assisted.sum()
    gains = [_gain(before, after) for before, after in zip(label_variances, variances, strict=True)]
    return AssistedShares(
        shares=tuple((assisted if tuning else shares).tolist()),
        gains=tuple(gains),
        gain=_gain(label_variances.sum(), variances.sum()),
        n_effective=tuple(own * gain for own, gain in zip(n_effective, gains, strict=True)),
        tuning=tuning,
        predicted=tuple(predicted.tolist()),
        label_variances=tuple(label_variances.tolist()),
        variances=tuple(variances.tolist()),
    )


def _gain(before: float, after: float) -> float:
    return float(np.clip(before / after, 1.0, MOST_GAIN)) if before > 0 and after > 0 else 1.0
