"""Tests of distributions: shares, intervals, ranks and ties."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.errors import UsageError
from corpuscope.stats.distribution import distribution_of, weighted_distribution
from corpuscope.stats.interval_kinds import KINDS
from corpuscope.stats.intervals import wilson
from corpuscope.stats.reference import SEVEN, reference_named

C4 = reference_named("c4").counts
FINEWEB = reference_named("fineweb").counts
EDU = reference_named("fineweb-edu").counts

counts = st.lists(st.integers(0, 150), min_size=1, max_size=12)


def names(counts: list[int]) -> list[str]:
    return [f"category {i}" for i in range(len(counts))]


def test_shares_keep_the_order_of_the_scheme_and_carry_wilsons_interval() -> None:
    distribution = distribution_of(SEVEN, C4)
    assert distribution.categories == SEVEN
    assert tuple(share.count for share in distribution.shares) == C4
    assert distribution.n == distribution.n_effective == 203
    assert distribution.shares[1].share == 73 / 203
    assert distribution.shares[1].interval == wilson(73, 203)
    assert distribution.method == "Wilson"


def test_advertising_and_creative_writing_are_tied_in_fineweb() -> None:
    by_name = {share.category: share for share in distribution_of(SEVEN, FINEWEB).shares}
    assert "Creative" in by_name["Advertising"].tied_with
    assert by_name["Advertising"].ranks == by_name["Creative"].ranks == (1, 3)


def test_a_category_without_ties_has_a_single_rank() -> None:
    educational = distribution_of(SEVEN, EDU).shares[0]
    assert educational.ranks == (1, 1)
    assert educational.tied_with == ()


def test_without_labels_all_categories_are_tied() -> None:
    distribution = distribution_of(SEVEN, (0,) * 7)
    assert {(share.interval.low, share.interval.high) for share in distribution.shares} == {(0, 1)}
    assert {share.ranks for share in distribution.shares} == {(1, 7)}
    assert distribution.half_width == 0.5
    assert distribution.design_effect == 1


@pytest.mark.parametrize("kind", [kind.key for kind in KINDS])
@given(counts=counts)
def test_shares_add_up_and_lie_in_their_intervals(kind: str, counts: list[int]) -> None:
    distribution = distribution_of(names(counts), counts, interval=kind)
    assert sum(share.share for share in distribution.shares) == pytest.approx(1 if sum(counts) else 0)
    for share in distribution.shares:
        assert 0 <= share.interval.low <= share.share <= share.interval.high <= 1


@given(counts=counts, random=st.randoms())
def test_the_order_of_the_categories_changes_no_share(counts: list[int], random: Random) -> None:
    order = random.sample(range(len(counts)), len(counts))
    categories = names(counts)
    in_order = {share.category: share for share in distribution_of(categories, counts).shares}
    for share in distribution_of([categories[i] for i in order], [counts[i] for i in order]).shares:
        same = in_order[share.category]
        assert (share.interval, share.ranks, set(share.tied_with)) == (
            same.interval,
            same.ranks,
            set(same.tied_with),
        )


@given(counts=counts)
def test_ties_are_mutual_and_ranks_include_the_observed_one(counts: list[int]) -> None:
    shares = distribution_of(names(counts), counts).shares
    by_name = {share.category: share for share in shares}
    for share in shares:
        assert all(share.category in by_name[other].tied_with for other in share.tied_with)
        larger = sum(other.count > share.count for other in shares)
        assert share.ranks[0] <= larger + 1 <= share.ranks[1]


def test_a_smaller_effective_n_widens_the_intervals_and_ties_more_categories() -> None:
    plain = distribution_of(["a", "b"], [120, 80])
    weighted = weighted_distribution(["a", "b"], [120, 80], [0.6, 0.4], 59.0, [59.0, 50.0])
    assert plain.shares[0].tied_with == ()
    assert weighted.shares[0].tied_with == ("b",)
    assert weighted.shares[0].interval == wilson(0.6 * 59, 59)
    assert weighted.shares[1].interval == wilson(0.4 * 50, 50)
    assert weighted.design_effect == 200 / 59


def test_an_unknown_interval_is_named_in_the_error() -> None:
    with pytest.raises(UsageError, match="no interval called 'wald'"):
        distribution_of(SEVEN, C4, interval="wald")


def test_a_heading_names_the_method_that_was_used() -> None:
    assert distribution_of(SEVEN, C4).method_title == "Wilson"
    assert distribution_of(SEVEN, C4, population=400).method_title == "mid-p"
    assert distribution_of(SEVEN, C4, population=203).method_title == "exact"
    assert distribution_of(SEVEN, C4, interval="exact", population=400).method_title == "exact"
