"""Test what fields make of a paste, and what the find bar says about the matches."""

from __future__ import annotations

import pytest

from corpuscope.tui.widgets.find_bar import match_words
from corpuscope.tui.widgets.limited_input import one_line_of


@pytest.mark.parametrize(
    ("pasted", "line", "changes"),
    [
        ("", "", ""),
        ("one line", "one line", ""),
        ("one line\n", "one line", ""),
        ("one\ntwo", "one two", "2 lines became one"),
        ("a\tb", "a b", ""),
        ("a\x1fb\x7fc\x9fd", "abcd", "3 control characters left out"),
        ("a\x1bb", "ab", "1 control character left out"),
        ("a ~b\xa0c漢", "a ~b\xa0c漢", ""),
        ("a\n" * 1200 + "\x00", "a " * 1199 + "a ", "1,201 lines became one · 1 control character left out"),
    ],
)
def test_a_paste_becomes_one_line_without_control_characters(pasted: str, line: str, changes: str) -> None:
    assert one_line_of(pasted) == (line, changes)


@pytest.mark.parametrize(
    ("number", "count", "more", "words"),
    [
        (0, 0, True, "searching"),
        (0, 0, False, "no match"),
        (0, 1, False, "1 match"),
        (0, 1, True, "1+ matches"),
        (0, 1234, False, "1,234 matches"),
        (1, 1, False, "1 of 1"),
        (1000, 1234, True, "1,000 of 1,234+"),
    ],
)
def test_the_find_bar_counts_the_matches(number: int, count: int, more: bool, words: str) -> None:
    assert match_words(number, count, more=more) == words
