"""Tests of weighted shares against R's survey package."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.stats.weighted import kish, weighted_shares

TOKENS = (100, 250, 900, 40, 600, 300, 1200, 80, 150, 500, 2000, 60)
CODES = (1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1)
WEIGHTS = (1, 1, 1, 2, 2, 2, 1, 1, 1, 4, 4, 4)

codes = st.lists(st.integers(0, 3), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("weights", "share", "error"),
    [(TOKENS, 0.4660194175, 0.2286470934), (WEIGHTS, 0.5833333333, 0.1711056588)],
    ids=["tokens", "weights"],
)
def test_shares_and_standard_errors_match_rs_survey_package(
    weights: Sequence[float], share: float, error: float
) -> None:
    estimate = weighted_shares(CODES, 2, weights=weights)
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
    order = data.draw(st.permutations(range(len(codes))))
    one = weighted_shares(codes, 4, weights=weights)
    other = weighted_shares([codes[i] for i in order], 4, weights=[weights[i] for i in order])
    assert one.shares == pytest.approx(other.shares)
    assert one.n_effective == pytest.approx(other.n_effective)


def test_a_single_document_has_no_standard_error() -> None:
    assert math.isnan(weighted_shares((1,), 2).standard_errors[0])


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


@pytest.mark.parametrize("wrong", [(1,), (1, -1)])
def test_weights_that_are_not_one_per_document_are_an_error(wrong: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="one per document"):
        weighted_shares((0, 1), 2, weights=wrong)
