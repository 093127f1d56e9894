"""Tests of the keys of categories: which are given out, and which cannot be pressed."""

from __future__ import annotations

from string import ascii_lowercase

import pytest

from corpuscope.config.category_keys import DIGITS, assign_keys, key_fault, prefix_faults

ALL = DIGITS + ascii_lowercase


def test_digits_come_before_letters_and_none_is_given_twice() -> None:
    assert assign_keys([None] * 12, (), ()) == list("1234567890ab")
    assert assign_keys([None, "1", None], ("2",), ("3",)) == ["4", "1", "5"]


def test_in_an_ordinal_scheme_a_name_of_one_character_is_the_key() -> None:
    assert assign_keys([None] * 3, (), (), ("0", "1", "2")) == ["0", "1", "2"]
    assert assign_keys([None] * 3, (), ("1",), ("0", "1", "10")) == ["0", "2", "3"]
    assert assign_keys(["2", None], (), (), ("1", "2")) == ["2", "1"]
    assert assign_keys([None, None], (), (), ("1", "1")) == ["1", "2"]


def test_as_few_keys_as_possible_have_two_strokes() -> None:
    taken = ALL[13:]
    assert assign_keys([None] * 13, (), taken) == list(ALL[:13])
    assert assign_keys([None] * 14, (), taken) == [*ALL[:12], "c1", "c2"]
    assert assign_keys([None] * 22, (), taken) == [*ALL[:12], *(f"c{digit}" for digit in DIGITS)]
    assert assign_keys([None] * 23, (), taken) == [*ALL[:11], *(f"b{digit}" for digit in DIGITS), "c1", "c2"]


def test_a_key_of_two_strokes_keeps_its_first_one_from_others() -> None:
    assert assign_keys(["12", None], (), ()) == ["12", "2"]


@pytest.mark.parametrize(("count", "free"), [(3, 2), (12, 11), (21, 2)])
def test_without_enough_free_keys_there_are_none(count: int, free: int) -> None:
    assert assign_keys([None] * count, (), ALL[free:]) is None


@pytest.mark.parametrize(
    ("key", "most", "fault"),
    [
        ("a", 1, ""),
        ("é", 1, ""),
        ("ab", 2, ""),
        ("ab", 1, "'ab' must be one visible character"),
        ("", 1, "'' must be one visible character"),
        ("abc", 2, "'abc' must be one visible character, or two for two strokes"),
        (" ", 2, "' ' must be one visible character, or two for two strokes"),
        ("a\u0301", 2, "'a\u0301' must be one visible character, or two for two strokes"),
    ],
)
def test_a_key_is_one_visible_character_or_two(key: str, most: int, fault: str) -> None:
    assert key_fault(key, most) == fault


def test_a_key_that_begins_with_another_can_never_be_pressed() -> None:
    keys = [("1", "News"), ("12", "Forum"), ("21", "Ads"), ("1", "Other")]
    assert prefix_faults(keys) == {
        1: "'12' begins with the key of 'News', so its second stroke can never be pressed"
    }
