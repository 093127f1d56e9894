"""Tests of the shares of a whole corpus, from labels and the scores of all documents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corpuscope.analysis.filter_forecast import LabelledScores
from corpuscope.analysis.whole_corpus import WholeCorpus, corrected_shares
from corpuscope.errors import UsageError
from corpuscope.stats.assisted import PoolMeans, assisted_shares
from corpuscope.stats.head_order import HeadOrder
from corpuscope.stats.sample import Sample

RANDOM = np.random.default_rng(3)
N = 5_000
TRUTH = RANDOM.choice(3, N, p=[0.5, 0.3, 0.2])
SCORES = np.clip(np.eye(3)[TRUTH] * 0.6 + RANDOM.normal(0.1, 0.15, (N, 3)), 0, 1)
LENGTHS = RANDOM.integers(10, 200, N)


def a_sample(n: int = 200, documents: int | None = None) -> tuple[Sample, LabelledScores, slice]:
    rows = slice(0, n)
    lengths = tuple(LENGTHS[rows].tolist())
    sample = Sample("web", ("a", "b", "c"), tuple(TRUTH[rows].tolist()), lengths=lengths, documents=documents)
    return sample, LabelledScores(SCORES[rows], SCORES[rows], 0), rows


def the_whole(order: HeadOrder | None = None) -> WholeCorpus:
    return WholeCorpus(N, N, SCORES.sum(axis=0), order)


def test_the_mean_of_the_unlabelled_documents_has_no_variance() -> None:
    sample, scores, rows = a_sample()
    result = corrected_shares(sample, scores, the_whole())
    rest = np.delete(SCORES, np.arange(N)[rows], axis=0)
    pool = PoolMeans(N, tuple(rest.mean(axis=0)), (0.0, 0.0, 0.0))
    expected = assisted_shares(sample.codes, scores.held_out, pool, [200.0] * 3)
    assert [share.share for share in result.assisted.shares] == pytest.approx(expected.shares)
    assert result.gain == pytest.approx(expected.gain)
    assert result.is_whole
    assert result.pool == N


def test_the_estimate_is_near_the_truth_where_counting_the_classes_is_not() -> None:
    biased = SCORES + np.array([0.3, 0.0, 0.0])  # a classifier that prefers the first category
    sample, _, rows = a_sample()
    scores = LabelledScores(biased[rows], biased[rows], 0)
    result = corrected_shares(sample, scores, WholeCorpus(N, N, biased.sum(axis=0), None))
    truth = np.bincount(TRUTH) / N
    counted = np.bincount(biased.argmax(axis=1)) / N
    assert abs(counted - truth).max() > 0.02
    for share, value in zip(result.assisted.shares, truth, strict=True):
        assert share.interval.low < value < share.interval.high


def test_a_corpus_of_known_size_counts_its_labelled_documents_once() -> None:
    sample, scores, rows = a_sample(documents=N)
    result = corrected_shares(sample, scores, the_whole())
    rest = np.delete(SCORES, np.arange(N)[rows], axis=0)
    pool = PoolMeans(N, tuple(rest.mean(axis=0)), (0.0, 0.0, 0.0), unlabelled=1 - 200 / N)
    expected = assisted_shares(sample.codes, scores.held_out, pool, [200.0] * 3)
    assert [share.share for share in result.assisted.shares] == pytest.approx(expected.shares)


def test_shares_of_characters_weigh_scores_by_length() -> None:
    sample, scores, _ = a_sample()
    whole = WholeCorpus(N, int(LENGTHS.sum()), LENGTHS @ SCORES, None)
    result = corrected_shares(sample, scores, whole, weighting="characters")
    truth = np.bincount(TRUTH, weights=LENGTHS) / LENGTHS.sum()
    for share, value in zip(result.assisted.shares, truth, strict=True):
        assert share.interval.low < value < share.interval.high


@pytest.mark.parametrize(("p", "warned"), [(0.4, False), (1e-5, True)])
def test_an_order_that_is_not_random_is_a_warning(p: float, warned: bool) -> None:
    order = HeadOrder(20, 960, (0.01, -0.083, 0.02), (1.0, p, 1.0))
    sample, scores, _ = a_sample()
    result = corrected_shares(sample, scores, the_whole(order))
    warning = [text for text in result.warnings if "is not random" in text]
    assert bool(warning) == warned
    if warned:
        assert "a mean score of b that differs by -8.3 points" in warning[0]


def test_what_the_run_differs_in_is_a_warning() -> None:
    sample, scores, _ = a_sample()
    result = corrected_shares(sample, scores, replace(the_whole(), notes=("The run read another copy.",)))
    assert "The run read another copy." in result.warnings


def test_too_few_labels_or_too_small_a_corpus_are_refused() -> None:
    sample, scores, _ = a_sample(30)
    with pytest.raises(UsageError, match="web has 30 labels; assisted shares need 50"):
        corrected_shares(sample, scores, the_whole())
    sample, scores, _ = a_sample()
    with pytest.raises(UsageError, match="the run read 150 documents of web, which has 200 labels"):
        corrected_shares(sample, scores, replace(the_whole(), documents=150))
