"""Test numbers, times and lists in words."""

from __future__ import annotations

import pytest

from corpuscope.text.quantities import duration, inflected, label_pace, listed, quantity


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.2, "a minute"),
        (1.0, "1 min"),
        (1.6, "2 min"),
        (59.4, "59 min"),
        (59.6, "1 h"),
        (65, "1 h 5 min"),
        (599.4, "9 h 59 min"),
        (599.6, "10 h"),
        (659, "11 h"),
        (72_000, "1,200 h"),
    ],
)
def test_a_time_is_told_in_minutes_then_in_hours(minutes: float, words: str) -> None:
    assert duration(minutes) == words


def test_the_pace_of_a_label_is_never_0_seconds() -> None:
    assert [label_pace(seconds) for seconds in (0.2, 1.0, 8.6)] == ["under 1 s", "1 s", "9 s"]


def test_names_are_listed_with_commas_and_a_final_and() -> None:
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 files are"), (1, "1 file is"), (2, "2 files are"), (2_000, "2,000 files are")]
)
def test_a_noun_and_its_verb_agree_with_the_number(count: int, words: str) -> None:
    assert f"{quantity(count, 'file')} {inflected(count, 'is', 'are')}" == words


def test_an_irregular_plural_is_given() -> None:
    assert [quantity(n, "category", "categories") for n in (1, 7)] == ["1 category", "7 categories"]
