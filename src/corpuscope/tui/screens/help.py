"""Every key with what it does, from the one list of actions."""

from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from corpuscope.config.keymap import Keymap, display_key
from corpuscope.domain.category import CategoryScheme
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.category_bar import colour_style

COLUMN = 22
"""Cells for the keys; where they need more, the sentence begins below them."""
MOUSE = (
    ("click", "Choose a category, or run a key of the last lines."),
    ("wheel, scroll bar", "Scroll."),
    ("drag", "Select text; ctrl+c copies it."),
)
"""What the mouse does while a document is read."""


def help_text(keys: Keymap, scheme: CategoryScheme, width: int) -> Content:
    """Categories first, then each place with its actions, in lines of `width` cells."""
    room = max(width - COLUMN, 10)
    parts: list[Content | str | tuple[str, str]] = [("Categories\n", "bold $text-accent")]
    for category in scheme.categories:
        parts += [
            (" or ".join(category.keys).ljust(COLUMN), f"bold {colour_style(category)}"),
            one_line(category.name),
            "\n",
        ]
    places = {
        place: [(", ".join(map(display_key, a.keys)), a.tooltip) for a in actions]
        for place, actions in keys.groups
    }
    for place, entries in [*places.items(), ("Mouse", MOUSE)]:
        parts.append((f"\n{place}\n", "bold $text-accent"))
        for shown, what in entries:
            lines = ["", *wrap(what, room)] if len(shown) >= COLUMN else wrap(what, room)
            parts += [(shown.ljust(COLUMN), "bold"), ("\n" + " " * COLUMN).join(lines), "\n"]
    return Content.assemble(*parts)


class HelpScreen(ModalScreen[None]):
    """A scrolling page over whatever was there."""

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
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "dismiss", "close"),
        Binding("j", "scroll('down')", "down", show=False),
        Binding("k", "scroll('up')", "up", show=False),
    ]

    def __init__(self, keys: Keymap, scheme: CategoryScheme) -> None:
        super().__init__()
        self._keys = keys
        self._scheme = scheme

    def compose(self) -> ComposeResult:
        """One page."""
        page = VerticalScroll(Static())
        page.border_title = "keys"
        page.border_subtitle = "esc closes"
        yield page

    def on_resize(self) -> None:
        """Sentences go on under their beginning, however wide the page is."""
        self.call_after_refresh(self._write)

    def _write(self) -> None:
        page = self.query_one(VerticalScroll)
        width = page.scrollable_content_region.width
        self.query_one(Static).update(help_text(self._keys, self._scheme, width))

    def action_scroll(self, way: str) -> None:
        """Scrolls the page by one line."""
        page = self.query_one(VerticalScroll)
        page.scroll_relative(y=1 if way == "down" else -1, animate=False)
