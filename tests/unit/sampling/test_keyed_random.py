"""Orders that follow from a key alone."""

from collections import Counter
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from corpuscope.files import digest
from corpuscope.sampling.keyed_random import SORTED_BELOW, Permutation, keyed_hash


@given(size=st.integers(1, 3000), key=st.binary(min_size=1, max_size=64))
def test_an_order_holds_every_number_once(size: int, key: bytes) -> None:
    order = Permutation(key, size)
    assert sorted(order(place) for place in range(size)) == list(range(size))


@given(size=st.integers(SORTED_BELOW + 1, 1 << 62), place=st.integers(0, SORTED_BELOW))
def test_places_of_huge_orders_are_found_without_making_them(size: int, place: int) -> None:
    order = Permutation(b"key", size)
    assert 0 <= order(place) < size
    assert order(place) == Permutation(b"key", size)(place)


@pytest.mark.parametrize("place", [-1, 10])
def test_there_is_no_place_outside_of_an_order(place: int) -> None:
    with pytest.raises(IndexError):
        Permutation(b"key", 10)(place)


def test_every_order_of_four_is_equally_likely() -> None:
    seen = Counter(
        tuple(Permutation(digest("orders", n), 4)(place) for place in range(4)) for n in range(12_000)
    )
    assert len(seen) == factorial(4)
    assert stats.chisquare(list(seen.values())).pvalue > 0.001


def test_pairs_of_a_large_order_are_uniform() -> None:
    size, parts = SORTED_BELOW * 4, 8
    pairs: Counter[tuple[int, int]] = Counter()
    for n in range(6_000):
        order = Permutation(digest("pairs", n), size)
        pairs[order(0) * parts // size, order(1) * parts // size] += 1
    assert len(pairs) == parts**2
    assert stats.chisquare(list(pairs.values())).pvalue > 0.001


def test_neighbouring_places_of_a_large_order_are_independent() -> None:
    order = Permutation(b"key", 100_000)
    numbers = [order(place) for place in range(20_000)]
    assert stats.kstest(numbers, stats.uniform(0, 100_000).cdf).pvalue > 0.001
    assert abs(stats.pearsonr(numbers[:-1], numbers[1:]).statistic) < 0.03


def test_numbers_are_the_same_on_every_machine() -> None:
    assert digest("corpuscope", 1, "c0ffee").hex()[:16] == "2a15c40331e8a627"
    assert [keyed_hash(b"key", n) for n in range(2)] == [14531417297935761068, 8204845277537329418]
    assert [Permutation(b"key", 10)(place) for place in range(10)] == [4, 2, 6, 3, 1, 9, 7, 5, 0, 8]
    assert [Permutation(b"key", 10**6)(place) for place in range(4)] == [24310, 179037, 976084, 29231]


def test_parts_of_a_key_do_not_run_into_each_other() -> None:
    assert digest("ab", "c") != digest("a", "bc")
