"""Test that keys and clicks move through a list of any length, and that only visible rows are made."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from corpuscope.tui.widgets.painting import StyledRun
from corpuscope.tui.widgets.virtual_list import VirtualList

ROWS = 1_000_000


class Rows(App[None]):
    """An app with a list of many rows that records which rows were made."""

    def __init__(self, rows: int = ROWS) -> None:
        super().__init__()
        self._rows = rows
        self.made: list[int] = []
        self.chosen: list[int] = []

    def compose(self) -> ComposeResult:
        yield VirtualList()

    def on_mount(self) -> None:
        self.query_one(VirtualList).show(self._rows, self.cells, lambda _width: "heading")
        self.query_one(VirtualList).focus()

    def cells(self, row: int, width: int) -> Sequence[StyledRun]:
        self.made.append(row)
        return ((f"row {row} " + "x" * width, ""),)

    @on(VirtualList.Chosen)
    def _chosen(self, message: VirtualList.Chosen) -> None:
        self.chosen.append(message.row)


def cursor(pilot: Pilot[None]) -> int:
    return pilot.app.query_one(VirtualList).cursor


async def test_keys_move_the_cursor_and_only_visible_rows_are_made() -> None:
    app = Rows()
    async with app.run_test(size=(40, 11)) as pilot:
        for keys, row in (
            (("down", "j"), 2),
            (("up", "k", "k"), 0),
            (("pagedown", "space"), 20),
            (("pageup",), 10),
            (("end",), ROWS - 1),
            (("down",), ROWS - 1),
            (("home",), 0),
        ):
            await pilot.press(*keys)
            await pilot.pause()
            assert cursor(pilot) == row, keys
        assert len(app.made) < 100
        assert len(app.query_one(VirtualList).runs(3)) > 1
        assert sum(len(text) for text, _ in app.query_one(VirtualList).runs(3)) == 40


async def test_the_mouse_moves_the_cursor_and_a_second_click_chooses() -> None:
    app = Rows()
    async with app.run_test(size=(40, 11)) as pilot:
        await pilot.click(VirtualList, offset=(3, 4))
        assert (cursor(pilot), app.chosen) == (3, [])
        await pilot.click(VirtualList, offset=(3, 4))
        await pilot.click(VirtualList, offset=(3, 0))
        await pilot.pause()
        assert (cursor(pilot), app.chosen) == (3, [3])


async def test_an_empty_list_ignores_all_keys() -> None:
    empty = Rows(0)
    async with empty.run_test(size=(40, 11)) as pilot:
        await pilot.press("down", "end", "pagedown", "home", "up")
        await pilot.click(VirtualList, offset=(3, 1))
        assert (cursor(pilot), empty.made, empty.chosen) == (0, [], [])
