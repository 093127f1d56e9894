"""Show one document in a pane, at a speed that does not depend on its size."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self

from rich.style import Style as RichStyle
from textual import events
from textual.filter import LineFilter
from textual.geometry import Offset, Region
from textual.message import Message
from textual.reactive import var
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style

from corpuscope.config.settings import Settings
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.glyphs import PlainGlyphs, plain
from corpuscope.tui.text_layout.row_strip import (
    BAR_MARKS,
    MARGIN,
    Highlight,
    RowStyles,
    offset_in_row,
    text_strip,
    text_width,
    title_strip,
)
from corpuscope.tui.text_layout.rows import LONG_LINE, TextRow, TextRows, has_paragraphs
from corpuscope.tui.text_layout.text_search import Finder
from corpuscope.tui.text_layout.wrapping import draw_row, row_end
from corpuscope.tui.widgets.scrolled_rows import IDLE_SLICE, ScrolledRows

if TYPE_CHECKING:
    from corpuscope.domain.document import Section


TENTHS_BELOW = 10
"""Number of screens left below which it is shown with one decimal."""


def position(fraction: float, rows_left: int, height: int, *, complete: bool, room: int) -> str:
    """Return in words how much of a document is read and how much lies below a window of `height` rows.

    `fraction` is the part that was read or is visible, from 0 to 1. Without `complete`, `rows_left` is an estimate.
    Text that needs `room` cells or more is left out whole: half a sentence would say less than none.
    """
    read = f"{fraction * 100:.0f} %"
    screens = rows_left / max(1, height)
    if screens >= 1:
        digits = 1 if screens < TENTHS_BELOW else 0
        left = f" · {'' if complete else 'about '}{screens:,.{digits}f} screens left"
    else:
        left = f" · {rows_left} {'row' if rows_left == 1 else 'rows'} left" if rows_left else ""
    return read + left if len(read + left) < room else read


MAX_FIND_SECONDS = 0.01
"""Seconds that a new search may take before it continues in the background."""

ALL_OF_IT = "all of it"
"""Text in the bottom border when the whole document is visible."""

DEFAULTS = Settings()
"""The settings of a view for which none are given."""

EXACT = "exact view"
"""Heading of the pane while invisible characters are drawn."""


class PreparedPage(NamedTuple):
    """The first page of a document, wrapped and rendered before the document is shown."""

    text: str
    """Text of the document, compared by identity."""
    rows: TextRows
    """Rows of the document."""
    lines: dict[int, Strip]
    """Rendered lines by their position in the window."""
    shape: object
    """Size, colours and view for which the lines were rendered."""


class DocumentView(ScrolledRows):
    """A document that is wrapped, scrolled and searched. Characters that could act on a terminal become symbols."""

    DEFAULT_CSS = """
    DocumentView {
        width: 1fr;
        background: $background;
        color: $foreground;
        border: round $border-blurred;
        border-title-color: $foreground;
        border-title-style: none;
        border-subtitle-color: $foreground-muted;

        &.-back {
            border: round $accent;
            border-title-color: $accent;
            border-title-style: bold;
        }
        & > .document-view--symbol {
            color: $text-warning;
            text-style: dim;
        }
        & > .document-view--section {
            color: $text-muted;
        }
        & > .document-view--bar {
            color: $foreground-muted;
        }
        & > .document-view--track {
            color: $scrollbar-background;
        }
        & > .document-view--match {
            text-style: bold underline;
        }
        & > .document-view--current {
            color: $accent;
            text-style: reverse bold;
        }
    }
    .-roomy DocumentView { width: 99; }
    .-tall DocumentView { padding-top: 1; }
    """

    SCOPED_CSS: ClassVar[bool] = False  # the size of the screen is a class of the screen

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "document-view--symbol",
        "document-view--section",
        "document-view--bar",
        "document-view--track",
        "document-view--match",
        "document-view--current",
    }

    key_handler: Callable[[events.Key], Awaitable[None]] | None = None
    """Takes each key at once. On its way up it would wait in the queue of each container."""

    exact: var[bool] = var(False, init=False)
    """Whether spaces, tabs, line ends and all other invisible characters are drawn."""

    @dataclass
    class Painted(Message):
        """A new document was painted: its reading time starts."""

    @dataclass
    class Moved(Message):
        """The user scrolled."""

        fraction: float
        """Fraction of the text that was read or is visible, by characters, from 0 to 1."""
        rows_left: int
        """Number of rows below the window; an estimate until the whole document is wrapped."""

    @dataclass
    class SearchFinished(Message):
        """A search in the background ended."""

        number: int
        """Number of the current occurrence, from 1; 0 for none yet."""
        count: int
        """Number of occurrences in the text, up to the limit of the search."""

    def __init__(
        self,
        settings: Settings = DEFAULTS,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """Take spacing and glyphs from the settings."""
        super().__init__(name=name, id=id, classes=classes)
        self._spacing = settings.spacing
        self._bar_marks = BAR_MARKS
        if settings.plain_glyphs():
            self.side = plain(self.side)
            self._bar_marks = plain(BAR_MARKS[0]), plain(BAR_MARKS[1])
        self._text = ""
        self._sections: Sequence[Section] = ()
        self._is_notice = False
        self._heading = ""
        self._finder: Finder | None = None
        self._selected: tuple[int, int] | None = None
        self._row_styles: RowStyles | None = None  # of the current frame
        self._blanks: dict[tuple[int, bool, bool], Strip] = {}  # by width and by the scroll bar beside them
        self._page: PreparedPage | None = None  # of the document likely to be shown next

    async def on_key(self, event: events.Key) -> None:
        """Hand the key over before it goes up and may scroll."""
        if self.key_handler is not None:
            await self.key_handler(event)

    def prepare(self, text: str, sections: Sequence[Section] = ()) -> None:
        """Wrap and render the first page of the document likely to be shown next, so that `show` is fast."""
        self.forget()
        if self._ready(text) or not self._window.height:
            return
        self.check_appearance()
        rows = self._wrapped(text, sections)
        rows.wrap_visible(0, self._window.height)
        rows.wrap_for(IDLE_SLICE)
        styles = self._row_styles_for(rows, 0)

        def finish(y: int) -> Strip:
            return self.rendered(self.framed(self._line(text, rows, y, styles)))

        lines = {y: self._blank_or(finish, y, rows, styles) for y in range(self._window.height)}
        self._page = PreparedPage(text, rows, lines, self._shape)

    def show(self, text: str, sections: Sequence[Section] = (), *, is_notice: bool = False) -> None:
        """Show another document from its start, or a notice in its place. A search continues in the background."""
        page, self._page = self._ready(text), None
        self._text, self._sections, self._is_notice = text, sections, is_notice
        self._finder = Finder(text, self._finder.needle) if self._finder else None
        self._back = None
        if self.text_selection is not None:
            self.screen.clear_selection()
        self.use(page.rows if page else self._wrapped(text, sections))
        if self._finder:
            self.call_after_refresh(self.resume)
        elif page:
            self.preload(page.lines)
        self.call_after_refresh(self.post_message, self.Painted())

    def set_title(self, title: str, *, back: bool = False) -> None:
        """Set the title of the frame; `back` draws the frame in the accent colour, as for an earlier document."""
        self.set_class(back, "-back")
        if title != self._heading:
            self._heading = title
            self._show_heading()

    def find(self, needle: str) -> int:
        """Search for a string, ignoring case, and highlight it. Return the number of occurrences counted so far.

        In a large document the search continues in the background and posts `SearchFinished` at its end.
        """
        self._finder = finder = Finder(self._text, needle) if needle else None
        self.refresh()
        if finder is None:
            return 0
        if not finder.advance(MAX_FIND_SECONDS):
            self.resume()
        return len(finder.starts)

    def find_next(self) -> tuple[int, int]:
        """Go to the next occurrence, wrapping around. Return its number, from 1, and the number of occurrences."""
        return self._find_step(1)

    def find_previous(self) -> tuple[int, int]:
        """Go to the previous occurrence, wrapping around. Return as `find_next` does."""
        return self._find_step(-1)

    @property
    def may_find_more(self) -> bool:
        """Whether there may be more occurrences than counted so far."""
        return self._finder is not None and self._finder.more

    @property
    def fraction(self) -> float:
        """Fraction of the text that was read or is visible, by characters, from 0 to 1."""
        last = self._rows.row(min(self.top + self._window.height, self._rows.count) - 1)
        return last.end / len(self._text) if last and self._text else 1.0

    def watch_exact(self) -> None:
        """Draw the same part of the text in the other view."""
        self._show_heading()
        self.rewrap()

    def rewrap(self) -> None:
        """Wrap the document again and keep the top row."""
        self.use(self._wrapped(self._text, self._sections), self.top_character)

    def moved(self, *, by_user: bool) -> None:
        """Show in the bottom border how much is read and how much is left."""
        complete, (room, height) = self._rows.complete, self._window
        text = position(self.fraction, self.rows_left, height, complete=complete, room=room)
        self.foot = (
            text if self.rows_left or self.top else (ALL_OF_IT if self._text and not self._is_notice else "")
        )
        if by_user:
            self.post_message(self.Moved(self.fraction, self.rows_left))

    def work(self, seconds: float) -> bool:
        """Continue the search, and after it the wrapping, for about `seconds`. Return whether all work is done."""
        if self._finder is None or self._finder.complete:
            return super().work(seconds)
        if self._finder.advance(seconds):
            self.post_message(self.SearchFinished(self._finder.number, len(self._finder.starts)))
        return False

    def paint_line(self, y: int) -> Strip:
        """Return line `y` of the window, to be painted."""
        return self._line(self._text, self._rows, y, self._frame_row_styles(), highlighted=True)

    def finished_line(self, y: int) -> Strip:
        """Return line `y`, framed and rendered."""
        return self._blank_or(super().finished_line, y, self._rows, self._frame_row_styles())

    def drop_rendered(self) -> None:
        """Drop the blank lines too."""
        super().drop_rendered()
        self._blanks.clear()

    def render_line(self, y: int) -> Strip:
        """Return line `y` with the offsets that only the mouse needs. They cost as much as drawing the line.

        Textual compares offsets by y, then x. The y given is the offset of the row in the text, because corrected
        estimates change the index of a row.
        """
        strip = self.paint_line(y)
        row = self._rows.row(self.top + y)
        return strip if row is None or row.title is not None else strip.apply_offsets(-MARGIN, row.start)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Refresh as `CachedLines` does, and have the next frame compute its styles again."""
        self._row_styles = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the line filters of the app but for `PlainGlyphs`: a document is shown with its own characters."""
        filters = super().get_line_filters()
        if self._bar_marks is BAR_MARKS:
            return filters
        return [line_filter for line_filter in filters if not isinstance(line_filter, PlainGlyphs)]

    def notify_style_update(self) -> None:
        """Drop all that was rendered before a change of theme or state."""
        self._row_styles = self._page = None
        super().notify_style_update()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text as stored, except for lone surrogates, which a clipboard cannot hold."""
        start, end = self._range_of(selection)
        return self._text[start:end].encode("utf-8", errors="replace").decode(), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Highlight the selected text."""
        self._selected = None if selection is None else self._range_of(selection)
        self.refresh()

    def _line(
        self, text: str, rows: TextRows, y: int, styles: RowStyles, *, highlighted: bool = False
    ) -> Strip:
        """Return line `y` of a window on the rows of a text, with matches and selection if `highlighted`."""
        width = self._window.width
        thumb = y in styles.thumb
        row = rows.row(styles.top + y)
        if row is None:
            return title_strip("", width, styles, thumb=thumb)
        if row.title is not None:
            return title_strip(row.title, width, styles, thumb=thumb)
        spans = draw_row(text, row.start, row.end, text_width(width), exact=self.exact)
        return text_strip(spans, self._highlights(row) if highlighted else (), width, styles, thumb=thumb)

    def _blank_or(self, finish: Callable[[int], Strip], y: int, rows: TextRows, styles: RowStyles) -> Strip:
        """Return line `y` as `finish` makes it. Blank lines, such as those after a short text, are made once."""
        row = rows.row(styles.top + y)
        if row is not None and row.title != "":
            return finish(y)
        look = self._window.width, y in styles.thumb, styles.track is None
        if look not in self._blanks:
            self._blanks[look] = finish(y)
        return self._blanks[look]

    def _frame_row_styles(self) -> RowStyles:
        if self._row_styles is None:
            self._row_styles = self._row_styles_for(self._rows, self.top)
        return self._row_styles

    @property
    def _shape(self) -> object:
        """A value that stays equal while a prepared page is valid."""
        return self.appearance, self._window, self.exact

    def _ready(self, text: str) -> PreparedPage | None:
        """Return the prepared page if it is of this text and still valid."""
        page = self._page
        return page if page and page.text is text and page.shape == self._shape else None

    def _row_styles_for(self, rows: TextRows, top: int) -> RowStyles:
        thumb = self.thumb_of(rows, top)
        return RowStyles(
            top=top,
            thumb=thumb,
            plain=self.visual_style.rich_style,
            symbol=self.get_component_rich_style("document-view--symbol"),
            section=self.get_component_rich_style("document-view--section"),
            bar=self.get_component_rich_style("document-view--bar"),
            track=self.get_component_rich_style("document-view--track") if thumb else None,
            marks=self._bar_marks,
        )

    def _show_heading(self) -> None:
        """Show the heading and the view in the top border: plain text looks the same in both views."""
        parts = [one_line(self._heading, self._window.width), EXACT * self.exact]
        self.head = " · ".join(filter(None, parts))
        self.refresh()

    def _wrapped(self, text: str, sections: Sequence[Section]) -> TextRows:
        gap_from = {"on": 0, "auto": LONG_LINE if has_paragraphs(text) else None}.get(self._spacing)
        width = text_width(self._window.width)
        return TextRows(
            text, sections, width=width, exact=self.exact, gap_from=None if self.exact else gap_from
        )

    def _find_step(self, direction: int) -> tuple[int, int]:
        if self._finder is None:
            return 0, 0
        number = self._finder.step(direction, self.top_character)
        if self._finder.current is not None:
            self.reveal(self._finder.current, above=self._window.height // 3)
            self.refresh()
        return number, len(self._finder.starts)

    def _highlights(self, row: TextRow) -> list[Highlight]:
        """Return the highlights of a row: matches of the search, then the selection."""
        highlights: list[Highlight] = []
        if self._finder is not None:
            for start, end in self._finder.between(row.start, row.end):
                kind = "current" if start == self._finder.current else "match"
                style = self.get_component_rich_style(f"document-view--{kind}", partial=True)
                highlights.append(Highlight(start, end, style))
        if self._selected is not None and self._selected[0] < row.end and row.start < self._selected[1]:
            highlights.append(Highlight(*self._selected, self._selection_style))
        return highlights

    @property
    def _selection_style(self) -> RichStyle:
        """The theme's selection style over this pane; alone, its transparent text would be invisible."""
        styles = self.screen.get_component_styles("screen--selection")
        return (self.visual_style + Style.from_styles(styles)).rich_style

    def _range_of(self, selection: Selection) -> tuple[int, int]:
        start = 0 if selection.start is None else self._offset_of(selection.start, after=False)
        end = len(self._text) if selection.end is None else self._offset_of(selection.end, after=True)
        return start, max(start, end)

    def _offset_of(self, point: Offset, *, after: bool) -> int:
        """Return the offset of the character at a selection point, which is a column and the offset of a row."""
        column, start = point
        width = text_width(self._window.width)
        end = row_end(self._text, start, len(self._text), width, exact=self.exact)
        spans = draw_row(self._text, start, end, width, exact=self.exact)
        return offset_in_row(spans, column, start, after=after)
