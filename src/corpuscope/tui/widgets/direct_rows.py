"""Widgets whose rows are runs of styled text, for everything that changes with every key."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip
from textual.style import Style

from corpuscope.tui.widgets.kept_lines import KeptLines

Run = tuple[str, str]
"""Text without line ends, and a Textual style in words, theme variables allowed; "" for the widget's own."""

ROWS_KEPT = 64
"""Rows remembered by what they say: most of what a panel says is the same for every document."""


class DirectRows(KeptLines):
    """Paints rows of runs."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._styles: dict[str, RichStyle] = {}
        self._rows: dict[tuple[Run, ...], Strip] = {}
        self._rows_for: object = None

    def runs(self, y: int) -> Sequence[Run]:
        """The runs of row `y` of the content, from 0; what is wider than the widget is cut."""
        raise NotImplementedError

    def paint_line(self, y: int) -> Strip:
        """Row `y`."""
        return self.row(self.runs(y))

    def row(self, runs: Sequence[Run]) -> Strip:
        """A row of the whole width, made at the first asking."""
        appearance = (self.app.theme, self.appearance)
        if self._rows_for != appearance or len(self._rows) >= ROWS_KEPT:
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
