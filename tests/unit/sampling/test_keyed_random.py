"""Random orders that depend on a key alone."""

from __future__ import annotations

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
    assert sorted(order(position) for position in range(size)) == list(range(size))


@given(size=st.integers(SORTED_BELOW + 1, 1 << 62), position=st.integers(0, SORTED_BELOW))
def test_positions_of_huge_orders_are_computed_without_the_whole_order(size: int, position: int) -> None:
    order = Permutation(b"key", size)
    assert 0 <= order(position) < size
    assert order(position) == Permutation(b"key", size)(position)


@pytest.mark.parametrize("position", [-1, 10])
def test_a_position_outside_the_order_is_an_error(position: int) -> None:
    with pytest.raises(IndexError):
        Permutation(b"key", 10)(position)


def test_every_order_of_four_is_equally_likely() -> None:
    counts = Counter(
        tuple(Permutation(digest("orders", n), 4)(position) for position in range(4)) for n in range(12_000)
    )
    assert len(counts) == factorial(4)
    assert stats.chisquare(list(counts.values())).pvalue > 0.001


def test_pairs_of_a_large_order_are_uniform() -> None:
    size, parts = SORTED_BELOW * 4, 8
    pairs: Counter[tuple[int, int]] = Counter()
    for n in range(6_000):
        order = Permutation(digest("pairs", n), size)
        pairs[order(0) * parts // size, order(1) * parts // size] += 1
    assert len(pairs) == parts**2
    assert stats.chisquare(list(pairs.values())).pvalue > 0.001


def test_neighbouring_positions_of_a_large_order_are_independent() -> None:
    order = Permutation(b"key", 100_000)
    numbers = [order(position) for position in range(20_000)]
    assert stats.kstest(numbers, stats.uniform(0, 100_000).cdf).pvalue > 0.001
    assert abs(stats.pearsonr(numbers[:-1], numbers[1:]).statistic) < 0.03


def test_numbers_are_the_same_on_every_machine() -> None:
    assert digest("corpuscope", 1, "c0ffee").hex()[:16] == "2a15c40331e8a627"
    assert [keyed_hash(b"key", n) for n in range(2)] == [14531417297935761068, 8204845277537329418]
    assert [Permutation(b"key", 10)(position) for position in range(10)] == [4, 2, 6, 3, 1, 9, 7, 5, 0, 8]
    assert [Permutation(b"key", 10**6)(position) for position in range(4)] == [24310, 179037, 976084, 29231]


def test_the_parts_of_a_key_are_kept_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
