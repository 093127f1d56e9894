"""Permuted blocks and stratified subsets: balanced in every block, and reproducible."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpuscope.files import digest
from corpuscope.sampling.keyed_random import StratifiedSubset, permuted_block

percents = st.integers(0, 100)
seeds = st.integers(0, 2**64 - 1)


@given(
    seed=seeds,
    names=st.sets(st.text(min_size=1, max_size=5), min_size=1, max_size=5),
    block=st.integers(0, 99),
)
def test_each_block_holds_every_name_once(seed: int, names: set[str], block: int) -> None:
    names_in_block = [
        permuted_block("a purpose", seed, names, block * len(names) + i) for i in range(len(names))
    ]
    assert set(names_in_block) == names


def test_two_purposes_have_different_orders() -> None:
    one, other = ([permuted_block(purpose, 7, "abcd", i) for i in range(80)] for purpose in ("one", "other"))
    assert one != other


@given(seed=seeds, percent=percents, block=st.integers(0, 50))
def test_exactly_the_given_percentage_of_every_hundred_draws_is_chosen(
    seed: int, percent: int, block: int
) -> None:
    chosen = StratifiedSubset(digest(seed), percent)
    assert sum(100 * block + i in chosen for i in range(100)) == percent


@given(seed=seeds, percent=percents, draw=st.integers(0, 500))
def test_before_equals_a_count_of_the_chosen_draws(seed: int, percent: int, draw: int) -> None:
    chosen = StratifiedSubset(digest(seed), percent)
    assert chosen.before(draw) == sum(k in chosen for k in range(draw))


def test_ten_percent_is_one_draw_of_every_ten_at_a_random_position() -> None:
    chosen = StratifiedSubset(digest("key"), 10)
    positions = {k % 10 for k in range(400) if k in chosen}
    assert all(sum(start + i in chosen for i in range(10)) == 1 for start in range(0, 400, 10))
    assert len(positions) > 5
