"""A list of any length with a cursor: only the rows in sight are ever made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.binding import BindingType
from textual.message import Message

from corpuscope.config.actions import READING
from corpuscope.tui.bindings import bindings
from corpuscope.tui.widgets.painting import StyledRows, StyledRun

MAX_CACHED_ROWS = 500
"""Rows kept as they were made, so that a key that moves the cursor makes one row and not a screen of them."""
WHEEL_ROWS = 3
"""Rows a turn of the wheel moves the cursor."""

Cells = Sequence[StyledRun]


class VirtualList(StyledRows, can_focus=True, inherit_bindings=False):
    """Rows are told by a function of their number and the width, and asked for when they are painted."""

    DEFAULT_CSS = """
    VirtualList { height: 1fr; background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(READING)]

    @dataclass
    class Moved(Message):
        """The cursor is on another row."""

        row: int

    @dataclass
    class Chosen(Message):
        """The row under the cursor was clicked."""

        row: int

    @dataclass
    class Paged(Message):
        """A page up (-1) or down (+1) is wanted of a list that has no pages of its own."""

        direction: int

    def __init__(self, *, pages: bool = True) -> None:
        """Without `pages` a wish for one is passed on as `Paged`."""
        super().__init__()
        self._pages = pages
        self._count = 0
        self._cells: Callable[[int, int], Cells] = lambda _row, _width: ()
        self._heading: Callable[[int], str] = lambda _width: ""
        self._made: dict[int, Cells] = {}
        self._top = 0
        self._cursor = 0

    @property
    def cursor(self) -> int:
        """The row the cursor is on, from 0."""
        return self._cursor

    @property
    def count(self) -> int:
        """Rows there are."""
        return self._count

    def show(
        self, count: int, cells: Callable[[int, int], Cells], heading: Callable[[int], str], cursor: int = 0
    ) -> None:
        """Lists `count` rows from now on, told by `cells(row, width)`, below `heading(width)`."""
        self._count, self._cells, self._heading = count, cells, heading
        self._made.clear()
        self._cursor = -1
        self.move(cursor)

    def move(self, row: int) -> None:
        """Puts the cursor on a row, or on the nearest there is, and brings it in sight."""
        row = min(max(row, 0), max(self._count - 1, 0))
        page = self._page
        top = min(max(self._top, row - page + 1), row)
        self._top = max(0, min(top, self._count - page))
        if row != self._cursor:
            self._cursor = row
            self.post_message(self.Moved(row))
        self.refresh()

    def runs(self, y: int) -> Sequence[StyledRun]:
        """The heading, then the rows in sight; a scroll bar at the right when there are more."""
        width = max(self.size.width - 2, 1)
        if y == 0:
            return ((" " + set_cell_size(self._heading(width), width), "$foreground-muted"),)
        row = self._top + y - 1
        if row >= self._count:
            return ()
        runs = self._row_of(row, width)
        if row == self._cursor:
            runs = [(text, "bold reverse") for text, _ in runs]
        bar = ("▐", "$scrollbar") if y - 1 in self._thumb else (" ", "")
        return ((" ", ""), *runs, bar)

    def on_resize(self) -> None:
        """Makes rows of the new width and keeps the cursor in sight."""
        self._made.clear()
        self.move(self._cursor)

    def on_click(self, event: events.Click) -> None:
        """Moves the cursor; on its own row it chooses."""
        offset = event.get_content_offset(self)
        row = self._top + offset.y - 1 if offset else -1
        if offset and offset.y > 0 and row < self._count:
            event.stop()
            if row == self._cursor:
                self.post_message(self.Chosen(row))
            self.move(row)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Some rows down."""
        event.stop()
        self.move(self._cursor + WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Some rows up."""
        event.stop()
        self.move(self._cursor - WHEEL_ROWS)

    def action_scroll_down(self) -> None:
        """One row down."""
        self.move(self._cursor + 1)

    def action_scroll_up(self) -> None:
        """One row up."""
        self.move(self._cursor - 1)

    def action_page_down(self) -> None:
        """One page down."""
        self._turn(+1)

    def action_page_up(self) -> None:
        """One page up."""
        self._turn(-1)

    def action_scroll_home(self) -> None:
        """To the first row."""
        self.move(0)

    def action_scroll_end(self) -> None:
        """To the last row."""
        self.move(self._count - 1)

    def _row_of(self, row: int, width: int) -> Cells:
        """The cells of a row, made once as long as it is about in sight."""
        if row not in self._made:
            if len(self._made) > MAX_CACHED_ROWS:
                self._made.clear()
            self._made[row] = _fitted(self._cells(row, width), width)
        return self._made[row]

    def _turn(self, direction: int) -> None:
        if self._pages:
            self.move(self._cursor + direction * self._page)
        else:
            self.post_message(self.Paged(direction))

    @property
    def _page(self) -> int:
        return max(self.content_size.height - 1, 1)

    @property
    def _thumb(self) -> range:
        """Lines below the heading with the scroll bar's thumb; none when everything is in sight."""
        page = self._page
        if self._count <= page:
            return range(0)
        size = max(1, page * page // self._count)
        start = round((page - size) * self._top / (self._count - page))
        return range(start, start + size)


def _fitted(cells: Cells, width: int) -> Cells:
    """The runs cut or filled to exactly `width` cells."""
    kept: list[StyledRun] = []
    room = width
    for text, style in cells:
        cut = text if cell_len(text) <= room else set_cell_size(text, room)
        kept.append((cut, style))
        room -= cell_len(cut)
    return [*kept, (" " * room, "")]
