"""Test the statistics of a document in the sidebar."""

from __future__ import annotations

import pytest

from corpuscope.domain.text_statistics import statistics_of
from corpuscope.tui.widgets.document_info import statistics_lines


def test_a_count_of_one_is_singular() -> None:
    assert statistics_lines(statistics_of("word"), 26) == [
        "1 word · ~1 token",
        "1 line",
        "100 % under 30 chars",
    ]
    assert statistics_lines(statistics_of("word", 1), 26)[0] == "1 word · 1 token"


@pytest.mark.parametrize("room", [18, 26, 40])
def test_the_statistics_of_a_long_document_fit_a_narrow_sidebar(room: int) -> None:
    lines = statistics_lines(statistics_of("seven words stand in every single line\n" * 60_000, 5), room)
    words = " ".join(lines).replace(" · ", " ")
    characters = "2,340,000 chars " if room == 40 else ""
    assert words == f"about 420,005 words 5 tokens {characters}about 60,021 lines 0 % under 30 chars"
    assert all(len(line) <= room for line in lines if room > 18)
