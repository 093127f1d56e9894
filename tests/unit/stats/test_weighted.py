"""Tests of weighted and clustered shares against R's survey package."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.stats.weighted import kish, weighted_shares

CLUSTERS = (1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4)
TOKENS = (100, 250, 900, 40, 600, 300, 1200, 80, 150, 500, 2000, 60)
CODES = (1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1)
WEIGHTS = (1, 1, 1, 2, 2, 2, 1, 1, 1, 4, 4, 4)

codes = st.lists(st.integers(0, 3), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("weights", "clusters", "share", "error"),
    [
        (TOKENS, None, 0.4660194175, 0.2286470934),
        (TOKENS, CLUSTERS, 0.4660194175, 0.2186288246),
        (None, CLUSTERS, 0.5, 0.09622504486),
        (WEIGHTS, CLUSTERS, 0.5833333333, 0.07414637675),
        (WEIGHTS, None, 0.5833333333, 0.1711056588),
        ([w * t for w, t in zip(WEIGHTS, TOKENS, strict=True)], CLUSTERS, 0.6554054054, 0.1478526649),
    ],
    ids=["tokens", "tokens in clusters", "clusters", "weights in clusters", "weights", "everything"],
)
def test_shares_and_standard_errors_match_rs_survey_package(
    weights: Sequence[float] | None, clusters: Sequence[int] | None, share: float, error: float
) -> None:
    estimate = weighted_shares(CODES, 2, weights=weights, clusters=clusters)
    assert estimate.shares[1] == pytest.approx(share, abs=5.1e-11)
    assert estimate.standard_errors[1] == pytest.approx(error, abs=5.1e-11)


def test_kishs_effective_size_has_its_published_value() -> None:
    assert kish(TOKENS) == pytest.approx(5.412294873, abs=5.1e-10)


@given(codes=codes, weight=st.floats(0.1, 1000))
def test_equal_weights_give_wilson_at_n(codes: list[int], weight: float) -> None:
    estimate = weighted_shares(codes, 4, weights=[weight] * len(codes))
    assert estimate.shares == pytest.approx([codes.count(k) / len(codes) for k in range(4)])
    assert estimate.n_effective == pytest.approx(len(codes))
    assert estimate.n_effective_by_category == pytest.approx([len(codes)] * 4)


@given(data=st.data(), codes=codes)
def test_the_effective_n_never_exceeds_the_sample_size(data: st.DataObject, codes: list[int]) -> None:
    weights = data.draw(st.lists(st.floats(0.01, 100), min_size=len(codes), max_size=len(codes)))
    estimate = weighted_shares(codes, 4, weights=weights)
    assert sum(estimate.shares) == pytest.approx(1)
    assert 0 < estimate.n_effective <= estimate.n_kish <= len(codes) * (1 + 1e-9)
    assert all(0 < n <= estimate.n_effective for n in estimate.n_effective_by_category)


@given(data=st.data(), codes=codes)
def test_the_order_of_the_documents_does_not_matter(data: st.DataObject, codes: list[int]) -> None:
    weights = data.draw(st.lists(st.integers(1, 100), min_size=len(codes), max_size=len(codes)))
    clusters = data.draw(st.lists(st.sampled_from("abcde"), min_size=len(codes), max_size=len(codes)))
    order = data.draw(st.permutations(range(len(codes))))
    one = weighted_shares(codes, 4, weights=weights, clusters=clusters)
    other = weighted_shares(
        [codes[i] for i in order],
        4,
        weights=[weights[i] for i in order],
        clusters=[clusters[i] for i in order],
    )
    assert one.shares == pytest.approx(other.shares)
    assert one.n_effective == pytest.approx(other.n_effective)


def test_clusters_of_one_document_each_are_ignored() -> None:
    assert weighted_shares(CODES, 2, clusters=range(12)) == weighted_shares(CODES, 2)


def test_clusters_of_similar_documents_reduce_the_effective_n() -> None:
    codes = [code for code in (0, 1, 0, 0, 1, 1, 0, 1, 1, 0) for _ in range(10)]
    estimate = weighted_shares(codes, 2, clusters=[i // 10 for i in range(100)])
    assert estimate.clusters == 10
    assert estimate.n_effective < 10


def test_a_single_cluster_has_an_effective_n_of_0() -> None:
    estimate = weighted_shares((0, 1, 0), 2, clusters=("a", "a", "a"))
    assert (estimate.n_effective, estimate.n_effective_by_category) == (0, (0, 0))
    assert math.isnan(estimate.standard_errors[0])


def test_a_category_of_long_documents_has_a_smaller_effective_n() -> None:
    codes, tokens = [0] * 20 + [1] * 90 + [2] * 90, [5_000, 500] * 10 + [400] * 180
    estimate = weighted_shares(codes, 3, weights=tokens)
    assert estimate.n_effective_by_category[0] < estimate.n_effective_by_category[1] <= estimate.n_effective


def test_no_documents_and_documents_without_tokens_give_no_shares() -> None:
    for estimate in (weighted_shares((), 3), weighted_shares((0, 1), 3, weights=(0, 0))):
        assert (estimate.shares, estimate.n_effective) == ((0, 0, 0), 0)


def test_a_single_category_has_kishs_effective_size() -> None:
    estimate = weighted_shares((1,) * 12, 2, weights=TOKENS)
    assert list(estimate.shares) == [0, 1]
    assert estimate.n_effective == pytest.approx(kish(TOKENS))


@pytest.mark.parametrize("wrong", [{"weights": (1,)}, {"weights": (1, -1)}, {"clusters": ("a",)}])
def test_weights_and_clusters_that_are_not_one_per_document_are_an_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="one per document"):
        weighted_shares((0, 1), 2, **wrong)
