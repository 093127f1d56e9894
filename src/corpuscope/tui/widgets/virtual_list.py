"""Show a list of any length with a cursor. Only visible rows are made."""

from __future__ import annotations

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
"""Rows kept after they were made, so that a key that moves the cursor makes one row instead of a screen of rows."""
WHEEL_ROWS = 3
"""Rows by which one turn of the mouse wheel moves the cursor."""

POINTER = "▸"
"""Stands before the row under the cursor."""
CURSOR_STYLE = "on $block-hover-background"
"""Ground of the row under the cursor."""

Cells = Sequence[StyledRun]
"""Content of a row."""


class VirtualList(StyledRows, can_focus=True, inherit_bindings=False):
    """A list whose rows come from a function of their index and the width, called when they are painted."""

    DEFAULT_CSS = """
    VirtualList {
        height: 1fr;
        background: $background;

        &.-framed {
            border: round $border-blurred;
            border-title-color: $foreground;
            border-title-style: none;
            border-subtitle-color: $foreground-muted;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(READING.actions)]

    @dataclass
    class Moved(Message):
        """The cursor moved to another row."""

        row: int
        """Index of the row."""

    @dataclass
    class Chosen(Message):
        """The row under the cursor was clicked."""

        row: int
        """Index of the row."""

    @dataclass
    class PassedEnd(Message):
        """A key would have moved the cursor past an end of the list."""

        direction: int
        """-1 for the start, +1 for the end."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        """Make an empty list. The class "-framed" gives it a frame."""
        super().__init__(id=id, classes=classes)
        self._count = 0
        self._cells: Callable[[int, int], Cells] = lambda _row, _width: ()
        self._heading: Callable[[int], str] = lambda _width: ""
        self._made: dict[int, Cells] = {}
        self._top = 0
        self._cursor = 0

    when_empty = ""
    """What a list without rows says."""
    points = True
    """Whether the cursor is drawn: only one of several lists on a screen has it."""

    @property
    def cursor(self) -> int:
        """Index of the row under the cursor."""
        return self._cursor

    @property
    def count(self) -> int:
        """Number of rows."""
        return self._count

    def show(
        self, count: int, cells: Callable[[int, int], Cells], heading: Callable[[int], str], cursor: int = 0
    ) -> None:
        """Show `count` rows, made by `cells(row, width)`, below `heading(width)`."""
        self._count, self._cells, self._heading = count, cells, heading
        self._made.clear()
        self._cursor = -1
        self.move(cursor)

    def remake(self) -> None:
        """Make the rows anew: what they say has changed."""
        self._made.clear()
        self.refresh()

    def move(self, row: int) -> None:
        """Move the cursor to a row, or to the nearest row of the list, and scroll it into view."""
        row = min(max(row, 0), max(self._count - 1, 0))
        page = self._page
        top = min(max(self._top, row - page + 1), row)
        self._top = max(0, min(top, self._count - page))
        if row != self._cursor:
            self._cursor = row
            self.post_message(self.Moved(row))
        self.refresh()

    def runs(self, y: int) -> Sequence[StyledRun]:
        """Return the heading or a visible row, with a scroll bar at the right if not all rows are visible."""
        width = max(self.size.width - 2, 1)
        if y == 0:
            return ((" " + set_cell_size(self._heading(width), width), "$foreground-muted"),)
        row = self._top + y - 1
        if not self._count and row == 1:
            return ((" " + set_cell_size(self.when_empty, width), "$foreground-muted"),)
        if row >= self._count:
            return ()
        runs = self._row_of(row, width)
        bar = ("▐", "$scrollbar") if y - 1 in self._thumb else (" ", "")
        if row != self._cursor or not self.points:
            return ((" ", ""), *runs, bar)
        row_style = f"bold {CURSOR_STYLE}"
        return (
            (POINTER, f"$accent {row_style}"),
            *((text, f"{style} {row_style}") for text, style in runs),
            bar,
        )

    def on_resize(self) -> None:
        """Make rows of the new width and keep the cursor in view."""
        self._made.clear()
        self.move(self._cursor)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row that was clicked, or choose the row if the cursor is on it."""
        offset = event.get_content_offset(self)
        row = self._top + offset.y - 1 if offset else -1
        if offset and offset.y > 0 and row < self._count:
            event.stop()
            if row == self._cursor:
                self.post_message(self.Chosen(row))
            self.move(row)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the cursor down."""
        event.stop()
        self.move(self._cursor + WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the cursor up."""
        event.stop()
        self.move(self._cursor - WHEEL_ROWS)

    def action_scroll_down(self) -> None:
        """Move the cursor one row down."""
        self._step(+1)

    def action_scroll_up(self) -> None:
        """Move the cursor one row up."""
        self._step(-1)

    def action_page_down(self) -> None:
        """Move the cursor one page down."""
        self._turn(+1)

    def action_page_up(self) -> None:
        """Move the cursor one page up."""
        self._turn(-1)

    def action_scroll_home(self) -> None:
        """Move the cursor to the first row."""
        self.move(0)

    def action_scroll_end(self) -> None:
        """Move the cursor to the last row."""
        self.move(self._count - 1)

    def _step(self, direction: int) -> None:
        if 0 <= self._cursor + direction < self._count:
            self.move(self._cursor + direction)
        else:
            self.post_message(self.PassedEnd(direction))

    def _row_of(self, row: int, width: int) -> Cells:
        """Return the cells of a row, from the cache if possible."""
        if row not in self._made:
            if len(self._made) > MAX_CACHED_ROWS:
                self._made.clear()
            self._made[row] = _fitted(self._cells(row, width), width)
        return self._made[row]

    def _turn(self, direction: int) -> None:
        self.move(self._cursor + direction * self._page)

    @property
    def _page(self) -> int:
        return max(self.content_size.height - 1, 1)

    @property
    def _thumb(self) -> range:
        """Lines below the heading that show the thumb of the scroll bar; empty when all rows are visible."""
        page = self._page
        if self._count <= page:
            return range(0)
        size = max(1, page * page // self._count)
        start = round((page - size) * self._top / (self._count - page))
        return range(start, start + size)


def _fitted(cells: Cells, width: int) -> Cells:
    """Cut or pad the runs to exactly `width` cells."""
    runs: list[StyledRun] = []
    room = width
    for text, style in cells:
        cut = text if cell_len(text) <= room else set_cell_size(text, room)
        runs.append((cut, style))
        room -= cell_len(cut)
    return [*runs, (" " * room, "")]
