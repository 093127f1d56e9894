"""Test the rows of a scroll bar."""

from __future__ import annotations

import pytest

from corpuscope.tui.widgets.scroll_bar import LineScrollBar


def rows(size: int, virtual_size: float, position: float) -> str:
    bar = LineScrollBar.render_bar(size, virtual_size, size, position)
    return "".join(segment.text for segment in bar.segments)


def test_the_heavy_part_shows_which_rows_are_visible() -> None:
    assert rows(8, 32, 0) == "┃┃││││││"
    assert rows(8, 32, 12) == "│││┃┃│││"
    assert rows(8, 32, 24) == "││││││┃┃"
    assert rows(8, 9, 0) == "┃" * 8
    assert rows(8, 17, 9) == "││││┃┃┃┃"
    assert rows(8, 10_000, 9_992) == "│││││││┃"
    assert rows(0, 9, 0) == ""


@pytest.mark.parametrize("virtual_size", [0, 5, 8])
def test_a_bar_without_anything_to_scroll_is_blank(virtual_size: float) -> None:
    assert rows(8, virtual_size, 0) == " " * 8


def test_a_click_beside_the_heavy_part_scrolls_towards_it() -> None:
    bar = LineScrollBar.render_bar(4, 16, 4, 6)
    actions = [segment.style.meta["@mouse.down"] for segment in bar.segments if segment.style]
    assert actions == ["scroll_up", "scroll_up", "grab", "scroll_down"]
