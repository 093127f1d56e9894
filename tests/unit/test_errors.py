"""Tests of the hints of errors."""

from __future__ import annotations

from corpuscope.errors import nearest


def test_the_nearest_name_comes_first() -> None:
    assert nearest("newz", ["Forum", "News"]) == "did you mean News? known: News, Forum"
    assert nearest("zzz", ["Forum", "News"]) == "known: Forum, News"


def test_a_long_list_of_names_is_cut_and_counted() -> None:
    hint = nearest("n99", [f"n{number}" for number in range(120)])
    assert hint.startswith("did you mean n99? known: n99, ")
    assert hint.endswith(" and 80 more")
