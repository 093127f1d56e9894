"""Assignment: the overlap goes to all annotators, each other draw to one of them, in equal parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.errors import PlanError
from corpuscope.sampling.assignment import Assignment

annotator_names = st.lists(st.text(min_size=1, max_size=6), min_size=2, max_size=4, unique=True).map(tuple)


@pytest.mark.slow
@given(
    annotators=annotator_names,
    overlap=st.integers(0, 100),
    seed=st.integers(0, 2**64 - 1),
    corpus=st.text(max_size=5),
)
def test_every_draw_is_assigned_to_all_annotators_or_to_exactly_one(
    annotators: tuple[str, ...], overlap: int, seed: int, corpus: str
) -> None:
    assignment = Assignment(annotators, overlap)
    parts = [assignment.annotator_draws(seed, corpus, name) for name in annotators]
    owners = [sum(draw in part for part in parts) for draw in range(200)]
    assert set(owners) <= {1, len(annotators)}
    assert sum(count == len(annotators) for count in owners) == 2 * overlap
    sizes = [part.size(200) for part in parts]
    assert sizes == [sum(draw in part for draw in range(200)) for part in parts]
    assert max(sizes) - min(sizes) <= 1


@given(overlap=st.integers(0, 100), seed=st.integers(0, 2**64 - 1), draws=st.integers(0, 300))
def test_size_equals_a_count_of_the_assigned_draws(overlap: int, seed: int, draws: int) -> None:
    part = Assignment(("ann", "ben", "cem"), overlap).annotator_draws(seed, "web", "ben")
    assert part.size(draws) == sum(draw in part for draw in range(draws))


def test_the_order_of_annotators_has_no_effect() -> None:
    one, other = Assignment(("ann", "ben"), 30), Assignment(("ben", "ann"), 30)
    mine = [draw in one.annotator_draws(3, "web", "ann") for draw in range(100)]
    assert mine == [draw in other.annotator_draws(3, "web", "ann") for draw in range(100)]
    assert mine != [draw in one.annotator_draws(4, "web", "ann") for draw in range(100)]
    assert mine != [draw in one.annotator_draws(3, "crawl", "ann") for draw in range(100)]


def test_an_annotator_who_is_not_in_the_plan_gets_the_nearest_name() -> None:
    with pytest.raises(PlanError) as error:
        Assignment(("ann", "benedikt"), 20).annotator_draws(3, "web", "benedict")
    assert "you are 'benedict', but" in error.value.message
    assert "did you mean benedikt?" in error.value.hint


def test_the_draws_of_each_annotator_are_the_same_on_every_machine() -> None:
    assignment = Assignment(("ann", "ben"), 25)
    ann, ben = (assignment.annotator_draws(2026, "web", name) for name in assignment.annotators)
    assert [draw for draw in range(16) if draw in ann] == [0, 2, 3, 4, 7, 8, 10, 11, 13, 14]
    assert [draw for draw in range(16) if draw in ben] == [1, 2, 4, 5, 6, 9, 11, 12, 13, 15]
