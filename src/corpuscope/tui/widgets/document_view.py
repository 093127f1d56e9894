"""The pane that shows one document, at the same speed whatever its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from corpuscope.config.actions import READING
from corpuscope.domain.document import Section
from corpuscope.domain.visible import one_line
from corpuscope.tui.keys import bindings
from corpuscope.tui.widgets.finding import Finder
from corpuscope.tui.widgets.row_strip import Mark, offset_in_row, text_strip, title_strip
from corpuscope.tui.widgets.rows import Row, Rows
from corpuscope.tui.widgets.wrapping import draw_row, row_end

if TYPE_CHECKING:
    from textual.timer import Timer

OVERLAP = 2
"""Rows of the page before that stay in sight when a page is turned."""
IDLE = 0.02
"""Seconds between two slices of work nobody waits for."""
SLICE = 0.001
"""Seconds of such work at a time; the longest a key can wait for it."""
PATIENCE = 0.01
"""Seconds the first search of a string may take before it goes on in slices."""


class DocumentView(ScrollView, can_focus=True, inherit_bindings=False):
    """One document, wrapped, scrolled and searched; what could act on a terminal is drawn as a symbol."""

    DEFAULT_CSS = """
    DocumentView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        background: $surface;
        color: $foreground;
        border: round $surface-lighten-2;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        padding: 0 1;

        &:focus {
            border: round $primary;
        }
        & > .document-view--symbol {
            color: $text-warning;
            text-style: dim;
        }
        & > .document-view--section {
            color: $text-muted;
        }
        & > .document-view--match {
            text-style: reverse;
        }
        & > .document-view--current {
            color: $text-warning;
            text-style: reverse bold;
        }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "document-view--symbol",
        "document-view--section",
        "document-view--match",
        "document-view--current",
    }

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(READING)]

    exact: var[bool] = var(False, init=False)
    """Whether spaces, tabs, line ends and every other invisible character are drawn."""

    @dataclass
    class Painted(Message):
        """A new document is on the screen: the reading time starts."""

    @dataclass
    class Moved(Message):
        """The reader scrolled."""

        fraction: float
        """How much of the text is read or in sight, by characters, from 0 to 1."""
        rows_left: int
        """Rows below the window; an estimate until the whole document was wrapped."""

    @dataclass
    class Found(Message):
        """A search that went on in the background is through."""

        count: int
        """Occurrences in the whole text."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._text = ""
        self._sections: Sequence[Section] = ()
        self._caption = ""
        self._window = Size(80, 0)  # until the first layout
        self._rows = Rows("", width=80)
        self._finder: Finder | None = None
        self._selected: tuple[int, int] | None = None
        self._back: int | None = None  # where the reader jumped to the end from
        self._painting = False
        self._background: Timer | None = None

    def show(self, text: str, sections: Sequence[Section] = (), title: str = "") -> None:
        """Puts another document on the screen, from its start."""
        self._text, self._sections = text, sections
        self._finder = self._back = None
        if self.text_selection is not None:
            self.screen.clear_selection()
        caption = one_line(title, self._window.width)
        if caption != self._caption:
            self._caption = caption
            self.border_title = Content(caption) if caption else None
        self._wrap(0)
        self.call_after_refresh(self.post_message, self.Painted())

    def find(self, needle: str) -> int:
        """Seeks a string, upper and lower case alike, and marks where it is seen; how often it occurs so far.

        In a large document the count goes on in the background; `Found` tells the end of it.
        """
        self._finder = finder = Finder(self._text, needle) if needle else None
        self.refresh()
        if finder is None:
            return 0
        if not finder.advance(PATIENCE):
            self._resume()
        return len(finder.starts)

    def find_next(self) -> tuple[int, int]:
        """Goes to the next occurrence, after the last to the first: which it is, from 1, and of how many."""
        return self._find_step(1)

    def find_previous(self) -> tuple[int, int]:
        """Goes to the occurrence before, before the first to the last."""
        return self._find_step(-1)

    @property
    def fraction(self) -> float:
        """How much of the text is read or in sight, by characters, from 0 to 1."""
        last = self._rows.row(min(self._top + self._window.height, self._rows.count) - 1)
        return last.end / len(self._text) if last and self._text else 1.0

    @property
    def rows_left(self) -> int:
        """Rows below the window; an estimate until the whole document was wrapped."""
        return max(0, self._rows.count - self._top - self._window.height)

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
            self._reveal(offset, above=0)
            return
        offset = self._reading_offset()
        self.scroll_to(y=self.max_scroll_y, animate=False)
        self._back = offset

    def on_mount(self) -> None:
        """Sets up the work nobody waits for."""
        self._background = self.set_interval(IDLE, self._work_on, pause=True)

    def on_resize(self) -> None:
        """Wraps anew and keeps the row at the top."""
        window = self.scrollable_content_region.size
        if window != self._window:
            offset = self._reading_offset()
            self._window = window
            self._wrap(offset)

    def watch_exact(self) -> None:
        """Draws the same stretch of text the other way."""
        self._wrap(self._reading_offset())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Wraps what came into sight before it is painted."""
        settled = self._rows.settle(round(new_value), self._window.height, round(old_value))
        self._sync_size()
        if settled != round(new_value):
            new_value = settled
            self.set_reactive(Widget.scroll_y, settled)
            self.set_reactive(Widget.scroll_target_y, settled)
            self.refresh()
        super().watch_scroll_y(old_value, new_value)
        self._sync_bar()
        self._tell_position()
        self.post_message(self.Moved(self.fraction, self.rows_left))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The window, to be painted."""
        self._painting = True
        try:
            return super().render_lines(crop)
        finally:
            self._painting = False

    def render_line(self, y: int) -> Strip:
        """One row of the window."""
        width = self._window.width
        plain = self.visual_style.rich_style
        row = self._rows.row(self._top + y)
        if row is None:
            return Strip.blank(width, plain)
        if row.title is not None:
            return title_strip(row.title, width, self.get_component_rich_style("document-view--section"))
        strip = text_strip(
            draw_row(self._text, row.start, row.end, width, exact=self.exact),
            width,
            plain=plain,
            symbol=self.get_component_rich_style("document-view--symbol"),
            marks=self._marks(row),
        )
        # Only the mouse reads offsets back, through this method, and they cost as much as drawing. They are
        # compared by y, then x: the row's start in the text stands for its number, which estimates change.
        return strip if self._painting else strip.apply_offsets(0, row.start)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text as stored; only lone surrogates are replaced, which no clipboard takes."""
        start, end = self._range_of(selection)
        return self._text[start:end].encode("utf-8", errors="replace").decode(), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Marks what the mouse selected."""
        self._selected = None if selection is None else self._range_of(selection)
        self.refresh()

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    def _reading_offset(self) -> int:
        """The character the top row starts with."""
        row = self._rows.row(self._top) if self._top else None
        return row.start if row else 0

    def _wrap(self, offset: int) -> None:
        """Wraps the document for this width and view, the character at `offset` in the top row."""
        self._rows = rows = Rows(self._text, self._sections, width=self._window.width, exact=self.exact)
        y = rows.y_at(offset) if offset else 0
        self._put(rows.settle(y, self._window.height))
        if not rows.complete:
            self._resume()

    def _put(self, y: int) -> None:
        """Makes `y` the top row without this being a scroll of the reader's."""
        self._sync_size()
        self.app.animator.force_stop_animation(self, "scroll_y")
        self.set_reactive(Widget.scroll_y, y)
        self.set_reactive(Widget.scroll_target_y, y)
        self._sync_bar()
        self._tell_position()
        self.refresh()

    def _scroll_by(self, rows: int) -> None:
        self.scroll_to(y=self._top + rows, animate=False)

    def _sync_size(self) -> None:
        """Makes the number of rows the limit of scrolling, without a layout: that would cost a frame."""
        self.set_reactive(Widget.virtual_size, Size(self._window.width, self._rows.count))

    def _sync_bar(self) -> None:
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = self._rows.count
            self.vertical_scrollbar.window_size = self._window.height
            self.vertical_scrollbar.position = self._top

    def _tell_position(self) -> None:
        """Writes into the border how far the reader is and how much is left."""
        left = self.rows_left
        if not left and not self._top:
            subtitle = ""
        else:
            subtitle = f"{self.fraction:.0%}".replace("%", " %")
            page = max(1, self._window.height)
            about = "" if self._rows.complete else "about "
            if left >= page:
                subtitle += f" · {about}{left / page:,.1f} screens left"
            elif left:
                subtitle += f" · {left} {'row' if left == 1 else 'rows'} left"
        if subtitle != (self.border_subtitle or ""):
            self.border_subtitle = subtitle or None

    def _find_step(self, direction: int) -> tuple[int, int]:
        if self._finder is None:
            return 0, 0
        number = self._finder.step(direction, self._reading_offset())
        if self._finder.current is not None:
            self._reveal(self._finder.current, above=self._window.height // 3)
            self.refresh()
        return number, len(self._finder.starts)

    def _reveal(self, offset: int, above: int) -> None:
        """Scrolls, if the character at `offset` is out of sight, so that so many rows are above it."""
        y = self._rows.y_at(offset)
        self._sync_size()
        if not self._top <= y < self._top + self._window.height:
            self.scroll_to(y=max(0, y - above), animate=False)

    def _resume(self) -> None:
        if self._background is not None:
            self._background.resume()

    def _work_on(self) -> None:
        """One slice of work nobody waits for: the rest of a search, then the rows nobody looked at yet."""
        if self._finder is not None and not self._finder.complete:
            if self._finder.advance(SLICE):
                self.post_message(self.Found(len(self._finder.starts)))
            return
        if not self._rows.complete:
            place = self._rows.place(self._top)
            complete = self._rows.measure(SLICE)
            y = self._rows.y_of(place)
            self._sync_size()
            if complete or y != self._top:
                self._put(y)
            return
        if self._background is not None:
            self._background.pause()

    def _marks(self, row: Row) -> list[Mark]:
        """What is marked in a row: occurrences of what is sought, then the selection."""
        marks: list[Mark] = []
        if self._finder is not None:
            for start, end in self._finder.between(row.start, row.end):
                kind = "current" if start == self._finder.current else "match"
                style = self.get_component_rich_style(f"document-view--{kind}", partial=True)
                marks.append(Mark(start, end, style))
        if self._selected is not None and self._selected[0] < row.end and row.start < self._selected[1]:
            marks.append(Mark(*self._selected, self.screen.get_component_rich_style("screen--selection")))
        return marks

    def _range_of(self, selection: Selection) -> tuple[int, int]:
        start = 0 if selection.start is None else self._offset_of(selection.start, after=False)
        end = len(self._text) if selection.end is None else self._offset_of(selection.end, after=True)
        return start, max(start, end)

    def _offset_of(self, point: Offset, *, after: bool) -> int:
        """The character at a point of a selection as `render_line` made it: a column, and a row's start."""
        column, start = point
        width = self._window.width
        end = row_end(self._text, start, len(self._text), width, exact=self.exact)
        return offset_in_row(
            draw_row(self._text, start, end, width, exact=self.exact), column, start, after=after
        )
