"""Tests of the ridge regression: golden values, and that leaving out means what it says."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from corpuscope.learning.ridge import Ridge, fit_ridge
from corpuscope.stats.assisted import assisted_shares, pool_means
from corpuscope.stats.intervals import wilson

Floats = NDArray[np.float64]


def unit_rows(digits: str) -> Floats:
    rows = np.array([[int(digit) for digit in row] for row in digits.split()], float)
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


LABELLED = unit_rows("1020 0101 2010 0201 1100 0012 1010 0111")
CODES = [0, 1, 0, 1, 0, 2, 0, 1]
POOL = unit_rows("1010 0101 2020 0012 1100 0201 1000 0110 0001 1020 0102 1110")
ALONE = 2.0
"""A cosine that no two documents have, so that each is a group of its own."""


@pytest.fixture
def ridge() -> Ridge:
    return fit_ridge(LABELLED, CODES, 3, strengths=[0.1], near=ALONE)


@pytest.fixture
def pool_scores(ridge: Ridge) -> Floats:
    scores: Floats = (POOL @ LABELLED.T + 1) @ ridge.kernel.dual
    return scores


def test_golden_predictions(ridge: Ridge, pool_scores: Floats) -> None:
    assert ridge.held_out[0] == pytest.approx([0.706220, 0.207161, 0.028027], abs=1e-6)
    assert ridge.held_out[1] == pytest.approx([-0.068436, 0.672403, 0.375588], abs=1e-6)
    assert ridge.held_out[2] == pytest.approx([1.191449, -0.411506, 0.206746], abs=1e-6)
    assert pool_scores[0] == pytest.approx([1.010945, -0.069295, 0.055160], abs=1e-6)
    assert pool_scores[1] == pytest.approx([-0.044417, 0.787378, 0.243770], abs=1e-6)
    assert ridge.kernel.squared_error == pytest.approx(3.811857, abs=1e-6)
    assert POOL @ ridge.weights + ridge.intercept == pytest.approx(pool_scores)


@pytest.mark.parametrize(
    ("weights", "pool_weights", "n_effective", "tuning", "shares", "gains", "low", "high"),
    [
        (
            *(None, None, 8, 0.389590, [0.505384, 0.331227, 0.163388], [1.576198, 1, 1]),
            *([0.262524, 0.112375, 0.035378], [0.745730, 0.659582, 0.509798]),
        ),
        (
            *([1, 2, 1, 3, 1, 2, 1, 1], [1, 1, 2, 1, 3, 1, 1, 2, 1, 1, 2, 1], 6),
            *(0.360990, [0.401600, 0.419000, 0.179400], [1.494246, 1, 1]),
            *([0.161014, 0.140743, 0.034127], [0.701216, 0.760492, 0.574955]),
        ),
    ],
    ids=["documents", "weights"],
)
def test_golden_shares(
    ridge: Ridge,
    pool_scores: Floats,
    weights: list[float] | None,
    pool_weights: list[float] | None,
    n_effective: float,
    tuning: float,
    shares: list[float],
    gains: list[float],
    low: list[float],
    high: list[float],
) -> None:
    result = assisted_shares(
        CODES,
        ridge.held_out,
        pool_means(pool_scores, weights=pool_weights),
        [n_effective] * 3,
        weights=weights,
    )
    intervals = [wilson(share * n, n) for share, n in zip(result.shares, result.n_effective, strict=True)]
    assert result.tuning == pytest.approx(tuning, abs=1e-6)
    assert result.shares == pytest.approx(shares, abs=1e-6)
    assert result.gains == pytest.approx(gains, abs=1e-6)
    assert [interval.low for interval in intervals] == pytest.approx(low, abs=1e-6)
    assert [interval.high for interval in intervals] == pytest.approx(high, abs=1e-6)


def texts(n: int, seed: int = 0) -> Floats:
    rows = np.abs(np.random.default_rng(seed).normal(size=(n, 12)))
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def refit(features: Floats, codes: NDArray[np.int_], keep: NDArray[np.bool_], strength: float) -> Ridge:
    return fit_ridge(features[keep], codes[keep].tolist(), 3, strengths=[strength], near=ALONE)


def test_a_document_left_out_is_predicted_as_by_a_model_that_never_saw_it() -> None:
    features, codes = texts(30), np.arange(30) % 3
    whole = fit_ridge(features, codes.tolist(), 3, near=ALONE)
    for left_out in range(30):
        keep = np.arange(30) != left_out
        other = refit(features, codes, keep, whole.kernel.strength)
        scores = features[[left_out]] @ other.weights + other.intercept
        assert whole.held_out[left_out] == pytest.approx(scores[0])


def test_near_duplicates_are_left_out_together_among_labels_and_pool() -> None:
    features, codes = texts(24), np.arange(24) % 3
    features[1] = features[0]
    keep = np.arange(24) > 1
    whole = fit_ridge(features, codes.tolist(), 3, strengths=[0.1], near=0.999)
    other = refit(features, codes, keep, 0.1)
    scores = features[0] @ other.weights + other.intercept
    assert whole.held_out[0] == pytest.approx(scores)
    assert whole.held_out[1] == pytest.approx(scores)
    unlike = np.zeros((1, 12))
    assert whole.predict(np.concatenate([features[[0]], unlike]))[0] == pytest.approx(scores)


def test_a_category_without_labels_has_scores_of_zero() -> None:
    ridge = fit_ridge(texts(20), [0, 1] * 10, 3)
    assert not ridge.held_out[:, 2].any()
    assert not ridge.predict(texts(5, seed=1))[:, 2].any()


def test_labels_beyond_the_training_limit_are_predicted_unseen() -> None:
    features, codes = texts(40), np.arange(40) % 3
    ridge = fit_ridge(features, codes.tolist(), 3, near=ALONE, most_rows=20)
    assert ridge.held_out.shape == (40, 3)
    assert np.isfinite(ridge.held_out).all()
    training = np.unique(np.linspace(0, 39, 20).round().astype(int))
    assert ridge.features.shape == (20, 12)
    other = np.setdiff1d(np.arange(40), training)[0]
    assert ridge.held_out[other] == pytest.approx(features[other] @ ridge.weights + ridge.intercept)


def test_answers_of_another_annotator_are_further_features() -> None:
    features, codes = texts(60), np.arange(60) % 3
    answers = np.eye(3)[codes]
    with_answers = fit_ridge(features, codes.tolist(), 3, answers=answers, near=ALONE)
    assert (
        with_answers.kernel.squared_error
        < 0.1 * fit_ridge(features, codes.tolist(), 3, near=ALONE).kernel.squared_error
    )
    assert with_answers.predict(texts(3, seed=2), np.eye(3)).argmax(axis=1).tolist() == [0, 1, 2]


def test_sparse_and_dense_features_give_the_same_model() -> None:
    dense, sparse = (fit_ridge(rows, CODES, 3, near=ALONE) for rows in (LABELLED, csr_array(LABELLED)))
    assert sparse.held_out == pytest.approx(dense.held_out)
    assert sparse.weights == pytest.approx(dense.weights)


def test_answers_that_say_nothing_change_nothing() -> None:
    silent = fit_ridge(LABELLED, CODES, 3, strengths=[0.1], near=ALONE, answers=np.zeros((len(CODES), 3)))
    alone = fit_ridge(LABELLED, CODES, 3, strengths=[0.1], near=ALONE)
    assert silent.held_out == pytest.approx(alone.held_out)
    assert silent.predict(POOL, np.zeros((len(POOL), 3))) == pytest.approx(alone.predict(POOL))
