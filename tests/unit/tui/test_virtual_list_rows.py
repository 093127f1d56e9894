"""Test the rows, the cursor and the scroll bar of a list, without an app."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpuscope.tui.widgets.virtual_list import MAX_CACHED_ROWS, Cells, VirtualList
from unmounted import Click, posted, scroll_down, scroll_up, unmounted


def a_list(rows: int, width: int = 12, height: int = 5, cursor: int = 0) -> VirtualList:
    """Return a list of `row 0`, `row 1` ... whose content has `height` lines, the heading included."""
    shown = unmounted(VirtualList, width, height)()
    shown.show(rows, lambda row, _width: ((f"row {row}", "italic"),), lambda _width: "heading", cursor)
    return shown


def lines(shown: VirtualList) -> list[str]:
    return ["".join(text for text, _ in shown.runs(y)) for y in range(5)]


def test_the_row_of_the_cursor_is_drawn_on_another_ground_in_the_list_that_has_the_focus() -> None:
    shown = a_list(3, cursor=1)
    assert lines(shown) == [" heading   ", " row 0      ", "▸row 1      ", " row 2      ", ""]
    assert shown.runs(0) == ((" heading   ", "$foreground-muted"),)
    assert shown.runs(1) == ((" ", ""), ("row 0", "italic"), ("     ", ""), (" ", ""))
    ground = "bold on $block-hover-background"
    assert shown.runs(2) == (
        ("▸", f"$accent {ground}"),
        ("row 1", f"italic {ground}"),
        ("     ", f" {ground}"),
        (" ", ""),
    )
    shown.points = False
    assert lines(shown)[2] == " row 1      "


def test_cells_are_cut_to_the_width_of_the_list() -> None:
    shown = unmounted(VirtualList, 8, 5)()
    shown.show(1, lambda _row, width: (("a" * (width - 1), "bold"), ("漢字", "red"), ("c", "")), lambda _: "")
    assert [text for text, _ in shown.runs(1)] == ["▸", "aaaaa", " ", "", "", " "]


def test_an_empty_list_says_so_in_its_second_line() -> None:
    shown = a_list(0)
    shown.when_empty = "no labels"
    assert lines(shown) == [" heading   ", "", " no labels ", "", ""]
    assert a_list(1).runs(2) == ()


@pytest.mark.parametrize(
    ("rows", "cursor", "top", "thumb"),
    [
        (4, 3, 0, []),
        (5, 0, 0, [1, 2, 3]),
        (5, 3, 0, [1, 2, 3]),
        (5, 4, 1, [2, 3, 4]),
        (8, 5, 2, [2, 3]),
        (8, 7, 4, [3, 4]),
        (20, 3, 0, [1]),
        (20, 9, 6, [2]),
        (20, 19, 16, [4]),
    ],
)
def test_the_scroll_bar_shows_the_part_of_the_list_in_view(
    rows: int, cursor: int, top: int, thumb: list[int]
) -> None:
    shown = lines(a_list(rows, cursor=cursor))
    assert [line.strip("▸ ▐") for line in shown[1:]] == [f"row {top + i}" for i in range(4)]
    assert [y for y, line in enumerate(shown) if line.endswith("▐")] == thumb


@pytest.mark.parametrize(
    ("move", "start", "end"),
    [
        (VirtualList.action_scroll_down, 3, 4),
        (VirtualList.action_scroll_up, 3, 2),
        (VirtualList.action_page_down, 3, 7),
        (VirtualList.action_page_up, 7, 3),
        (VirtualList.action_page_up, 3, 0),
        (VirtualList.action_scroll_home, 3, 0),
        (VirtualList.action_scroll_end, 3, 19),
        (scroll_down, 3, 6),
        (scroll_up, 3, 0),
        (scroll_up, 9, 6),
        (scroll_down, 18, 19),
    ],
)
def test_a_move_is_announced_with_the_row_it_ends_at(
    move: Callable[[VirtualList], None], start: int, end: int
) -> None:
    shown = a_list(20, cursor=start)
    move(shown)
    assert shown.cursor == end
    assert posted(shown) == [VirtualList.Moved(start), VirtualList.Moved(end)]


def test_a_step_beyond_an_end_is_announced_and_moves_nothing() -> None:
    for cursor, step, direction in (
        (0, VirtualList.action_scroll_up, -1),
        (2, VirtualList.action_scroll_down, 1),
    ):
        shown = a_list(3, cursor=cursor)
        step(shown)
        assert posted(shown) == [VirtualList.Moved(cursor), VirtualList.PassedEnd(direction)]
    shown.move(2)
    assert len(posted(shown)) == 2


def test_a_click_moves_the_cursor_to_its_row_and_chooses_the_row_of_the_cursor() -> None:
    shown = a_list(20, cursor=9)
    clicks = [Click(3, 0), Click(), Click(3, 2), Click(3, 2), Click(3, 1)]
    for click in clicks:
        shown.on_click(click)
    assert posted(shown) == [
        VirtualList.Moved(9),
        VirtualList.Moved(7),
        VirtualList.Chosen(7),
        VirtualList.Moved(6),
    ]
    assert [click.stopped for click in clicks] == [False, False, True, True, True]
    below = Click(3, 4)
    short = a_list(3)
    short.on_click(below)
    assert (short.cursor, below.stopped) == (0, False)


def test_a_row_is_made_once_until_its_content_or_the_width_changes() -> None:
    made: list[int] = []

    def cells(row: int, _width: int) -> Cells:
        made.append(row)
        return ()

    shown = unmounted(VirtualList, 12, 5)()
    shown.show(2 * MAX_CACHED_ROWS, cells, lambda _width: "")
    for change in (shown.refresh, shown.remake, shown.on_resize):
        change()
        lines(shown)
    assert made == [0, 1, 2, 3] * 3
    shown.show(1, cells, lambda _width: "")
    lines(shown)
    assert made[12:] == [0]
