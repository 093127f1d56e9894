"""Tests of sample size planning."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.stats.intervals import wilson
from corpuscope.stats.planning import label_budget, labels_needed, labels_to_show, mean_seconds


@pytest.mark.parametrize(
    ("share", "half_width", "labels"),
    [(0.5, 0.05, 381), (73 / 203, 0.05, 351), (73 / 203, 0.03, 980), (0.025, 0.02, 262), (0.1, 0.03, 388)],
)
def test_the_labels_for_a_half_width_have_their_published_values(
    share: float, half_width: float, labels: float
) -> None:
    assert labels_needed(share, half_width) == labels


def test_labels_that_count_as_1_5_each_reduce_the_number_by_a_third() -> None:
    assert labels_needed(73 / 203, 0.05, design_effect=1 / 1.5) == 234


@pytest.mark.parametrize(
    ("share", "other", "labels"),
    [(73 / 203, 61 / 200, 1166.9), (15 / 203, 10 / 200, 1596.9), (21 / 203, 6 / 200, 180.0)],
)
def test_the_labels_to_show_a_difference_match_r(share: float, other: float, labels: float) -> None:
    assert labels_to_show(share, other) == pytest.approx(labels, abs=0.051)
    assert labels_to_show(other, share) == labels_to_show(share, other)


def test_no_number_of_labels_shows_a_difference_of_0() -> None:
    assert labels_to_show(0.3, 0.3) == math.inf


@given(share=st.floats(0, 1), half_width=st.floats(0.005, 0.49))
def test_the_labels_needed_are_the_smallest_sufficient_number(share: float, half_width: float) -> None:
    n = labels_needed(share, half_width)
    unclipped = wilson(share * n, n)
    if unclipped.low > 0 and unclipped.high < 1:
        assert unclipped.half_width <= half_width * (1 + 1e-9)
    if n > 1:
        assert wilson(share * (n - 1), n - 1).half_width > half_width * (1 - 1e-9)


def test_a_half_width_of_one_half_needs_one_label() -> None:
    assert labels_needed(0.3, 0.5) == 1


@pytest.mark.parametrize(("share", "half_width"), [(1.2, 0.05), (0.5, 0), (-0.1, 0.05)])
def test_an_impossible_target_is_an_error(share: float, half_width: float) -> None:
    with pytest.raises(ValueError, match="no sample shows"):
        labels_needed(share, half_width)


def test_a_budget_counts_the_missing_labels_at_the_annotators_own_pace() -> None:
    seconds = mean_seconds((4.0, 8.0, 15.0))
    assert seconds == 9
    budget = label_budget(0.5, 0.05, labelled=200, seconds_per_label=seconds)
    assert (budget.labels, budget.left, budget.minutes) == (381, 181, 181 * 9 / 60)


def test_a_budget_that_is_reached_takes_no_time() -> None:
    assert label_budget(0.5, 0.05, labelled=400, seconds_per_label=9).minutes == 0


def test_a_budget_without_a_pace_has_no_minutes() -> None:
    assert mean_seconds(()) is None
    assert label_budget(0.5, 0.05, labelled=0).minutes is None
