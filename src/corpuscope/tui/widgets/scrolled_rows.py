"""Scroll rows whose number is only estimated, without a layout.

Textual's scroll bar is a separate widget that splits each line of a frame in two. Here the bar is the last cell of
each row, which makes a frame a quarter cheaper.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.timer import Timer
from textual.widget import Widget

from corpuscope.config.actions import READING
from corpuscope.tui.bindings import bindings
from corpuscope.tui.text_layout.row_strip import BAR
from corpuscope.tui.text_layout.rows import TextRows
from corpuscope.tui.widgets.painting import CachedLines

OVERLAP = 2
"""Rows that stay visible when a page is turned."""
IDLE_INTERVAL = 0.02
"""Seconds between two slices of background work."""
IDLE_SLICE = 0.001
"""Seconds of one slice of background work, and so the longest delay of a key by it."""


class ScrolledRows(ScrollView, CachedLines, can_focus=True, inherit_bindings=False):
    """Base class of a widget that scrolls `TextRows`. Subclasses draw the rows."""

    DEFAULT_CSS = """
    ScrolledRows {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 0;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(READING.actions)]

    def __init__(self, *, name: str | None, id: str | None, classes: str | None) -> None:  # noqa: A002 - Textual's name
        super().__init__(name=name, id=id, classes=classes)
        self._rows = TextRows("", width=80)
        self._replaced: TextRows | None = None
        self._window = Size(80, 0)  # until the first layout
        self._background: Timer | None = None
        self._back: int | None = None  # offset of the top row before the jump to the end
        self._grip: int | None = None  # row of the thumb that the mouse holds

    @property
    def top(self) -> int:
        """Index of the row at the top of the window."""
        return self.scroll_offset.y

    @property
    def rows_left(self) -> int:
        """Number of rows below the window; an estimate until all are wrapped."""
        return max(0, self._rows.count - self.top - self._window.height)

    @property
    def top_character(self) -> int:
        """Offset of the first character of the top row."""
        row = self._rows.row(self.top) if self.top else None
        return row.start if row else 0

    def moved(self, *, by_user: bool) -> None:
        """Handle a new top row or a better estimate of the number of rows."""

    def rewrap(self) -> None:
        """Handle a new size of the window."""

    def use(self, rows: TextRows, offset: int = 0) -> None:
        """Show other rows, with the character at `offset` in the top row."""
        self._replaced, self._rows = self._rows, rows
        y = rows.y_at(offset) if offset else 0
        self._put(rows.wrap_visible(y, self._window.height))
        if not rows.complete:
            self.call_after_refresh(self.resume)

    def forget(self) -> None:
        """Free the rows of the previous document, which takes milliseconds for 10 MB and must not delay a key."""
        self.forget_lines()
        self._replaced = None

    def reveal(self, offset: int, above: int) -> None:
        """Scroll to the character at `offset` if it is not visible, leaving `above` rows above it."""
        y = self._rows.y_at(offset)
        self._limit()
        if not self.top <= y < self.top + self._window.height:
            self.scroll_to(y=max(0, y - above), animate=False)

    @property
    def thumb(self) -> range:
        """Lines of the window that show the thumb of the scroll bar; empty when all rows are visible."""
        return self.thumb_of(self._rows, self.top)

    def thumb_of(self, rows: TextRows, top: int) -> range:
        """Return the lines that would show the thumb for other rows and another top row."""
        height = self._window.height
        hidden = max(0, rows.count - height)
        if not hidden or not height:
            return range(0)
        size = max(1, height * height // rows.count)
        start = round((height - size) * top / hidden)
        return range(start, start + size)

    def action_scroll_down(self) -> None:
        """Scroll one row down."""
        self._scroll_by(1)

    def action_scroll_up(self) -> None:
        """Scroll one row up."""
        self._scroll_by(-1)

    def action_page_down(self) -> None:
        """Scroll one page down, with `OVERLAP` rows of the present page left visible."""
        self._scroll_by(max(1, self._window.height - OVERLAP))

    def action_page_up(self) -> None:
        """Scroll one page up, with `OVERLAP` rows of the present page left visible."""
        self._scroll_by(-max(1, self._window.height - OVERLAP))

    def action_scroll_home(self) -> None:
        """Scroll to the start."""
        self.scroll_to(y=0, animate=False)

    def action_scroll_end(self) -> None:
        """Scroll to the end, or from the end back to where the last jump started."""
        if self._back is not None and not self.rows_left:
            offset, self._back = self._back, None
            self.reveal(offset, above=0)
            return
        offset = self.top_character
        self.scroll_to(y=self.max_scroll_y, animate=False)
        self._back = offset

    def on_mount(self) -> None:
        """Set up the timer of the background work."""
        self._background = self.set_interval(IDLE_INTERVAL, self._work_slice, pause=True)

    def on_resize(self) -> None:
        """Wrap the document again if the window has another size."""
        window = self.scrollable_content_region.size
        if window != self._window:
            self._window = window
            self.rewrap()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start to drag the scroll bar."""
        offset = event.get_content_offset(self)
        if offset is None or offset.x < self._window.width - BAR or not self.max_scroll_y:
            return
        event.stop()
        self.screen.clear_selection()  # the screen started one before it passed the event on
        self.capture_mouse()
        thumb = self.thumb
        self._grip = offset.y - thumb.start if offset.y in thumb else len(thumb) // 2
        self._drag_to(offset.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scroll bar."""
        if self._grip is not None:
            event.stop()
            self._drag_to(event.y - self.gutter.top)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Release the scroll bar."""
        if self._grip is not None:
            event.stop()
            self._grip = None
            self.release_mouse()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Wrap the rows that became visible before they are painted."""
        y = self._rows.wrap_visible(round(new_value), self._window.height, round(old_value))
        self._limit()
        if y != round(new_value):
            self._set_top(y)
        self.moved(by_user=True)
        self.refresh()

    def resume(self) -> None:
        """Start or continue the background work."""
        if self._background is not None:
            self._background.resume()

    def work(self, seconds: float) -> bool:
        """Wrap rows that were not visible yet for about `seconds`. Return whether all work is done."""
        if self._rows.complete:
            return True
        top_row = self._rows.block_row_at(self.top)
        complete = self._rows.wrap_for(seconds)
        self._limit()
        y = self._rows.y_of(top_row)
        if complete or y != self.top:
            self._put(y)
        return complete

    def _work_slice(self) -> None:
        if self.work(IDLE_SLICE) and self._background is not None:
            self._background.pause()
        self.forget_lines()

    def _put(self, y: int) -> None:
        """Make `y` the top row without counting it as scrolling by the user."""
        self._limit()
        self.app.animator.force_stop_animation(self, "scroll_y")
        self._set_top(y)
        self.moved(by_user=False)
        self.refresh()

    def _set_top(self, y: int) -> None:
        self.set_reactive(Widget.scroll_y, y)
        self.set_reactive(Widget.scroll_target_y, y)

    def _limit(self) -> None:
        """Limit scrolling to the number of rows. Assigning `virtual_size` as usual would cost a layout."""
        self.set_reactive(Widget.virtual_size, Size(self._window.width, self._rows.count))

    def _scroll_by(self, rows: int) -> None:
        self._rows.wrap_ahead(self.top, self._window.height + rows)
        self._limit()
        self.scroll_to(y=self.top + rows, animate=False)

    def _drag_to(self, line: int) -> None:
        """Move the row of the thumb that the mouse holds to a line of the window."""
        start = line - (self._grip or 0)
        fraction = start / max(1, self._window.height - len(self.thumb))
        self.scroll_to(y=round(fraction * self.max_scroll_y), animate=False)
