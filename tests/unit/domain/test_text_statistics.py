"""Tests of the words, lines and tokens of a text."""

from __future__ import annotations

import pytest

from corpuscope.domain.text_statistics import SAMPLED, statistics_of


def test_words_and_lines_of_a_text_are_counted_and_those_of_a_long_one_extrapolated() -> None:
    text = "x" * 29 + "\n" + "y" * 30 + "\n  \n\n" + " z" * 3 + " " * 40
    few = statistics_of(text)
    assert (few.characters, few.words, few.lines, few.exact) == (len(text), 5, 3, True)
    assert few.short_lines == pytest.approx(2 / 3)
    assert (few.tokens, few.tokens_given) == (round(len(text) / 4.2), False)
    assert (statistics_of("x", 0).tokens, statistics_of("x", 0).tokens_given) == (0, True)
    many = statistics_of("word\n" * SAMPLED)
    assert (many.characters, many.exact) == (5 * SAMPLED, False)
    assert many.words == pytest.approx(SAMPLED, rel=1e-4)
    assert many.lines == pytest.approx(SAMPLED, rel=1e-4)
    assert [statistics_of("x" * length).exact for length in (65_536, 65_537)] == [True, False]
    assert statistics_of("").short_lines == 0
