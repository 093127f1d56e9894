"""Tests of the uniformity checks: uniform draws pass, clumped and spread-out ones fail."""

from __future__ import annotations

import numpy as np
import pytest

from corpuscope.stats.uniformity import (
    Uniformity,
    UniformityCheck,
    check_lengths,
    check_occupancy,
    check_positions,
)

RNG = np.random.default_rng(20)


def test_rows_drawn_evenly_pass() -> None:
    totals = RNG.integers(100, 400_000, 2_000)
    rows = RNG.integers(0, totals)
    check = check_positions(rows.tolist(), totals.tolist())
    assert check.verdict is Uniformity.OK
    assert check.n == 2_000


def test_a_sample_of_first_rows_only_is_an_error() -> None:
    check = check_positions(list(range(200)), [10_000] * 200)
    assert check.verdict is Uniformity.ERROR
    assert check.statistic > 0.97


def test_files_of_a_few_rows_pass_the_check_of_positions() -> None:
    totals = [3] * 600
    rows = RNG.integers(0, 3, 30).tolist()
    assert check_positions(rows, totals[:30]).verdict is Uniformity.OK


def test_2_000_draws_are_expected_to_hit_about_879_shards_of_c4() -> None:
    groups = RNG.integers(0, 1_024, 2_000).tolist()
    check = check_occupancy(groups, [1.0] * 1_024, resamples=1_999)
    assert check.expected == pytest.approx(879, abs=1)
    assert check.verdict is Uniformity.OK


@pytest.mark.slow
def test_draws_from_ten_row_groups_of_a_shuffle_buffer_are_an_error() -> None:
    groups = RNG.integers(0, 10, 2_000).tolist()
    assert check_occupancy(groups, [1.0] * 14_869, resamples=4_999).verdict is Uniformity.ERROR


def test_draws_that_take_each_shard_once_are_an_error() -> None:
    assert check_occupancy(list(range(200)), [1.0] * 256, resamples=4_999).verdict is Uniformity.ERROR


def test_one_coincidence_among_few_draws_is_no_error() -> None:
    assert check_occupancy([*range(9), 0], [1.0] * 1_024).verdict is not Uniformity.ERROR


def test_groups_of_unequal_size_are_expected_to_be_hit_unequally() -> None:
    sizes = [100.0] + [1.0] * 100
    groups = RNG.choice(101, 200, p=np.array(sizes) / 200).tolist()
    assert check_occupancy(groups, sizes, resamples=1_999).verdict is Uniformity.OK
    assert check_occupancy(groups, [1.0] * 101, resamples=4_999).verdict is Uniformity.ERROR


def test_lengths_of_the_same_corpus_pass_and_truncated_ones_fail() -> None:
    lengths = np.exp(RNG.normal(7, 1, 900)).astype(int)
    assert check_lengths(lengths[:400].tolist(), lengths[400:].tolist()).verdict is Uniformity.OK
    assert (
        check_lengths(lengths[:400].tolist(), np.minimum(lengths, 900).tolist()).verdict is Uniformity.ERROR
    )


def test_empty_samples_pass() -> None:
    assert check_positions((), ()).verdict is Uniformity.OK
    assert check_occupancy((), (1.0,)).verdict is Uniformity.OK
    assert check_lengths((), (5,)).verdict is Uniformity.OK


@pytest.mark.parametrize(("p", "verdict"), [(0.0009, "error"), (0.001, "suspicious"), (0.01, "ok")])
def test_the_verdict_is_an_error_below_001_and_suspicious_below_01(p: float, verdict: str) -> None:
    assert UniformityCheck("positions", 0.1, None, 100, p).verdict == verdict


def test_occupancy_is_compared_with_9_999_simulated_samples_and_the_same_every_time() -> None:
    groups, sizes = [1, 1, 2, 3], [5.0] * 8
    check = check_occupancy(groups, sizes)
    assert check == check_occupancy(groups, sizes, resamples=9_999, seed=0)
    assert check.expected != check_occupancy(groups, sizes, seed=1).expected
    assert check.p * 5_000 == pytest.approx(round(check.p * 5_000), abs=1e-6)
