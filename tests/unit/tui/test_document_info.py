"""Test the statistics and the source of a document in the sidebar."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from corpuscope.domain.text_statistics import statistics_of
from corpuscope.tui.widgets.document_info import WIDE, source_lines, statistics_lines
from makers import a_document


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


@pytest.mark.parametrize(("room", "columns"), [(WIDE, 2), (WIDE - 1, 1)])
def test_names_of_metadata_and_of_the_address_have_a_column_from_the_same_width_on(
    room: int, columns: int
) -> None:
    document = a_document(url="https://example.org/a/long/path/to/a/page/of/its/own", language="en")
    lines = source_lines(document, room)
    assert {len(line) for line in lines} == {columns}
    assert all(sum(cell_len(text) for text, _ in line) <= room for line in lines)
