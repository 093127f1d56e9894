"""A line of pieces at the edge of a screen: header, last decision, keys."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widget import Widget

from corpuscope.tui.lines import Piece, fitting


class Line(Widget):
    """Shows pieces from the left and from the right, dropping the least important when room is short."""

    DEFAULT_CSS = """
    Line {
        height: 1;
        padding: 0 1;
        color: $text-muted;
        &.-header { background: $panel; color: $text; }
    }
    """

    def __init__(self, *, gap: int = 2, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._gap = gap
        self._left: tuple[Piece, ...] = ()
        self._right: tuple[Piece, ...] = ()

    def show(self, left: Sequence[Piece], right: Sequence[Piece] = ()) -> None:
        """Draws these pieces from now on; nothing is painted when they are the same as before."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.refresh()

    def render(self) -> Content:
        """What fits of the pieces."""
        left, right = self._placed()
        body = self._joined(left)
        tail = self._joined(right)
        space = self.content_size.width - body.cell_length - tail.cell_length
        return Content.assemble(body, " " * max(space, 0), tail)

    def on_click(self, event: events.Click) -> None:
        """A click on a piece with an action runs it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        left, right = self._placed()
        position = 0
        spans = [(left, 0), (right, self.content_size.width - self._joined(right).cell_length)]
        for pieces, start in spans:
            position = start
            for piece in pieces:
                end = position + cell_len(piece.text)
                if piece.action and position <= offset.x < end:
                    event.stop()
                    self.call_later(self.run_action, f"screen.{piece.action}")
                    return
                position = end + self._gap

    def _placed(self) -> tuple[list[Piece], list[Piece]]:
        kept = fitting([*self._left, *self._right], self.content_size.width, self._gap)
        return [p for p in kept if p in self._left], [p for p in kept if p not in self._left]

    def _joined(self, pieces: Sequence[Piece]) -> Content:
        parts: list[Content | str] = []
        for i, piece in enumerate(pieces):
            if i:
                parts.append(" " * self._gap)
            parts.append(Content.styled(piece.text, piece.style) if piece.style else Content(piece.text))
        return Content.assemble(*parts)
