"""Ridge regression on the features of documents, for any number of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import issparse

from corpuscope.learning.kernel_ridge import NEAR, STRENGTHS, KernelRidge, fit_kernel_ridge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Features = Any
"""A sparse matrix of scipy, which publishes no types, or a dense array; one row of unit length per document."""

MOST_ROWS = 2_000
"""Labels that a model is trained on at most, since the time grows with their cube."""


@dataclass(frozen=True, slots=True)
class Ridge:
    """A trained model with the features of the documents that it was trained on."""

    features: Features
    """Features of the training documents."""
    kernel: KernelRidge
    """The model of their similarities."""
    held_out: Floats
    """Prediction for every labelled document by a model that saw neither it nor a near-duplicate of it."""
    held_out_alone: Floats
    """The same by a model that did not see the document itself; it belongs with `weights`."""

    def predict(self, features: Features, answers: Floats | None = None) -> Floats:
        """Predict scores, one row per document and one column per category; see `KernelRidge.predict`."""
        return self.kernel.predict(cosines(features, self.features), answers)

    @property
    def weights(self) -> Floats:
        """Weight of each feature for each category: `features @ weights + intercept` predicts without answers.

        It leaves no near-duplicate out. Mean scores that come from it belong with `held_out_alone`.
        """
        return np.asarray(self.features.T @ self.kernel.dual)

    @property
    def intercept(self) -> Floats:
        """Intercept of each category."""
        return np.asarray(self.kernel.dual.sum(axis=0))


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
    """Fit the labels `codes` on `features`, one row per document, and predict each document unseen.

    The parameters are those of `fit_kernel_ridge`. Of more than `most_rows` documents only as many, evenly spread,
    are used for training; the others are unseen anyway.
    """
    n = len(codes)
    training = np.unique(np.linspace(0, n - 1, min(n, most_rows)).round().astype(np.intp))
    rows = features[training]
    training_answers = None if answers is None else answers[training]
    kernel = fit_kernel_ridge(
        cosines(rows, rows),
        np.asarray(codes)[training],
        categories,
        answers=training_answers,
        strengths=strengths,
        near=near,
    )
    ridge = Ridge(rows, kernel, kernel.held_out, kernel.held_out_alone)
    if len(training) == n:
        return ridge
    others = np.setdiff1d(np.arange(n), training)
    unseen = ridge.predict(features[others], None if answers is None else answers[others])
    held_out, held_out_alone = np.empty((n, categories)), np.empty((n, categories))
    held_out[training], held_out_alone[training] = kernel.held_out, kernel.held_out_alone
    held_out[others] = held_out_alone[others] = unseen
    return Ridge(rows, kernel, held_out, held_out_alone)


def cosines(one: Features, other: Features) -> Floats:
    """Return the inner products of the rows of two feature matrices, which have unit length."""
    product = one @ other.T
    return np.asarray(product.toarray() if issparse(product) else product, dtype=float)
