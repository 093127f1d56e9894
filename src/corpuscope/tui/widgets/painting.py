"""Widgets that keep painted lines, draw runs of styled text, or lie under others."""

from collections.abc import Sequence
from typing import Self

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.containers import Horizontal
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget


class CachedLines(Widget):
    """Paints one line at a time; a line at the top or the bottom is all the border that CSS may give.

    Textual looks at border, outline, padding, hatch and tint for every line of a widget. Lines of this one have
    none of them, and without looking a frame takes half the time.
    """

    head = ""
    """Words in the border at the top, at its left."""
    foot = ""
    """Words in the border at the bottom, at its right."""

    def __init__(
        self,
        *children: Widget,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        self._cached: dict[int, Strip] = {}  # before Textual's own, which may refresh
        self._cached_for: object = None
        super().__init__(*children, name=name, id=id, classes=classes, disabled=disabled)

    def paint_line(self, y: int) -> Strip:
        """Line `y` of the content, from 0, as wide as the content and before the app's filters."""
        raise NotImplementedError

    def preload(self, lines: dict[int, Strip]) -> None:
        """Takes over lines of the content that were `rendered` ahead, until the next refresh."""
        top = self.gutter.top
        self._cached |= {top + y: strip for y, strip in lines.items()}

    def rendered(self, strip: Strip) -> Strip:
        """A line after the app's filters, with its sequences for the terminal made."""
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self._background_colour)
        strip.render(self.app.console)
        return strip

    @property
    def appearance(self) -> object:
        """Equal as long as a line cached or drawn ahead still looks the same."""
        return self.outer_size, self.visual_style, self.get_line_filters()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The widget, to be painted."""
        appearance = self.appearance
        if self._cached_for != appearance:
            self._cached.clear()
            self._cached_for = appearance
        cached = self._cached
        for y in crop.line_range:
            if y not in cached:
                cached[y] = self._painted(y)
        return [cached[y].crop(crop.x, crop.right) for y in crop.line_range]

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Gives up what is cached of the regions and asks for a frame of the screen.

        In Textual's own way every widget that changed sends the screen a message when it is idle, and the screen
        finds out which lines to paint; one frame of lines that are cached is there sooner.
        """
        if not regions:
            self._cached.clear()
        for region in regions:
            top = self.gutter.top + region.y
            for y in range(top, top + region.height):
                self._cached.pop(y, None)
        if layout or recompose or not repaint or not self.is_mounted:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        self.screen.refresh()
        return self

    def notify_style_update(self) -> None:
        """A theme or a state of this widget changed."""
        self._cached.clear()
        super().notify_style_update()

    @property
    def _background_colour(self) -> Color:
        return self.visual_style.background or self.background_colors[1]

    def _painted(self, y: int) -> Strip:
        width, height = self.outer_size
        gutter = self.gutter
        if gutter.top <= y < height - gutter.bottom:
            return self.rendered(self.paint_line(y - gutter.top))
        return self.rendered(self._edge(width, at_top=y < gutter.top))

    def _edge(self, width: int, *, at_top: bool) -> Strip:
        """A line of the border with its words."""
        styles, background = self.styles, self._background_colour
        (_, colour), words = (styles.border_top, self.head) if at_top else (styles.border_bottom, self.foot)
        words = set_cell_size(words, min(cell_len(words), max(0, width - 1)))
        rule = Segment("─" * (width - 1 - cell_len(words)), Style(background, colour).rich_style)
        end = Segment("─", rule.style)
        if not words:
            return Strip([rule, end], width)
        if styles.auto_border_title_color:
            said = Style(background, background.get_contrast_text(styles.border_title_color.a))
        else:
            said = Style(background, styles.border_title_color)
        label = Segment(words, said.rich_style)
        return Strip([end, label, rule] if at_top else [rule, label, end], width)


StyledRun = tuple[str, str]
"""Text without line ends, and a Textual style in words, theme variables allowed; "" for the widget's own."""

MAX_CACHED_STRIPS = 64
"""Rows remembered by what they say: most of what a panel says is the same for every document."""


class StyledRows(CachedLines):
    """Paints rows of runs."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._styles: dict[str, RichStyle] = {}
        self._rows: dict[tuple[StyledRun, ...], Strip] = {}
        self._rows_for: object = None

    def runs(self, y: int) -> Sequence[StyledRun]:
        """The runs of row `y` of the content, from 0; what is wider than the widget is cut."""
        raise NotImplementedError

    def paint_line(self, y: int) -> Strip:
        """Row `y`."""
        return self.row(self.runs(y))

    def row(self, runs: Sequence[StyledRun]) -> Strip:
        """A row of the whole width, made at the first asking."""
        appearance = (self.app.theme, self.appearance)
        if self._rows_for != appearance or len(self._rows) >= MAX_CACHED_STRIPS:
            self._rows_for = appearance
            self._styles.clear()
            self._rows.clear()
        key = tuple(runs)
        strip = self._rows.get(key)
        if strip is None:
            segments = [Segment(text, self._style(style)) for text, style in runs]
            base = self.visual_style.rich_style
            strip = self._rows[key] = Strip(segments).adjust_cell_length(self.size.width, base)
        return strip

    def _style(self, words: str) -> RichStyle:
        """The style on this widget's background, with which a half transparent colour is mixed."""
        if words not in self._styles:
            style = Style.parse(words, self.app.theme_variables) if words else Style.null()
            self._styles[words] = (self.visual_style + style).rich_style
        return self._styles[words]


class PlainBackground(Widget):
    """A mixin for containers without border or text, whose lines are then all one."""

    _line: tuple[object, Strip] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The background, the same line in every frame: a strip remembers how it was cut around other widgets."""
        style, filters = self.visual_style, self.get_line_filters()
        made_for = crop.width, style, filters
        if self._line is None or self._line[0] != made_for:
            strip = Strip.blank(crop.width, style.rich_style)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, style.background or self.background_colors[1])
            self._line = made_for, strip
        return [self._line[1]] * crop.height


class PlainHorizontal(Horizontal, PlainBackground):
    """Widgets side by side that leave nothing free."""
