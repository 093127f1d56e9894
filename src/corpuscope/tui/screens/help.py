"""The help screen: every key and what it does, from the table of actions."""

from __future__ import annotations

from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from corpuscope.config.actions import EVERYWHERE, LABELLING, READING, KeyGroup
from corpuscope.config.keymap import Keymap, display_key
from corpuscope.domain.category import CategoryScheme
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.category_bar import colour_style

COLUMN = 22
"""Cells for the keys; when they need more, the sentence begins on the next line."""
CATEGORIES = "Categories"
"""Heading of the keys of the categories."""
MOUSE = (
    ("click", "Choose a category, or run a key of the last lines."),
    ("wheel, scroll bar", "Scroll."),
    ("drag", "Select text; ctrl+c copies it."),
)
"""Mouse gestures and what they do while a document is read."""


def help_text(keys: Keymap, scheme: CategoryScheme, width: int, screen: KeyGroup = LABELLING) -> Content:
    """Return what every key does, in lines of `width` cells: on the present screen first, then everywhere else."""
    room = max(width - COLUMN, 10)
    chapters = {
        group.name: [((", ".join(map(display_key, a.keys)), "bold"), a.tooltip) for a in group.actions]
        for group in keys.groups
    }
    chapters[CATEGORIES] = [
        ((" or ".join(category.keys), f"bold {colour_style(category)}"), one_line(category.name))
        for category in scheme.categories
    ]
    chapters["Mouse"] = [((gesture, "bold"), effect) for gesture, effect in MOUSE]
    categories, reading = [CATEGORIES] * screen.beside_document, [READING.name] * screen.scrolls
    first = [*categories, screen.name, *reading, EVERYWHERE.name]
    parts: list[Content | str | tuple[str, str]] = []
    for chapter in dict.fromkeys((*first, *chapters)):
        parts += ["\n" * bool(parts), (f"{chapter}\n", "bold $text-accent")]
        for (key, style), effect in chapters[chapter]:
            lines = ["", *wrap(effect, room)] if len(key) >= COLUMN else wrap(effect, room)
            parts += [(key.ljust(COLUMN), style), ("\n" + " " * COLUMN).join(lines), "\n"]
    return Content.assemble(*parts)


class HelpScreen(ModalScreen[None]):
    """Show every key on a scrolling page over the current screen."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > VerticalScroll {
            width: 90%;
            max-width: 100;
            height: 90%;
            border: round $accent;
            border-title-color: $text;
            border-subtitle-color: $text-muted;
            background: $surface;
            padding: 0 1;
            scrollbar-gutter: stable;
            scrollbar-size-vertical: 1;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "dismiss", "close"),
        Binding("j", "scroll('down')", "down", show=False),
        Binding("k", "scroll('up')", "up", show=False),
    ]

    def __init__(self, keys: Keymap, scheme: CategoryScheme, screen: KeyGroup) -> None:
        """Show `keys`, those of `screen` first."""
        super().__init__()
        self._keys = keys
        self._scheme = scheme
        self._of_screen = screen

    def compose(self) -> ComposeResult:
        """Yield the page."""
        page = VerticalScroll(Static())
        page.border_title = "keys"
        page.border_subtitle = "esc closes"
        yield page

    def on_resize(self) -> None:
        """Wrap the sentences to the new width."""
        self.call_after_refresh(self._write)

    def _write(self) -> None:
        page = self.query_one(VerticalScroll)
        width = page.scrollable_content_region.width
        self.query_one(Static).update(help_text(self._keys, self._scheme, width, self._of_screen))

    def action_scroll(self, direction: str) -> None:
        """Scroll the page by one line, "down" or "up"."""
        page = self.query_one(VerticalScroll)
        page.scroll_relative(y=1 if direction == "down" else -1, animate=False)
