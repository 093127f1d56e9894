"""A window on rows whose number is only estimated, scrolled by keys, wheel and bar without ever asking for a layout.

Textual's scroll bar is a widget of its own that cuts every line of a frame in two; here the bar is the last cell of
each row, which makes a frame a quarter cheaper.
"""

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget

from corpuscope.config.actions import READING
from corpuscope.tui.bindings import bindings
from corpuscope.tui.text_layout.row_strip import BAR
from corpuscope.tui.text_layout.rows import TextRows
from corpuscope.tui.widgets.painting import CachedLines

if TYPE_CHECKING:
    from textual.timer import Timer

OVERLAP = 2
"""Rows of the page before that stay in sight when a page is turned."""
IDLE_INTERVAL = 0.02
"""Seconds between two slices of work nobody waits for."""
IDLE_SLICE = 0.001
"""Seconds of such work at a time; the longest a key can wait for it."""


class ScrolledRows(ScrollView, CachedLines, can_focus=True, inherit_bindings=False):
    """Scrolls `TextRows`; what they look like is for a subclass to say."""

    DEFAULT_CSS = """
    ScrolledRows {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 0;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(READING)]

    def __init__(self, *, name: str | None, id: str | None, classes: str | None) -> None:  # noqa: A002 Textual's word
        super().__init__(name=name, id=id, classes=classes)
        self._rows = TextRows("", width=80)
        self._replaced: TextRows | None = None
        self._window = Size(80, 0)  # until the first layout
        self._background: Timer | None = None
        self._back: int | None = None  # where the reader jumped to the end from
        self._grip: int | None = None  # the row of the scroll bar's thumb that the mouse holds

    @property
    def top(self) -> int:
        """The row at the top of the window."""
        return self.scroll_offset.y

    @property
    def rows_left(self) -> int:
        """Rows below the window; an estimate until all were wrapped."""
        return max(0, self._rows.count - self.top - self._window.height)

    @property
    def top_character(self) -> int:
        """The character the top row starts with."""
        row = self._rows.row(self.top) if self.top else None
        return row.start if row else 0

    def moved(self, *, by_reader: bool) -> None:
        """Called when another row is at the top or their number is better known."""

    def rewrap(self) -> None:
        """Called when the window has another size."""

    def use(self, rows: TextRows, offset: int = 0) -> None:
        """Shows other rows, the character at `offset` in the top one."""
        self._replaced, self._rows = self._rows, rows
        y = rows.y_at(offset) if offset else 0
        self._put(rows.wrap_visible(y, self._window.height))
        if not rows.complete:
            self.call_after_refresh(self.resume)

    def forget(self) -> None:
        """Frees the rows shown before: of a document of 10 MB that takes milliseconds, which no key should wait for."""
        self._replaced = None

    def reveal(self, offset: int, above: int) -> None:
        """Scrolls, if the character at `offset` is out of sight, so that so many rows are above it."""
        y = self._rows.y_at(offset)
        self._limit()
        if not self.top <= y < self.top + self._window.height:
            self.scroll_to(y=max(0, y - above), animate=False)

    @property
    def thumb(self) -> range:
        """Lines of the window with the scroll bar's thumb; none when everything is in sight."""
        return self.thumb_of(self._rows, self.top)

    def thumb_of(self, rows: TextRows, top: int) -> range:
        """The same for other rows and another top row."""
        height = self._window.height
        hidden = max(0, rows.count - height)
        if not hidden or not height:
            return range(0)
        size = max(1, height * height // rows.count)
        start = round((height - size) * top / hidden)
        return range(start, start + size)

    def action_scroll_down(self) -> None:
        """One row down."""
        self._scroll_by(1)

    def action_scroll_up(self) -> None:
        """One row up."""
        self._scroll_by(-1)

    def action_page_down(self) -> None:
        """One page down, with some rows of this one left in sight."""
        self._scroll_by(max(1, self._window.height - OVERLAP))

    def action_page_up(self) -> None:
        """One page up."""
        self._scroll_by(-max(1, self._window.height - OVERLAP))

    def action_scroll_home(self) -> None:
        """To the start."""
        self.scroll_to(y=0, animate=False)

    def action_scroll_end(self) -> None:
        """To the end; there, back to where the reader came from."""
        if self._back is not None and not self.rows_left:
            offset, self._back = self._back, None
            self.reveal(offset, above=0)
            return
        offset = self.top_character
        self.scroll_to(y=self.max_scroll_y, animate=False)
        self._back = offset

    def on_mount(self) -> None:
        """Sets up the work nobody waits for."""
        self._background = self.set_interval(IDLE_INTERVAL, self._work_on, pause=True)

    def on_resize(self) -> None:
        """Lets the subclass wrap anew."""
        window = self.scrollable_content_region.size
        if window != self._window:
            self._window = window
            self.rewrap()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Takes hold of the scroll bar."""
        offset = event.get_content_offset(self)
        if offset is None or offset.x < self._window.width - BAR or not self.max_scroll_y:
            return
        event.stop()
        self.screen.clear_selection()  # which the screen began before it passed the event on
        self.capture_mouse()
        thumb = self.thumb
        self._grip = offset.y - thumb.start if offset.y in thumb else len(thumb) // 2
        self._drag_to(offset.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drags it."""
        if self._grip is not None:
            event.stop()
            self._drag_to(event.y - self.gutter.top)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Lets go of it."""
        if self._grip is not None:
            event.stop()
            self._grip = None
            self.release_mouse()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Wraps what came into sight before it is painted."""
        y = self._rows.wrap_visible(round(new_value), self._window.height, round(old_value))
        self._limit()
        if y != round(new_value):
            self._set_top(y)
        self.moved(by_reader=True)
        self.refresh()

    def resume(self) -> None:
        """Begins work nobody waits for."""
        if self._background is not None:
            self._background.resume()

    def work(self, seconds: float) -> bool:
        """Does some of that work: wraps rows nobody looked at yet. True when there is no more."""
        if self._rows.complete:
            return True
        place = self._rows.block_row_at(self.top)
        complete = self._rows.wrap_for(seconds)
        self._limit()
        y = self._rows.y_of(place)
        if complete or y != self.top:
            self._put(y)
        return complete

    def _work_on(self) -> None:
        if self.work(IDLE_SLICE) and self._background is not None:
            self._background.pause()

    def _put(self, y: int) -> None:
        """Makes `y` the top row without this being a scroll of the reader's."""
        self._limit()
        self.app.animator.force_stop_animation(self, "scroll_y")
        self._set_top(y)
        self.moved(by_reader=False)
        self.refresh()

    def _set_top(self, y: int) -> None:
        self.set_reactive(Widget.scroll_y, y)
        self.set_reactive(Widget.scroll_target_y, y)

    def _limit(self) -> None:
        """Makes the number of rows the limit of scrolling; assigned in the usual way it would cost a layout."""
        self.set_reactive(Widget.virtual_size, Size(self._window.width, self._rows.count))

    def _scroll_by(self, rows: int) -> None:
        self._rows.wrap_ahead(self.top, self._window.height + rows)
        self._limit()
        self.scroll_to(y=self.top + rows, animate=False)

    def _drag_to(self, line: int) -> None:
        """Moves the held row of the thumb to a line of the window."""
        start = line - (self._grip or 0)
        share = start / max(1, self._window.height - len(self.thumb))
        self.scroll_to(y=round(share * self.max_scroll_y), animate=False)
