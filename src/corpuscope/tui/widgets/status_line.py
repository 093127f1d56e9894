"""Lines of pieces at the edge of a screen, most important first; and what has to be read in full."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.content import Content
from textual.widgets import Static

from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.painting import StyledRows, StyledRun


@dataclass(frozen=True, slots=True)
class StatusItem:
    """A part of a line."""

    text: str
    """What it says."""
    style: str = ""
    """Textual style, theme variables allowed."""
    priority: int = 0
    """Lower numbers stay longer when room is short."""
    action: str | None = None
    """What a click on it runs, of the screen unless it begins with `app.`; None for nothing."""


def fit_items(pieces: Sequence[StatusItem], width: int, gap: int) -> list[StatusItem]:
    """The pieces that fit into `width` cells, `gap` between them; the least important are dropped first.

    The last one left is never dropped: where it is too wide, its beginning and its end are kept.
    """
    kept = list(pieces)
    while len(kept) > 1 and sum(cell_len(p.text) for p in kept) + gap * (len(kept) - 1) > width:
        last = max(range(len(kept)), key=lambda i: (kept[i].priority, i))
        del kept[last]
    if kept and cell_len(kept[0].text) > width:
        kept[0] = replace(kept[0], text=_ends(kept[0].text, width))
    return kept


def _ends(text: str, width: int) -> str:
    """As much of both ends of a text as fits into `width` cells."""
    room = max(width - 1, 0)
    head, tail = set_cell_size(text, room // 2), set_cell_size(text[::-1], room - room // 2)[::-1]
    return f"{head}…{tail}" if width > 0 else ""


MARGIN = 1
"""Blank cells at both ends."""


class StatusLine(StyledRows):
    """Shows pieces from the left and from the right, dropping the least important when room is short."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        color: $text-muted;
        &.-header { background: $panel; color: $text; }
    }
    """

    def __init__(self, *, gap: int = 2, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._gap = gap
        self._left: tuple[StatusItem, ...] = ()
        self._right: tuple[StatusItem, ...] = ()

    @property
    def text(self) -> str:
        """What it says now, without margins."""
        return "".join(text for text, _ in self.runs(0)).strip()

    def show(self, left: Sequence[StatusItem], right: Sequence[StatusItem] = ()) -> None:
        """Draws these pieces from now on; nothing is painted when they are the same as before."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.refresh()

    def runs(self, y: int) -> Sequence[StyledRun]:
        """What fits of the pieces."""
        runs: list[StyledRun] = []
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

    def _placed(self) -> Iterator[tuple[StatusItem, int]]:
        """The pieces that fit, each with the column it starts at."""
        room = self.size.width - 2 * MARGIN
        kept = fit_items((*self._left, *self._right), room, self._gap)
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


class MessageBar(Static):
    """As many rows as the text needs, none while there is none."""

    DEFAULT_CSS = """
    MessageBar {
        display: none;
        height: auto;
        max-height: 6;
        padding: 0 1;
        background: $boost;
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show_message(self, text: str, style: str = "") -> None:
        """Shows `text` until it is told something else; "" hides it. Lines of the text stay lines."""
        self.display = bool(text)
        if text:
            self.update(Content.styled("\n".join(map(one_line, text.splitlines())), style))
