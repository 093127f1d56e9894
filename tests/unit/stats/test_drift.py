"""Tests of drift: reported when it is large, ignored when it is chance."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from scipy.stats import chi2, chi2_contingency, mannwhitneyu, norm

from corpuscope.stats import drift as module
from corpuscope.stats.drift import WINDOW, drift

MIX = ["News", "Forum", "Creative"]


def some_times(count: int, seed: int, factor: float = 1.0) -> list[float | None]:
    chance = random.Random(seed)
    return [factor * chance.lognormvariate(2, 0.8) for _ in range(count)]


def some_categories(count: int, seed: int) -> list[str]:
    return random.Random(seed).choices(MIX, [5, 3, 2], k=count)


def test_no_drift_is_reported_before_there_are_two_windows() -> None:
    result = drift([1.0] * 30 + [9.0] * 29, ["News"] * 30 + ["Forum"] * 29)
    assert (result.speed, result.mix) == (None, False)


def test_thirty_labels_are_compared_with_thirty_before_them() -> None:
    assert drift([None] * 60, ["News"] * 30 + ["Forum"] * 30).mix
    assert not drift([None] * 59, ["News"] * 29 + ["Forum"] * 30).mix


@pytest.mark.parametrize(("measured", "is_shown"), [(14, False), (15, True)])
def test_half_of_the_latest_times_are_enough_to_tell_a_change_of_speed(measured: int, is_shown: bool) -> None:
    missing: list[float | None] = [None] * (30 - measured)
    steady: list[float | None] = [10.0 + i % 7 for i in range(60)]
    latest = [*missing, *(30.0 + i % 7 for i in range(measured))]
    assert (drift([*steady, *latest], ["News"] * 90).speed is not None) is is_shown


@pytest.mark.parametrize(("rare", "categories"), [(25, 3), (24, 2)])
def test_a_category_with_five_expected_labels_is_compared_on_its_own(rare: int, categories: int) -> None:
    before = Counter(News=120 - rare, Creative=30, Forum=rare)
    pooled, _ = module._pooled(before, Counter(News=15, Creative=10, Forum=5))
    assert (len(pooled), pooled.total()) == (categories, 150)


def test_no_drift_is_reported_for_a_steady_annotator() -> None:
    result = drift(some_times(200, 1), some_categories(200, 2))
    assert (result.speed, result.mix) == (None, False)


@pytest.mark.parametrize("factor", [0.3, 3.0])
def test_a_large_change_of_speed_is_reported_as_a_ratio(factor: float) -> None:
    times = [*some_times(90, 1), *some_times(WINDOW, 3, factor)]
    speed = drift(times, some_categories(len(times), 2)).speed
    assert speed is not None
    assert 0.5 * factor < speed < 2 * factor


def test_a_significant_but_small_change_of_speed_is_not_reported() -> None:
    assert drift([10.0 + i % 3 for i in range(200)] + [7.5] * WINDOW, ["News"] * 230).speed is None


def test_a_change_in_the_use_of_categories_is_reported() -> None:
    categories = [*some_categories(120, 2), *["Creative"] * WINDOW]
    assert drift([None] * len(categories), categories).mix


def test_no_drift_is_reported_without_times_or_with_a_single_category() -> None:
    result = drift([None] * 100, ["News"] * 100)
    assert (result.speed, result.mix) == (None, False)
    assert drift([5.0] * 100, ["News"] * 100).speed is None


@pytest.mark.parametrize(
    ("before", "latest", "inflation"),
    [
        # lags 1 and 2: 0.625 + (1 + 3 * 0.625) / 8 = 0.984375 and 0.273810 + (1 + 3 * 0.273810) / 8 = 0.501488
        (range(1, 9), 4, 1 + 1.5 * 0.984375 + 1.0 * 0.501488),
        (range(1, 9), 2, 1 + 1.0 * 0.984375),
        (range(1, 9), 1, 1.0),
        ((1, 8, 2, 7, 3, 6, 4, 5), 4, 1.0),
        ((3,) * 8, 4, 1.0),
    ],
)
def test_times_that_follow_each_other_inflate_the_variance_and_others_do_not(
    before: Sequence[int], latest: int, inflation: float
) -> None:
    assert module._inflation(before, [1.0] * latest) == pytest.approx(inflation, abs=1e-5)


def test_no_more_than_five_preceding_times_inflate_the_variance() -> None:
    times = range(1, 201)  # every lag is nearly 1
    assert module._inflation(times, [1.0] * 30) == pytest.approx(
        1 + 2 * sum(1 - k / 30 for k in range(1, 6)), abs=0.3
    )


def test_a_category_pooled_with_the_rare_ones_is_counted_once() -> None:
    before, lately = Counter(News=60, Forum=20, Creative=2), Counter(News=20, Forum=9, Creative=1)
    pooled = module._pooled(before, lately)
    assert [sorted(counts.values()) for counts in pooled] == [[22, 60], [10, 20]]


def test_both_statistics_match_scipy() -> None:
    first, second = [1.0, 2.0, 2.0, 3.0, 5.0, 8.0], [2.0, 5.0, 9.0, 9.0, 11.0]
    expected = mannwhitneyu(second, first, use_continuity=False, method="asymptotic").pvalue
    assert 2 * norm.sf(abs(module._mann_whitney(first, second))) == pytest.approx(expected)
    before, lately = {"a": 30, "b": 50, "c": 20}, {"a": 15, "b": 9, "c": 16}
    exact = chi2_contingency([list(before.values()), list(lately.values())], correction=False)
    z = module._chi_square_z(Counter(before), Counter(lately))
    # Wilson and Hilferty's cube root is an approximation
    assert norm.sf(z) == pytest.approx(chi2.sf(exact.statistic, 2), rel=0.05)
