"""Tests of the assisted shares: golden values, and what has to hold for every input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpuscope.stats.assisted import AssistedShares, PoolMeans, assisted_shares, pool_means
from corpuscope.stats.intervals import wilson
from corpuscope.stats.weighted import kish

Floats = NDArray[np.float64]

CODES = [0, 0, 1, 1, 0, 1, 0, 0, 1, 0]
HELD_OUT = np.array(
    [
        *([0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.3, 0.6, 0.1], [0.2, 0.7, 0.1], [0.8, 0.1, 0.1]),
        *([0.4, 0.5, 0.1], [0.5, 0.4, 0.1], [0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.4, 0.5, 0.1]),
    ]
)
POOL = np.array([[0.6, 0.3, 0.1], [0.3, 0.6, 0.1], [0.8, 0.1, 0.1], [0.5, 0.4, 0.1]] * 5)


def ends(result: AssistedShares) -> tuple[list[float], list[float]]:
    intervals = [wilson(share * n, n) for share, n in zip(result.shares, result.n_effective, strict=True)]
    return [interval.low for interval in intervals], [interval.high for interval in intervals]


def close(values: object, *golden: float) -> None:
    assert values == pytest.approx(golden, abs=1e-6)


def test_good_predictions_narrow_the_interval_as_much_as_they_explain() -> None:
    result = assisted_shares(CODES, HELD_OUT, pool_means(POOL), [10] * 3)
    low, high = ends(result)
    close([result.tuning], 1.475012)
    close(result.label_variances[:2], 0.026667, 0.026667)
    close(result.variances[:2], 0.015545, 0.015545)
    close(result.shares, 0.688501, 0.311499, 0)
    close(result.gains, 1.715400, 1.715400, 1)
    close(result.n_effective, 17.153997, 17.153997, 10)
    close(low, 0.452940, 0.144917, 0)
    close(high, 0.855083, 0.547060, 0.277533)


def test_predictions_that_never_vary_leave_the_labels_own_shares_to_the_bit() -> None:
    constant = np.tile([0.6, 0.4, 0.0], (10, 1))
    result = assisted_shares(CODES, constant, pool_means(np.tile([0.6, 0.4, 0.0], (20, 1))), [10] * 3)
    low, high = ends(result)
    assert (result.tuning, result.shares, result.gains) == (0.0, (0.6, 0.4, 0.0), (1.0, 1.0, 1.0))
    close(low, 0.312674, 0.168180, 0)
    close(high, 0.831820, 0.687326, 0.277533)


def test_predictions_opposed_to_the_labels_are_ignored() -> None:
    opposed = assisted_shares(CODES, HELD_OUT[:, [1, 0, 2]], pool_means(POOL[:, [1, 0, 2]]), [10] * 3)
    assert (opposed.tuning, opposed.shares, opposed.n_effective) == (0.0, (0.6, 0.4, 0.0), (10, 10, 10))


def test_unequal_weights_count_in_labels_and_pool() -> None:
    weights = [1.0, 2, 1, 3, 1, 2, 1, 1, 2, 1]
    pool = pool_means(POOL, weights=[1.0, 2, 1, 3] * 5)
    result = assisted_shares(CODES, HELD_OUT, pool, [kish(weights)] * 3, weights=weights)
    low, high = ends(result)
    close([result.tuning], 1.843377)
    close(result.shares, 0.577269, 0.422731, 0)
    close(result.gains, 2.518689, 2.518689, 1)
    close(low, 0.370646, 0.240016, 0)
    close(high, 0.759984, 0.629354, 0.315526)


def test_a_whole_corpus_as_pool_has_no_variance_of_its_own() -> None:
    means = pool_means(POOL)
    whole = PoolMeans(10**9, means.means, (0.0,) * 3)
    assert (
        assisted_shares(CODES, HELD_OUT, whole, [10] * 3).gain
        > assisted_shares(CODES, HELD_OUT, means, [10] * 3).gain
    )


def test_a_pool_that_is_the_rest_of_a_small_corpus_has_no_variance_either() -> None:
    rest = pool_means(POOL, labelled=10, population=30)
    assert rest.variances == (0.0, 0.0, 0.0)
    assert rest.unlabelled == pytest.approx(2 / 3)


@pytest.mark.parametrize("scores", [HELD_OUT[:9], HELD_OUT[:, :2]])
def test_scores_of_another_shape_are_refused(scores: Floats) -> None:
    with pytest.raises(ValueError, match="a row per label"):
        assisted_shares(CODES, scores, pool_means(POOL), [10] * 3)


def test_a_pool_without_documents_is_refused() -> None:
    with pytest.raises(ValueError, match="a pool has documents"):
        pool_means(np.empty((0, 3)))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[int], Floats, Floats]:
    n, pool, categories = draw(st.tuples(st.integers(4, 30), st.integers(2, 40), st.integers(2, 5)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    codes = random.integers(0, categories, n)
    truth = np.eye(categories)[codes]
    skill = draw(st.floats(-1, 1))
    return (
        codes.tolist(),
        skill * truth + random.normal(size=(n, categories)),
        random.normal(size=(pool, categories)) + skill / categories,
    )


@given(cases())
def test_shares_add_up_to_one_and_no_interval_says_less_than_the_labels(
    case: tuple[list[int], Floats, Floats],
) -> None:
    codes, held_out, pool = case
    result = assisted_shares(codes, held_out, pool_means(pool), [len(codes)] * pool.shape[1])
    assert sum(result.shares) == pytest.approx(1)
    assert min(result.shares) >= 0
    assert min(result.n_effective) >= len(codes)


@pytest.mark.slow
@given(cases(), st.integers(0, 1000))
def test_the_order_of_documents_and_of_categories_does_not_matter(
    case: tuple[list[int], Floats, Floats], seed: int
) -> None:
    codes, held_out, pool = case
    n, categories = held_out.shape
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(n), random.permutation(categories)
    place = np.argsort(columns)
    one = assisted_shares(codes, held_out, pool_means(pool), [n] * categories)
    other = assisted_shares(
        place[np.asarray(codes)[rows]].tolist(),
        held_out[rows][:, columns],
        pool_means(pool[::-1][:, columns]),
        [n] * categories,
    )
    assert other.shares == pytest.approx([one.shares[column] for column in columns])
    assert other.gains == pytest.approx([one.gains[column] for column in columns])


@given(cases(), st.floats(0.01, 100))
def test_equal_weights_are_no_weights_at_any_scale(
    case: tuple[list[int], Floats, Floats], weight: float
) -> None:
    codes, held_out, pool = case
    n, categories = held_out.shape
    plain = assisted_shares(codes, held_out, pool_means(pool), [n] * categories)
    means = pool_means(pool, weights=[weight] * len(pool))
    weighted = assisted_shares(codes, held_out, means, [n] * categories, weights=[weight] * n)
    assert weighted.shares == pytest.approx(plain.shares)
    assert weighted.gains == pytest.approx(plain.gains)


@given(cases())
def test_reading_the_pool_twice_does_not_move_a_share_of_a_given_tuning(
    case: tuple[list[int], Floats, Floats],
) -> None:
    _, _, pool = case
    assert pool_means(np.concatenate([pool, pool])).means == pytest.approx(pool_means(pool).means)
