"""Mean, thresholds and own score of an ordinal scale."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from corpuscope.stats.finite import CENSUS
from corpuscope.stats.intervals import wilson
from corpuscope.stats.ordinal import OrdinalSummary, mean_difference, own_score
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise

SCALE = ("0", "1", "2", "3", "4", "5")


def a_sample(*counts: int) -> Sample:
    sample = Sample.of_counts("web", SCALE[: len(counts)], counts)
    return replace(sample, values=tuple(map(float, sample.categories)))


def ordinal(sample: Sample, **options: str) -> OrdinalSummary:
    summary = summarise([sample], **options).corpora[0].ordinal  # type: ignore[arg-type]
    assert summary is not None
    return summary


def test_the_mean_is_that_of_the_labels_and_a_threshold_counts_a_number_or_more() -> None:
    summary = ordinal(a_sample(70, 70, 40, 14, 4, 2))
    assert summary.mean == pytest.approx((70 + 80 + 42 + 16 + 10) / 200)
    assert [entry.value for entry in summary.thresholds] == [1, 2, 3, 4, 5]
    assert [entry.count for entry in summary.thresholds] == [130, 60, 20, 6, 2]
    assert summary.middle.value == 3
    assert summary.middle.interval == wilson(20, 200)
    assert summary.interval.low < summary.mean < summary.interval.high


def test_on_the_numbers_0_and_1_the_interval_is_that_of_the_share() -> None:
    summary = ordinal(a_sample(85, 15))
    expected = wilson(15, 100)
    assert (summary.interval.low, summary.interval.high) == pytest.approx((expected.low, expected.high))


def test_for_many_labels_the_interval_is_that_of_the_normal_distribution() -> None:
    counts = (3_500, 3_500, 2_000, 700, 200, 100)
    summary, n = ordinal(a_sample(*counts)), sum(counts)
    variance = sum(count * (value - summary.mean) ** 2 for value, count in enumerate(counts)) / n
    reach = 1.959964 * (variance / n) ** 0.5
    assert summary.interval.high - summary.mean == pytest.approx(reach, rel=0.02)
    assert summary.mean - summary.interval.low == pytest.approx(reach, rel=0.02)


def test_labels_that_are_all_equal_leave_room_for_others() -> None:
    summary = ordinal(a_sample(30, 0, 0))
    assert (summary.mean, summary.interval.low) == (0, 0)
    assert summary.interval.high > 0.1


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6).filter(any))
def test_the_interval_holds_the_mean_and_stays_within_the_scale(counts: list[int]) -> None:
    summary = ordinal(a_sample(*counts))
    assert 0 <= summary.interval.low <= summary.mean + 1e-12
    assert summary.mean - 1e-12 <= summary.interval.high <= len(counts) - 1
    shares = [entry.share for entry in summary.thresholds]
    assert shares == sorted(shares, reverse=True)


def test_shares_of_tokens_weigh_the_mean() -> None:
    sample = replace(a_sample(1, 1), tokens=(100.0, 300.0))
    assert ordinal(sample, weighting="tokens").mean == pytest.approx(0.75)


def test_a_corpus_read_whole_has_an_exact_mean() -> None:
    summary = ordinal(replace(a_sample(10, 20, 10), documents=40))
    assert summary.interval.low == summary.interval.high == summary.mean == 1
    assert summary.interval.method == CENSUS


def test_a_nominal_scale_and_pending_labels_have_no_mean() -> None:
    nominal = Sample.of_counts("web", SCALE[:2], (3, 4))
    pending = replace(a_sample(3, 4), pending=2)
    assert [corpus.ordinal for corpus in summarise([nominal, pending]).corpora] == [None, None]


def test_the_own_score_stands_beside_the_labels_of_documents_that_have_one() -> None:
    scores = (0.0, 1.0, None, 2.0, 3.0, 2.2)
    sample = replace(a_sample(2, 2, 2, 0), scores=scores)
    summary = ordinal(sample)
    own = summary.own
    assert own is not None
    assert own.n == 5
    assert own.mean == pytest.approx(8.2 / 5)
    assert own.label_mean == pytest.approx((0 + 0 + 1 + 2 + 2) / 5)
    assert own.difference is not None
    assert own.difference.low < own.label_mean - own.mean < own.difference.high
    assert own.kappa is not None
    assert [entry.own for entry in summary.thresholds] == pytest.approx([4 / 5, 3 / 5, 1 / 5])


def test_the_difference_of_label_and_own_score_has_the_interval_of_a_paired_t_test() -> None:
    own = own_score((0, 1, 2), (0, 0, 1, 2, 2), (0.5, 0.0, 1.0, 1.5, 0.0), 0.95)
    assert own is not None
    assert own.difference is not None
    expected = ttest_1samp([-0.5, 0, 0, 0.5, 2], 0).confidence_interval(0.95)
    assert (own.difference.low, own.difference.high) == pytest.approx((expected.low, expected.high))
    single = own_score((0, 1), (1,), (0.5,), 0.95)
    assert single is not None
    assert single.difference is None


def test_without_any_score_nothing_stands_beside_the_labels() -> None:
    assert own_score((0, 1), (0, 1), (None, None), 0.95) is None


def test_the_difference_of_means_turns_with_its_corpora() -> None:
    one, other = ordinal(a_sample(10, 30, 60)), ordinal(a_sample(60, 30, 10))
    difference, interval = mean_difference(one, other)
    opposite, mirrored = mean_difference(other, one)
    assert difference == pytest.approx(1.0)
    assert interval.low > 0.5
    assert (opposite, mirrored.low, mirrored.high) == pytest.approx(
        (-difference, -interval.high, -interval.low)
    )
