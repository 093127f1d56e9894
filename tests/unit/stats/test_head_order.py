"""Tests of heads of files against whole files."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from corpuscope.stats.head_order import FileScores, head_order


def a_file(scores: NDArray[np.float64], heads: int) -> FileScores:
    return FileScores(
        len(scores),
        scores.sum(axis=0),
        (scores**2).sum(axis=0),
        min(heads, len(scores)),
        scores[:heads].sum(axis=0),
    )


def test_the_difference_and_its_variance_are_those_of_stratified_sampling() -> None:
    scores = np.array([[0.0], [1.0], [1.0], [0.0], [1.0], [1.0]])
    order = head_order([a_file(scores, 2)])
    assert order is not None
    assert (order.files, order.heads) == (1, 2)
    assert list(order.differences) == pytest.approx([0.5 - 4 / 6])
    # s^2 = 4/15, so that the variance is 4/15 / 2 * (1 - 2/6) = 4/45 and z = -.559
    assert list(order.p_values) == pytest.approx([0.57615], abs=1e-5)
    assert order.is_random


def test_a_random_order_is_found_random_at_the_rate_that_was_promised() -> None:
    generator = np.random.default_rng(5)
    scores = generator.beta(0.4, 0.6, size=(300, 20, 60, 3))  # 300 corpora of 20 files
    orders = [head_order([a_file(file, 10) for file in corpus]) for corpus in scores]
    alarms = sum(order is not None and not order.is_random for order in orders)
    assert alarms <= 9  # three are expected


def test_sorted_files_are_not_random() -> None:
    scores = np.sort(np.random.default_rng(5).random((20, 60, 2)), axis=1)
    order = head_order([a_file(file, 10) for file in scores])
    assert order is not None
    assert not order.is_random
    assert order.differences[order.largest] < -0.3


def test_files_that_are_all_head_say_nothing() -> None:
    assert head_order([a_file(np.ones((5, 2)), 48)]) is None
    assert head_order([]) is None


def test_scores_that_never_differ_are_random() -> None:
    order = head_order([a_file(np.ones((100, 2)), 48)])
    assert order is not None
    assert order.is_random
