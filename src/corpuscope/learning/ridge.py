"""Kernel ridge regression on one-hot labels, with predictions that leave the document itself out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array, issparse
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
Features = Any
"""A sparse matrix of scipy, which publishes no types, or a dense array; one row of unit length per document."""

STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Ridge strengths to choose from."""

NEAR = 0.75
"""Cosine of two documents' features from which they are near-duplicates: of C4's documents, unrelated ones reach .4,
a copy with every tenth word changed has .9, and two texts of which 70 % is the same have .74 to .82."""

MOST_ROWS = 2_000
"""Labels that a model is trained on at most, since the time grows with their cube."""


@dataclass(frozen=True, slots=True)
class Ridge:
    """A trained model, in the form that can leave documents out of its training."""

    features: Features
    """Features of the documents that it was trained on."""
    answers: Floats | None
    """Answers of another annotator on them; None when there are none."""
    dual: Floats
    """Coefficient of each training document, one column per category."""
    inverse: Floats
    """Inverse of the regularised kernel matrix of the training documents."""
    groups: NDArray[np.int32]
    """Number of each training document's group of near-duplicates."""
    near: float
    """Cosine of two documents' features from which they are near-duplicates."""
    strength: float
    """The ridge strength chosen."""
    squared_error: float
    """Sum of squared leave-one-out residuals at this strength."""
    held_out: Floats
    """Prediction for every labelled document by a model that saw neither it nor a near-duplicate of it."""

    def predict(self, features: Features, answers: Floats | None = None) -> Floats:
        """Predict scores, one row per document and one column per category.

        A near-duplicate of training documents is predicted without them, as they are in `held_out`: otherwise a
        text that is copied often would be known in the pool and unknown among the labels.
        """
        similar = _products(features, self.features)
        kernel = _kernel(similar, answers, self.answers)
        scores: Floats = kernel @ self.dual
        near = similar >= self.near
        for row in np.flatnonzero(near.any(axis=1)):
            group = np.flatnonzero(np.isin(self.groups, self.groups[near[row]]))
            residuals = np.linalg.solve(self.inverse[np.ix_(group, group)], self.dual[group])
            scores[row] -= kernel[row] @ self.inverse[:, group] @ residuals
        return scores

    @property
    def weights(self) -> Floats:
        """Weight of each feature for each category: `features @ weights + intercept` predicts without answers."""
        return np.asarray(self.features.T @ self.dual)

    @property
    def intercept(self) -> Floats:
        """Intercept of each category."""
        return np.asarray(self.dual.sum(axis=0))


def fit_ridge(
    features: Features,
    codes: Sequence[int],
    categories: int,
    *,
    answers: Floats | None = None,
    strengths: Sequence[float] = STRENGTHS,
    near: float = NEAR,
    most_rows: int = MOST_ROWS,
) -> Ridge:
    """Fit the labels `codes` on `features`, one row of unit length per document, and predict each document unseen.

    `answers` adds the answers of another annotator, such as the one-hot answers of a language model. The strength
    is the one with the smallest squared leave-one-out error. Near-duplicates, documents whose features have a cosine
    of at least `near` and those linked by such, are left out together. Of more than `most_rows` documents only as
    many, evenly spread, are used for training; the others are unseen anyway. Nothing is random.

    The kernel is 1 plus the inner product, so that the intercept is penalised too and a category without labels has
    scores of exactly 0.

    Rifkin & Lippert (2007), MIT-CSAIL-TR-2007-025 (closed-form leave-one-out).
    """
    n = len(codes)
    training = np.unique(np.linspace(0, n - 1, min(n, most_rows)).round().astype(np.intp))
    rows = features[training]
    known = None if answers is None else answers[training]
    labels = (np.asarray(codes)[training][:, None] == np.arange(categories)).astype(float)
    similar = _products(rows, rows)
    groups = connected_components(csr_array(similar >= near), directed=False)[1]
    values, vectors = np.linalg.eigh(_kernel(similar, known, known))
    best: Ridge | None = None
    for strength in strengths:
        inverse = (vectors / (np.maximum(values, 0) + strength)) @ vectors.T
        dual = inverse @ labels
        residuals = _left_out(inverse, dual, groups)
        error = float((residuals**2).sum())
        if best is None or error < best.squared_error:
            best = Ridge(rows, known, dual, inverse, groups, near, strength, error, labels - residuals)
    assert best is not None, "there is a strength to choose"
    if len(training) == n:
        return best
    others = np.setdiff1d(np.arange(n), training)
    held_out = np.empty((n, categories))
    held_out[training] = best.held_out
    held_out[others] = best.predict(features[others], None if answers is None else answers[others])
    return replace(best, held_out=held_out)


def _left_out(inverse: Floats, dual: Floats, groups: NDArray[np.int32]) -> Floats:
    """Return label minus prediction for each document, with its whole group left out of the training."""
    residuals = dual / np.diag(inverse)[:, None]
    for group in np.flatnonzero(np.bincount(groups) > 1):
        members = np.flatnonzero(groups == group)
        residuals[members] = np.linalg.solve(inverse[np.ix_(members, members)], dual[members])
    return residuals


def _kernel(similar: Floats, answers: Floats | None, other_answers: Floats | None) -> Floats:
    """Add the intercept, and the answers where there are some, to the inner products of the features."""
    if answers is None or other_answers is None:
        return similar + 1
    return similar + answers @ other_answers.T + 1


def _products(one: Features, other: Features) -> Floats:
    """Return the inner products of the rows of two feature matrices."""
    product = one @ other.T
    return np.asarray(product.toarray() if issparse(product) else product, dtype=float)
