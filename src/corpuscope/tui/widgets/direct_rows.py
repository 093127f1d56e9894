"""Widgets whose rows are painted as they are, for everything that changes with every key."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

Run = tuple[str, str]
"""Text without line ends, and a Textual style in words, theme variables allowed; "" for the widget's own."""


class DirectRows(Widget):
    """Paints rows of runs; a border at the top is all that CSS may put around them.

    Textual looks at border, outline, padding, hatch and tint for every line of a widget. Rows have none of
    them, and without looking a frame takes half the time.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._styles: dict[tuple[str, Style], RichStyle] = {}
        self._theme = ""

    def runs(self, y: int) -> Sequence[Run]:
        """The runs of row `y` of the content, from 0; what is wider than the widget is cut."""
        raise NotImplementedError

    def render_lines(self, crop: Region) -> list[Strip]:
        """The widget, to be painted."""
        top = self.gutter.top
        if self._theme != self.app.theme:
            self._theme = self.app.theme
            self._styles.clear()
        strips: list[Strip] = []
        blank: Strip | None = None  # one for all rows without runs: a panel has more of them than of others
        for y in crop.line_range:
            if y < top:
                strips += super().render_lines(Region(crop.x, y, crop.width, 1))
            elif runs := self.runs(y - top):
                strips.append(self._row(runs, crop))
            else:
                blank = blank or self._row((), crop)
                strips.append(blank)
        return strips

    def _row(self, runs: Sequence[Run], crop: Region) -> Strip:
        """A row of the whole width, cut to `crop`."""
        base = self.visual_style.rich_style
        segments = [Segment(text, self._style(style)) for text, style in runs]
        strip = Strip(segments).adjust_cell_length(self.size.width, base)
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip.crop(crop.x, crop.right)

    def _style(self, words: str) -> RichStyle:
        """The style on this widget's background, with which a half transparent colour is mixed."""
        key = (words, self.visual_style)
        if key not in self._styles:
            style = Style.parse(words, self.app.theme_variables) if words else Style.null()
            self._styles[key] = (self.visual_style + style).rich_style
        return self._styles[key]
