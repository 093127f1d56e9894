"""Test one row of a document: its margins, highlights and scroll bar, and the way back to the text."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.strip import Strip

from corpuscope.text.terminal_text import Span
from corpuscope.tui.text_layout.row_strip import (
    Highlight,
    RowStyles,
    offset_in_row,
    text_strip,
    text_width,
    title_strip,
)

PLAIN, SYMBOL, SECTION, BAR, TRACK = (Style(color=f"color({i})") for i in range(1, 6))
BOLD, REVERSE = Style(bold=True), Style(reverse=True)
STYLES = RowStyles(0, range(1), PLAIN, SYMBOL, SECTION, BAR, TRACK)
SHORT = STYLES._replace(track=None)
WORD = Span(10, 14, "word", False)
ESCAPE = Span(14, 15, "␛", True)
TAB = Span(15, 16, "   ", False)


def segments(strip: Strip) -> list[tuple[str, Style | None]]:
    return [(segment.text, segment.style) for segment in strip]


def test_a_row_has_a_margin_a_gap_and_the_scroll_bar() -> None:
    assert [text_width(width) for width in (0, 5, 6, 20)] == [1, 1, 1, 15]
    row = text_strip([WORD], (), 12, STYLES, thumb=True)
    assert segments(row) == [("  word    ", PLAIN), ("┃ ", BAR)]
    assert segments(text_strip([WORD], (), 12, STYLES, thumb=False))[1] == ("│ ", TRACK)
    assert segments(text_strip([WORD], (), 12, SHORT, thumb=False)) == [("  word      ", PLAIN)]
    assert row.cell_length == 12


def test_a_row_wider_than_its_pane_is_cut() -> None:
    for width, text in ((8, "  word┃ "), (7, "  word┃"), (4, "  wo")):
        row = text_strip([WORD], (), width, STYLES, thumb=True)
        assert row.text == text
        assert row.cell_length == width


def test_symbols_look_different_from_the_text_beside_them() -> None:
    row = text_strip([WORD, ESCAPE, WORD], (), 20, SHORT, thumb=False)
    assert segments(row) == [("  word", PLAIN), ("␛", SYMBOL), ("word         ", PLAIN)]


def test_a_highlight_covers_its_characters_only_and_the_later_one_lies_on_top() -> None:
    over = [Highlight(11, 13, BOLD), Highlight(12, 15, REVERSE)]
    row = text_strip([WORD, ESCAPE], over, 20, SHORT, thumb=False)
    assert segments(row) == [
        ("  w", PLAIN),
        ("o", PLAIN + BOLD),
        ("r", PLAIN + BOLD + REVERSE),
        ("d", PLAIN + REVERSE),
        ("␛", SYMBOL + REVERSE),
        (" " * 13, PLAIN),
    ]


@pytest.mark.parametrize(
    ("start", "end", "shown"), [(8, 10, ""), (14, 15, ""), (13, 14, "d"), (0, 99, "word")]
)
def test_a_highlight_ends_before_its_end(start: int, end: int, shown: str) -> None:
    row = text_strip([WORD], [Highlight(start, end, BOLD)], 20, SHORT, thumb=False)
    assert "".join(text for text, style in segments(row) if style and style.bold) == shown


def test_a_drawn_tab_is_highlighted_whole() -> None:
    row = text_strip([TAB], [Highlight(15, 16, BOLD)], 20, SHORT, thumb=False)
    assert ("   ", PLAIN + BOLD) in segments(row)


def test_the_title_of_a_section_is_a_rule_as_wide_as_the_text() -> None:
    assert title_strip("query", 20, STYLES, thumb=True).text == "  ─ query ─────── ┃ "
    assert segments(title_strip("query", 20, STYLES, thumb=True))[1] == ("─ query ───────", SECTION)
    assert title_strip("漢字", 20, STYLES, thumb=False).text == "  ─ 漢字 ──────── │ "
    assert title_strip("a long title of a section", 20, STYLES, thumb=True).text == "  ─ a long tit… ─ ┃ "
    assert segments(title_strip("", 20, STYLES, thumb=False)) == [(" " * 18, PLAIN), ("│ ", TRACK)]


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [
        (-1, 10, 10),
        (0, 10, 10),
        (1, 11, 11),
        (3, 13, 13),
        (4, 14, 14),
        (5, 15, 15),
        (6, 15, 16),
        (7, 15, 16),
        (8, 16, 16),
        (99, 16, 16),
    ],
)
def test_a_column_leads_to_a_character_and_inside_a_drawn_tab_to_one_of_its_ends(
    column: int, before: int, after: int
) -> None:
    spans = [WORD, ESCAPE, TAB]
    assert offset_in_row(spans, column, 10, after=False) == before
    assert offset_in_row(spans, column, 10, after=True) == after
