"""Show short items in one line at the edge of a screen, and messages in full above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.content import Content
from textual.widgets import Static

from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.painting import StyledRows, StyledRun


class StatusItem(NamedTuple):
    """One item of a status line."""

    text: str
    """Text of the item."""
    style: str = ""
    """Textual style, theme variables allowed."""
    priority: int = 0
    """Items with higher numbers are dropped first when room is short."""
    action: str | None = None
    """Action that a click runs, of the screen unless it starts with `app.`; None for no action."""
    lead: int = 0
    """Number of characters at the start that are drawn in the accent colour: a key, or the full part of a bar."""

    @property
    def runs(self) -> Sequence[StyledRun]:
        """The item as styled text."""
        if not self.lead:
            return ((self.text, self.style),)
        return ((self.text[: self.lead], "bold $accent"), (self.text[self.lead :], self.style))

    @property
    def key_only(self) -> StatusItem:
        """The key of the item without its word."""
        return self._replace(text=self.text[: self.lead])


KEY_ALONE = 2
"""Highest priority at which a key may stand without its word before any other item is dropped: help and quit."""
OPTIONAL = 7
"""Lowest priority of items that are dropped before other keys lose their words."""
EXPENDABLE = 10
"""Lowest priority of items that are dropped before any key loses its word."""


def fit_items(items: Sequence[StatusItem], width: int, gap: int) -> dict[int, StatusItem]:
    """Return by their index the items that fit into `width` cells, with `gap` cells between them.

    Keys lose their words before they are dropped: first those of help and quit, then, from the right, all that are
    not optional. The last item left is never dropped. If it is too wide, it is shortened in the middle.
    """
    kept = dict(enumerate(items))

    def excess() -> bool:
        return sum(cell_len(item.text) for item in kept.values()) + gap * (len(kept) - 1) > width

    def drop(lowest: int) -> None:
        while len(kept) > 1 and excess():
            least_important = max(kept, key=lambda i: (kept[i].priority, i))
            if kept[least_important].priority < lowest:
                break
            del kept[least_important]

    def shorten(highest: int) -> None:
        for i in reversed(kept):
            if kept[i].lead and kept[i].action and kept[i].priority <= highest and excess():
                kept[i] = kept[i].key_only

    drop(EXPENDABLE)
    shorten(KEY_ALONE)
    drop(OPTIONAL)
    shorten(OPTIONAL)
    drop(0)
    if kept and cell_len(kept[first := min(kept)].text) > width:
        kept[first] = kept[first]._replace(text=_ends(kept[first].text, width))
    return kept


def _ends(text: str, width: int) -> str:
    """Return the two ends of a text, with an ellipsis between, in `width` cells."""
    room = max(width - 1, 0)
    head, tail = set_cell_size(text, room // 2), set_cell_size(text[::-1], room - room // 2)[::-1]
    return f"{head}…{tail}" if width > 0 else ""


ITEM_GAP = 2
"""Blank cells between two items, unless a line has another gap."""
MARGIN = 1
"""Blank cells at each end of a line."""


class StatusLine(StyledRows):
    """Items from the left and from the right; the least important are dropped when room is short."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        color: $text-muted;
        &.-header { background: $panel; color: $text; }
    }
    """

    def __init__(self, *, gap: int = ITEM_GAP, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._gap = gap
        self._left: tuple[StatusItem, ...] = ()
        self._right: tuple[StatusItem, ...] = ()

    @property
    def text(self) -> str:
        """The text currently shown, without margins."""
        return "".join(text for text, _ in self.runs(0)).strip()

    @property
    def items(self) -> tuple[Sequence[StatusItem], Sequence[StatusItem]]:
        """The items last shown at the left and at the right, those without room included."""
        return self._left, self._right

    def show(self, left: Sequence[StatusItem], right: Sequence[StatusItem] = ()) -> None:
        """Show these items. The line is painted only if they changed."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.refresh()

    def runs(self, y: int) -> Sequence[StyledRun]:
        """Return the items that fit and the blanks between them."""
        runs: list[StyledRun] = []
        position = 0
        for item, start in self._layout_items() if y == 0 else ():
            runs += [(" " * (start - position), ""), *item.runs]
            position = start + cell_len(item.text)
        return runs

    def on_click(self, event: events.Click) -> None:
        """Run the action of the item that was clicked."""
        offset = event.get_content_offset(self)
        for item, start in self._layout_items() if offset else ():
            if item.action and offset and start <= offset.x < start + cell_len(item.text):
                event.stop()
                action = item.action if "." in item.action else f"screen.{item.action}"
                self.call_later(self.run_action, action)

    def _layout_items(self) -> Iterator[tuple[StatusItem, int]]:
        """Yield the items that fit, each with the column at which it starts."""
        room = self.size.width - 2 * MARGIN
        kept = fit_items((*self._left, *self._right), room, self._gap)
        left = [item for i, item in kept.items() if i < len(self._left)]
        right = [item for i, item in kept.items() if i >= len(self._left)]
        start = MARGIN
        for item in left:
            yield item, start
            start += cell_len(item.text) + self._gap
        start = (
            MARGIN + room - sum(cell_len(item.text) for item in right) - self._gap * max(len(right) - 1, 0)
        )
        for item in right:
            yield item, start
            start += cell_len(item.text) + self._gap


class MessageBar(Static):
    """A message in as many rows as it needs, and none without a message."""

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
        """Show `text` until the next call; "" hides the bar. Line ends of the text are kept."""
        self.display = bool(text)
        if text:
            self.update(Content.styled("\n".join(map(one_line, text.splitlines())), style))
