"""Tests of the intervals for corpora of known size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from corpuscope.stats.distribution import distribution_of
from corpuscope.stats.finite import (
    CENSUS,
    correction,
    hypergeometric_exact,
    hypergeometric_mid_p,
    is_census,
    labelled_population,
    labels_of_finite,
    widest_half_width,
)
from corpuscope.stats.intervals import wilson


@st.composite
def drawn(draw: st.DrawFn) -> tuple[int, int, int]:
    """Draw a count, the documents read, and those of the corpus."""
    population = draw(st.integers(1, 400))
    n = draw(st.integers(1, population))
    return draw(st.integers(0, n)), n, population


def mid_p(count: int, n: int, total: int, population: int) -> tuple[float, float]:
    """Compute both one-sided mid-p by scipy."""
    law = hypergeom(population, total, n)
    half = law.pmf(count) / 2
    return law.cdf(count - 1) + half, law.sf(count) + half


@given(drawn=drawn())
def test_the_interval_holds_what_neither_one_sided_test_rejects(drawn: tuple[int, int, int]) -> None:
    count, n, population = drawn
    interval = hypergeometric_mid_p(count, n, population)
    assert 0 <= interval.low <= count / n <= interval.high <= 1
    for end, step in ((interval.low, -1), (interval.high, 1)):
        total = round(end * population)
        beyond = total + step
        if count <= beyond <= population - (n - count):
            assert min(mid_p(count, n, beyond, population)) <= 0.025 + 1e-9 or end == count / n


@given(drawn=drawn())
def test_the_exact_interval_holds_the_mid_p_one(drawn: tuple[int, int, int]) -> None:
    interval, exact = hypergeometric_mid_p(*drawn), hypergeometric_exact(*drawn)
    assert exact.low <= interval.low and interval.high <= exact.high


def test_a_census_has_no_width() -> None:
    shares = distribution_of(("a", "b"), (9, 35), population=44)
    assert shares.is_census
    assert [(share.interval.low, share.interval.high) for share in shares.shares] == [
        (9 / 44, 9 / 44),
        (35 / 44, 35 / 44),
    ]
    assert shares.method == CENSUS
    assert [share.ranks for share in shares.shares] == [(2, 2), (1, 1)]


def test_half_of_a_corpus_is_worth_more_than_as_many_documents_of_the_web() -> None:
    half = hypergeometric_mid_p(10, 22, 44)
    assert half.half_width < 0.75 * wilson(10, 22).half_width


def test_a_small_part_of_a_large_corpus_gets_wilsons_interval() -> None:
    share = distribution_of(("a", "b"), (9, 35), population=1_000).shares[0]
    assert share.interval == wilson(9, 44)


def test_a_plan_never_needs_more_labels_than_the_corpus_has() -> None:
    assert labels_of_finite(351, None) == 351
    assert labels_of_finite(351, 44) == 40
    assert labels_of_finite(10**6, 44) == 44
    assert correction(22, 44) == pytest.approx(43 / 22)


@pytest.mark.parametrize("arguments", [(5, 4, 10), (-1, 4, 10), (1, 11, 10), (1, 4, 10, 1.0)])
def test_an_impossible_sample_is_an_error(arguments: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"no sample|level"):
        hypergeometric_mid_p(*arguments)


def test_skips_alone_are_no_census() -> None:
    assert labelled_population(50, 0, 5) == 50
    assert not is_census(0, labelled_population(50, 0, 5))
    assert labelled_population(50, 36, 4) == 45
    assert labelled_population(50, 30, 4, 6) == 45
    assert labelled_population(40, 36, 4) == 36
    assert labelled_population(39, 36, 4) is None
    assert labelled_population(None, 36, 4) is None


def test_the_widest_interval_is_that_of_the_count_nearest_to_one_half() -> None:
    for counts, population in (((73, 61, 69), None), ((9, 13), 44), ((0, 44), 44), ((0, 0), None)):
        shares = distribution_of([f"category {i}" for i in range(len(counts))], counts, population=population)
        assert widest_half_width(counts, population) == pytest.approx(shares.half_width)
