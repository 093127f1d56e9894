"""Tests of intervals against R, published tables and the properties every interval must have."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrast import goodman
from corpuscope.errors import UsageError
from corpuscope.stats.interval_kinds import KINDS, IntervalKind, kind_named
from corpuscope.stats.intervals import (
    Interval,
    clopper_pearson,
    confidence_sequence,
    newcombe,
    normal_quantile,
    simultaneous,
    simultaneous_level,
    wilson,
)

kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
sizes = st.integers(1, 2_000)
levels = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@st.composite
def counted(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(sizes)
    return draw(st.integers(0, n)), n


def ends(interval: Interval) -> tuple[float, float]:
    return interval.low, interval.high


def to(digits: int, low: float, high: float) -> object:
    """Match the printed values to half a unit of their last digit."""
    return pytest.approx((low, high), abs=0.51 * 10**-digits, rel=0)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        (73, 203, 0.2967630670, 0.4276635526),
        (5, 203, 0.01056554697, 0.05635265647),
        (0, 201, 0, 0.01875332681),
        (150, 201, 0.6818815420, 0.8014190582),
    ],
)
def test_wilson_matches_r(count: int, n: int, low: float, high: float) -> None:
    assert ends(wilson(count, n)) == to(10, low, high)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(5, 203, 0.00804476701, 0.05654046293), (0, 201, 0, 0.01818525005)],
)
def test_clopper_pearson_matches_r(count: int, n: int, low: float, high: float) -> None:
    assert ends(clopper_pearson(count, n)) == to(11, low, high)


def test_goodman_has_its_published_values() -> None:
    assert ends(goodman(73, 203, 7)) == to(10, 0.2752740855, 0.4536029236)
    assert ends(goodman(5, 203, 7)) == to(12, 0.007907455838, 0.074079609922)
    assert goodman(0, 201, 7).high == pytest.approx(0.03475222975, abs=5e-12)


def test_simultaneous_intervals_are_clopper_pearsons_at_alpha_over_k() -> None:
    single = clopper_pearson(73, 203, 1 - 0.05 / 7)
    joint = simultaneous(73, 203, 7)
    assert (joint.low, joint.high, joint.level) == (single.low, single.high, 0.95)


def test_the_former_name_of_an_interval_means_what_took_its_place() -> None:
    assert kind_named("goodman").key == "simultaneous"


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(73, 203, 0.25458229, 0.47455606), (0, 201, 0, 0.04047166), (5, 203, 0.00273969, 0.08581459)],
)
def test_the_confidence_sequence_has_its_published_values(
    count: int, n: int, low: float, high: float
) -> None:
    assert ends(confidence_sequence(count, n)) == to(8, low, high)


@pytest.mark.parametrize(
    ("table", "digits", "low", "high"),
    [
        ((56, 70, 48, 80), 4, 0.0524, 0.3339),
        ((9, 10, 3, 10), 4, 0.1705, 0.8090),
        ((6, 200, 21, 203), 9, -0.125540709, -0.024879498),
        ((0, 201, 6, 200), 9, -0.063894292, -0.005231683),
    ],
)
def test_newcombe_has_its_published_values(
    table: tuple[int, int, int, int], digits: int, low: float, high: float
) -> None:
    # the last published digit of 0 / 201 is cut off rather than rounded
    assert ends(newcombe(*table)) == pytest.approx((low, high), abs=10**-digits, rel=0)


@kinds
@given(counted=counted(), level=levels, categories=st.integers(1, 12))
def test_every_interval_contains_its_share_and_stays_within_0_and_1(
    kind: IntervalKind, counted: tuple[int, int], level: float, categories: int
) -> None:
    count, n = counted
    interval = kind.of(count, n, categories, level)
    assert 0 <= interval.low <= count / n <= interval.high <= 1
    assert interval.level == level


@kinds
@given(counted=counted(), more=st.integers(2, 5))
def test_every_interval_shrinks_with_n(kind: IntervalKind, counted: tuple[int, int], more: int) -> None:
    count, n = counted
    assert kind.of(more * count, more * n, 3, 0.95).half_width < kind.of(count, n, 3, 0.95).half_width


@kinds
@given(counted=counted())
def test_the_intervals_of_two_complementary_counts_mirror_each_other(
    kind: IntervalKind, counted: tuple[int, int]
) -> None:
    count, n = counted
    one, other = kind.of(count, n, 2, 0.95), kind.of(n - count, n, 2, 0.95)
    assert ends(one) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-9)


@kinds
def test_without_labels_the_interval_is_0_to_1(kind: IntervalKind) -> None:
    assert ends(kind.of(0, 0, 7, 0.95)) == (0, 1)


@kinds
def test_a_count_of_0_or_n_puts_one_end_exactly_at_0_or_1(kind: IntervalKind) -> None:
    assert kind.of(0, 57, 7, 0.95).low == 0
    assert kind.of(57, 57, 7, 0.95).high == 1


@kinds
def test_a_fractional_effective_n_gives_a_width_between_those_of_its_neighbours(kind: IntervalKind) -> None:
    widths = [kind.of(0.3 * n, n, 7, 0.95).half_width for n in (60, 59.4, 59)]
    assert widths == sorted(widths)


@given(counted=counted())
def test_goodman_of_one_category_is_wilson(counted: tuple[int, int]) -> None:
    assert ends(goodman(*counted, 1)) == pytest.approx(ends(wilson(*counted)))


@given(one=counted(), other=counted(), level=levels)
def test_the_difference_is_antisymmetric(one: tuple[int, int], other: tuple[int, int], level: float) -> None:
    forward, backward = newcombe(*one, *other, level), newcombe(*other, *one, level)
    assert ends(forward) == pytest.approx((-backward.high, -backward.low), abs=1e-12)


@given(one=counted(), other=counted())
def test_a_difference_lies_in_its_interval(one: tuple[int, int], other: tuple[int, int]) -> None:
    interval = newcombe(*one, *other)
    assert -1 <= interval.low <= one[0] / one[1] - other[0] / other[1] <= interval.high <= 1


def test_the_interval_of_a_difference_from_an_empty_corpus_is_minus_1_to_1() -> None:
    assert ends(newcombe(0, 0, 5, 10)) == (-1, 1)


def test_the_normal_quantile_matches_the_tables() -> None:
    assert normal_quantile(0.95) == pytest.approx(1.959963984540054, abs=1e-14)


@kinds
@pytest.mark.parametrize("level", [0, 1, 95, -0.1])
def test_a_level_that_is_not_a_fraction_is_an_error(kind: IntervalKind, level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        kind.of(1, 2, 1, level)


def test_a_count_above_n_is_an_error() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


def test_fewer_than_one_category_is_an_error() -> None:
    with pytest.raises(ValueError, match="one is the least"):
        simultaneous_level(0.95, 0)


def test_an_unknown_kind_is_an_error_that_names_the_nearest_and_lists_the_rest() -> None:
    with pytest.raises(UsageError, match=r"did you mean wilson.*simultaneous, exact, anytime"):
        kind_named("willson")


def test_anytime_validity_costs_1_6_to_1_9_times_the_width() -> None:
    for count, n in ((73, 203), (20, 203), (100, 400)):
        assert 1.6 < confidence_sequence(count, n).half_width / wilson(count, n).half_width < 1.9


def test_intervals_of_ten_million_labels_are_finite() -> None:
    for kind in KINDS:
        interval = kind.of(1, 10_000_000, 7, 0.95)
        assert 0 <= interval.low < 1e-7 < interval.high < 1e-5
        assert math.isfinite(interval.half_width)
