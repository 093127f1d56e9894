"""A line of pieces at the edge of a screen: header, last decision, keys."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual import events

from corpuscope.tui.lines import Piece, fitting
from corpuscope.tui.widgets.direct_rows import DirectRows, Run

MARGIN = 1
"""Blank cells at both ends."""


class Line(DirectRows):
    """Shows pieces from the left and from the right, dropping the least important when room is short."""

    DEFAULT_CSS = """
    Line {
        height: 1;
        color: $text-muted;
        &.-header { background: $panel; color: $text; }
    }
    """

    def __init__(self, *, gap: int = 2, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._gap = gap
        self._left: tuple[Piece, ...] = ()
        self._right: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """What it says now, without margins."""
        return "".join(text for text, _ in self.runs(0)).strip()

    def show(self, left: Sequence[Piece], right: Sequence[Piece] = ()) -> None:
        """Draws these pieces from now on; nothing is painted when they are the same as before."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.refresh()

    def runs(self, y: int) -> Sequence[Run]:
        """What fits of the pieces."""
        runs: list[Run] = []
        position = 0
        for piece, start in self._placed() if y == 0 else ():
            runs += [(" " * (start - position), ""), (piece.text, piece.style)]
            position = start + cell_len(piece.text)
        return runs

    def on_click(self, event: events.Click) -> None:
        """A click on a piece with an action runs it."""
        offset = event.get_content_offset(self)
        for piece, start in self._placed() if offset else ():
            if piece.action and offset and start <= offset.x < start + cell_len(piece.text):
                event.stop()
                action = piece.action if "." in piece.action else f"screen.{piece.action}"
                self.call_later(self.run_action, action)

    def _placed(self) -> Iterator[tuple[Piece, int]]:
        """The pieces that fit, each with the column it starts at."""
        room = self.size.width - 2 * MARGIN
        kept = fitting((*self._left, *self._right), room, self._gap)
        right = [piece for piece in self._right if any(piece is each for each in kept)]
        left = kept[: len(kept) - len(right)]
        start = MARGIN
        for piece in left:
            yield piece, start
            start += cell_len(piece.text) + self._gap
        start = MARGIN + room - sum(cell_len(p.text) for p in right) - self._gap * max(len(right) - 1, 0)
        for piece in right:
            yield piece, start
            start += cell_len(piece.text) + self._gap
