"""Tests of mixtures of corpora: the published example, and what every mixture must satisfy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.stats.intervals import mover, wilson
from corpuscope.stats.mixture import (
    difference_p,
    mixture_interval,
    mixture_share,
    neyman_top_up,
)
from corpuscope.stats.reference import REFERENCES

WEIGHTS = (0.3, 0.2, 0.5)
SIZES = [sum(reference.counts) for reference in REFERENCES]

shares = st.lists(st.tuples(st.integers(0, 50), st.integers(50, 300)), min_size=1, max_size=5)


def test_the_mixture_of_the_published_corpora_has_its_published_values() -> None:
    published = [
        (0.4256023087, 0.3909336441, 0.4585953532),
        (0.2211205794, 0.1927290280, 0.2560529779),
        (0.0370344828, 0.0261083411, 0.0558637227),
        (0.1340473004, 0.1113403297, 0.1652971755),
        (0.1246884298, 0.1041487204, 0.1536778370),
        (0.0153891626, 0.0096305397, 0.0306550478),
        (0.0421177364, 0.0306759984, 0.0637386642),
    ]
    for i, values in enumerate(published):
        counts = [reference.counts[i] for reference in REFERENCES]
        parts = [count / n for count, n in zip(counts, SIZES, strict=True)]
        intervals = [wilson(count, n) for count, n in zip(counts, SIZES, strict=True)]
        mixture = mixture_interval(WEIGHTS, parts, intervals)
        computed = (mixture_share(WEIGHTS, parts), mixture.low, mixture.high)
        assert computed == pytest.approx(values, abs=5.1e-11)


def test_a_mixture_of_one_corpus_is_that_corpus() -> None:
    interval = wilson(73, 203)
    mixture = mixture_interval([1.0], [73 / 203], [interval])
    assert (mixture.low, mixture.high) == pytest.approx((interval.low, interval.high))


def test_the_difference_of_two_pure_mixtures_is_the_difference_of_their_corpora() -> None:
    parts, intervals = [73 / 203, 61 / 200], [wilson(73, 203), wilson(61, 200)]
    mixture = mixture_interval((-1, 1), parts, intervals)
    difference = mover(parts[1], intervals[1], parts[0], intervals[0])
    assert (mixture.low, mixture.high) == pytest.approx((difference.low, difference.high))


@given(counted=shares)
def test_a_mixture_holds_its_share_and_stays_between_0_and_1(counted: list[tuple[int, int]]) -> None:
    weights = [1 / len(counted)] * len(counted)
    parts = [count / n for count, n in counted]
    mixture = mixture_interval(weights, parts, [wilson(count, n) for count, n in counted])
    assert 0 <= mixture.low <= mixture_share(weights, parts) + 1e-12
    assert mixture_share(weights, parts) - 1e-12 <= mixture.high <= 1


def test_the_next_labels_go_where_weight_and_spread_are_largest() -> None:
    assert neyman_top_up((0.5, 0.5), (0.5, 0.5), (0, 0), 100) == (50, 50)
    assert neyman_top_up((0.9, 0.1), (0.5, 0.5), (0, 0), 100) == (90, 10)
    assert neyman_top_up((0.5, 0.5), (0.5, 0.0), (0, 0), 100) == (100, 0)
    assert neyman_top_up((0.75, 0.25), (0.0, 0.0), (0, 0), 100) == (75, 25)
    assert sum(neyman_top_up((0.3, 0.3, 0.4), (0.3, 0.4, 0.46), (0, 0, 0), 101)) == 101


def test_a_mixture_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one corpus"):
        mixture_interval([], [], [])
    with pytest.raises(ValueError, match="weight"):
        neyman_top_up((0.0,), (0.5,), (0,), 10)


def test_a_corpus_that_has_more_than_its_part_gets_no_further_label() -> None:
    assert neyman_top_up((0.5, 0.5), (0.5, 0.5), (100, 0), 100) == (0, 100)
    assert neyman_top_up((0.5, 0.5), (0.5, 0.5), (50, 50), 100) == (50, 50)
    assert neyman_top_up((0.5, 0.5), (0.0, 0.0), (0, 0), 10) == (5, 5)


def test_no_corpus_gets_more_labels_than_it_has_documents() -> None:
    assert neyman_top_up((0.5, 0.5), (0.5, 0.5), (0, 0), 100, (10, 1_000)) == (10, 90)
    assert neyman_top_up((0.5, 0.5), (0.5, 0.5), (0, 0), 100, (10, 20)) == (10, 20)


C4, FINEWEB = (24, 73, 21, 34, 31, 5, 15), (17, 61, 6, 44, 54, 8, 10)


def test_the_overall_test_of_two_mixes_is_near_pearsons_for_two_corpora() -> None:
    shares = [[count / sum(counts) for count in counts] for counts in (C4, FINEWEB)]
    p = difference_p((0.3, -0.3), shares, (203, 200))
    assert p == pytest.approx(0.0030307, abs=0.0004)
    assert difference_p((-0.1, 0.1), shares, (203, 200)) == pytest.approx(p)
    assert difference_p((0.0, 0.0), shares, (203, 200)) == 1.0
    assert difference_p((0.3, -0.3), [shares[0], shares[0]], (203, 200)) == 1.0


def test_censuses_that_differ_are_told_apart_for_certain() -> None:
    assert difference_p((0.5, -0.5), [(0.5, 0.5), (0.4, 0.6)], (math.inf, math.inf)) == 0.0


def test_samples_of_one_corpus_are_rarely_told_apart_however_unequal() -> None:
    rng, mix = np.random.default_rng(1), np.array(C4) / sum(C4)
    false = 0
    for _ in range(300):
        sampled = [(rng.multinomial(n, mix) / n).tolist() for n in (40, 400)]
        false += difference_p((0.2, -0.2), sampled, (40, 400)) < 0.05
    assert false < 30
