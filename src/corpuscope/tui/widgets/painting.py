"""Base classes of widgets that paint faster than Textual's own by caching rendered lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from corpuscope.text.terminal_text import one_line


class CachedLines(Widget):
    """A widget that renders each line once. Its CSS may give it a round border on every side, and no other.

    Below the border at the top it may have padding; elsewhere it has none.

    Textual applies border, outline, padding, hatch and tint to each line of a widget. This one skips these steps,
    which halves the time of a frame, and draws the border as part of its lines. Titles are text, never markup.
    """

    head = ""
    """Title in the top border, at the left."""
    foot = ""
    """Text in the bottom border, at the right."""
    side = "│"
    """Character of the border at the left and at the right."""

    def __init__(
        self,
        *children: Widget,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        self._cached: dict[int, Strip] = {}  # set before `Widget.__init__`, which may call `refresh`
        self._dropped: dict[int, Strip] = {}
        self._cached_for: object = None
        super().__init__(*children, name=name, id=id, classes=classes, disabled=disabled)

    def paint_line(self, y: int) -> Strip:
        """Return line `y` of the content, from 0, as wide as the content and before the line filters."""
        raise NotImplementedError

    def finished_line(self, y: int) -> Strip:
        """Return line `y` of the content, `framed` and `rendered`."""
        return self.rendered(self.framed(self.paint_line(y)))

    def framed(self, strip: Strip) -> Strip:
        """Return a line of the content between the sides of the border, unchanged without a border."""
        if not self.gutter.left:
            return strip
        side = Segment(self.side, self._frame_style)
        return Strip([side, *strip, side], strip.cell_length + 2)

    def preload(self, lines: dict[int, Strip]) -> None:
        """Cache lines of the content, already `framed` and `rendered`, until the next refresh."""
        top = self.gutter.top
        self._cached |= {top + y: strip for y, strip in lines.items()}

    def rendered(self, strip: Strip, filters: Sequence[LineFilter] | None = None) -> Strip:
        """Return a line after the line filters of the widget, with its terminal sequences cached in the strip."""
        for line_filter in self.get_line_filters() if filters is None else filters:
            strip = strip.apply_filter(line_filter, self._background_colour)
        strip.render(self.app.console)
        return strip

    def forget_lines(self) -> None:
        """Free the lines dropped by the last refresh, which takes a tenth of a millisecond and must not delay a key."""
        self._dropped = {}

    @property
    def appearance(self) -> object:
        """A value that stays equal while cached lines are valid."""
        return self.outer_size, self.visual_style, self.get_line_filters()

    def check_appearance(self) -> None:
        """Drop what was rendered for another appearance."""
        appearance = self.appearance
        if self._cached_for != appearance:
            self._cached_for = appearance
            self.drop_rendered()

    def drop_rendered(self) -> None:
        """Drop everything rendered so far."""
        self._cached.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a region of the widget, border included."""
        self.check_appearance()
        cached = self._cached
        for y in crop.line_range:
            if y not in cached:
                cached[y] = self._rendered_line(y)
        left, right = crop.column_span
        lines = [cached[y] for y in crop.line_range]
        if (left, right) != (0, self.outer_size.width):
            lines = [line.crop(left, right) for line in lines]
        return lines

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Drop the cached lines of the regions, all without regions, and request a frame of the whole screen.

        Textual's own `refresh` has each changed widget send the screen a message when it is idle, and the screen then
        computes which lines to paint. A whole frame of cached lines is faster.
        """
        if not regions and self._cached:
            self._dropped, self._cached = self._cached, {}
        for region in regions:
            top = self.gutter.top + region.y
            for y in range(top, top + region.height):
                self._cached.pop(y, None)
        if layout or recompose or not repaint or not self.is_mounted:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        self.screen.refresh()
        return self

    def notify_style_update(self) -> None:
        """Drop the cached lines after a change of theme or state."""
        self.drop_rendered()
        super().notify_style_update()

    @property
    def _background_colour(self) -> Color:
        return self.visual_style.background or self.background_colors[1]

    def _rendered_line(self, y: int) -> Strip:
        width, height = self.outer_size
        gutter = self.gutter
        if gutter.top <= y < height - gutter.bottom:
            return self.finished_line(y - gutter.top)
        if 0 < y < gutter.top:
            return self.rendered(self.framed(Strip.blank(width - 2, self.visual_style.rich_style)))
        return self.rendered(self._edge(width, at_top=not y), self.app.get_line_filters())

    @property
    def _frame_style(self) -> RichStyle:
        return Style(self._background_colour, self.styles.border_top[1]).rich_style

    def _edge(self, width: int, *, at_top: bool) -> Strip:
        """Return the line of the border at the top or bottom, with its text."""
        styles, frame = self.styles, self._frame_style
        first, last, text = ("╭─", "─╮", self.head) if at_top else ("╰─", "─╯", self.foot)
        if cell_len(text) > width - 6:
            text = one_line(text, max(0, width - 6))
        if not text:
            return Strip([Segment(first + "─" * (width - 4) + last, frame)], width)
        rule = "─" * (width - 6 - cell_len(text))
        colour, style = (
            (styles.border_title_color, styles.border_title_style)
            if at_top
            else (styles.border_subtitle_color, styles.border_subtitle_style)
        )
        label = Segment(f" {text} ", Style(self._background_colour, colour).rich_style + style)
        if at_top:
            return Strip([Segment(first, frame), label, Segment(rule + last, frame)], width)
        return Strip([Segment(first + rule, frame), label, Segment(last, frame)], width)


StyledRun = tuple[str, str]
"""Text without line ends, and a Textual style with theme variables; "" for the style of the widget."""

MAX_CACHED_STRIPS = 64
"""Rows cached by content. Most rows of a panel are the same for each document."""


class StyledRows(CachedLines):
    """A widget whose rows are runs of styled text."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        self._styles: dict[str, RichStyle] = {}
        self._rows: dict[tuple[StyledRun, ...], Strip] = {}
        super().__init__(id=id, classes=classes)

    def runs(self, y: int) -> Sequence[StyledRun]:
        """Return the runs of row `y` of the content, from 0. A row wider than the widget is cut."""
        raise NotImplementedError

    def drop_rendered(self) -> None:
        """Drop lines, rows and styles: styles depend on the theme."""
        super().drop_rendered()
        self._styles.clear()
        self._rows.clear()

    def finished_line(self, y: int) -> Strip:
        """Return row `y`, framed and rendered."""
        return self.finished_row(self.runs(y))

    def finished_row(self, runs: Sequence[StyledRun]) -> Strip:
        """Return a row of runs, framed and rendered, from the cache if possible."""
        key = tuple(runs)
        strip = self._rows.get(key)
        if strip is None:
            if len(self._rows) >= MAX_CACHED_STRIPS:
                self._rows.clear()
            segments = [Segment(text, self._style(style)) for text, style in runs]
            base = self.visual_style.rich_style
            content = Strip(segments).adjust_cell_length(self.size.width, base)
            strip = self._rows[key] = self.rendered(self.framed(content))
        return strip

    def _style(self, definition: str) -> RichStyle:
        """Return a style over the background of this widget, with which translucent colours are blended."""
        if definition not in self._styles:
            style = Style.parse(definition, self.app.theme_variables) if definition else Style.null()
            self._styles[definition] = (self.visual_style + style).rich_style
        return self._styles[definition]
