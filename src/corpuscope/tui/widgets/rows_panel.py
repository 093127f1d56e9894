"""Show a few styled rows in a frame: an introduction, the details of a corpus, the end of a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpuscope.text.terminal_text import one_line, wrapped
from corpuscope.tui.widgets.painting import StyledRows, StyledRun

PanelRow = Sequence[StyledRun]
"""Runs of text of one row."""


def paragraph(text: str, width: int, style: str = "") -> list[PanelRow]:
    """Wrap a text to rows of `width` cells, safe for a terminal."""
    return [((line, style),) for line in wrapped(one_line(text), max(width, 1))]


class RowsPanel(StyledRows):
    """A frame around rows; a row that is too wide is cut, and so are rows that are too many."""

    DEFAULT_CSS = """
    RowsPanel {
        width: 1fr;
        height: 1fr;
        border: round $border-blurred;
        border-title-color: $foreground;
        border-title-style: none;
        border-subtitle-color: $foreground-muted;

        &.-accent { border: round $accent; border-title-color: $accent; border-title-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._make: Callable[[int, int], Sequence[PanelRow]] = lambda _width, _height: ()
        self._content: list[PanelRow] = []

    @property
    def text(self) -> str:
        """The text currently shown."""
        return "\n".join("".join(text for text, _ in row) for row in self._content)

    def show(self, make: Callable[[int, int], Sequence[PanelRow]], *, head: str = "", foot: str = "") -> None:
        """Show the rows that `make` returns for a width and a height, with a title and a text in the frame."""
        self._make, self.head, self.foot = make, head, foot
        self.on_resize()

    def on_resize(self) -> None:
        """Make the rows for the new size."""
        self._content = list(self._make(max(self.size.width - 2, 1), self.size.height))
        self.refresh()

    def runs(self, y: int) -> Sequence[StyledRun]:
        """Return row `y`, with a blank at its left."""
        return ((" ", ""), *self._content[y]) if y < len(self._content) else ()
