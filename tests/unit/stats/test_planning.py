"""Tests of sample size planning."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.stats.interval_kinds import KINDS, IntervalKind
from corpuscope.stats.intervals import wilson
from corpuscope.stats.planning import (
    cautious_share,
    label_budget,
    labels_for_width,
    labels_needed,
    labels_to_show,
    mean_seconds,
)


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
    budget = label_budget(381, 0.05, labelled=200, seconds_per_label=seconds)
    assert (budget.labels, budget.left, budget.minutes) == (381, 181, 181 * 9 / 60)


def test_a_budget_that_is_reached_takes_no_time() -> None:
    assert label_budget(381, 0.05, labelled=400, seconds_per_label=9).minutes == 0


def test_a_budget_without_a_pace_has_no_minutes() -> None:
    assert mean_seconds(()) is None
    assert label_budget(381, 0.05, labelled=0).minutes is None


def test_a_budget_never_asks_for_more_documents_than_the_corpus_has() -> None:
    budget = label_budget(381, 0.05, labelled=10, population=44)
    assert (budget.labels, budget.left) == (40, 30)


def test_a_plan_for_the_cautious_share_reaches_its_width_in_four_cases_of_five() -> None:
    truth, first, goal = 0.3, 100, 0.05
    reached = 0
    for seed in range(300):
        chance = Random(seed)
        hits = sum(chance.random() < truth for _ in range(first))
        n = max(first, labels_needed(cautious_share(hits / first, first), goal))
        hits += sum(chance.random() < truth for _ in range(n - first))
        reached += wilson(hits, n).half_width <= goal
    assert reached >= 0.8 * 300


def test_a_cautious_share_is_one_half_where_the_labels_allow_it() -> None:
    assert cautious_share(0.48, 50) == 0.5
    assert cautious_share(0.0, 0) == 0.5
    assert 0.3 < cautious_share(0.3, 100) < 0.36
    assert 0.64 < cautious_share(0.7, 100) < 0.7


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_the_labels_for_every_kind_of_interval_are_the_smallest_sufficient_number(kind: IntervalKind) -> None:
    n = labels_for_width(kind, 0.3, 0.05, 7)
    assert kind.of(0.3 * n, n, 7, 0.95).half_width <= 0.05
    assert kind.of(0.3 * (n - 1), n - 1, 7, 0.95).half_width > 0.05 - 1e-9


def test_a_published_sample_that_cannot_grow_may_be_too_small_for_any_number_of_labels() -> None:
    assert labels_to_show(0.36, 0.305, fixed=(203, None)) == math.inf
    reachable = labels_to_show(0.36, 0.25, fixed=(203, None))
    assert labels_to_show(0.36, 0.25) < reachable < math.inf


def test_corpora_read_whole_need_no_more_labels() -> None:
    assert labels_to_show(0.3, 0.32, sizes=(44, 60)) <= 60
