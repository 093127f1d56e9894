"""Show the categories beside the document: keys, names and the one chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message

from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.painting import StyledRows, StyledRun

DOT = "●"
"""The mark of a category, in its colour."""
CHOSEN = "◂"
"""The mark of the label given, beside its name: without colour it is all that tells it apart."""
WIDTH_WITH_LETTERS = 20
"""Smallest width of the content, in cells, at which the letters of categories are shown beside their keys."""


def colour_style(category: Category) -> str:
    """Return the colour of a category as a Textual style."""
    return category.colour if category.colour.startswith("#") else f"ansi_{category.colour}"


def category_styles(scheme: CategoryScheme) -> dict[str, str]:
    """Return the colour of every category, by name, as a Textual style."""
    return {category.name: colour_style(category) for category in scheme.categories}


class CategoryBar(StyledRows):
    """One line per category. A click chooses a category."""

    DEFAULT_CSS = """
    CategoryBar {
        height: auto;
        border: round $border-blurred;
        border-title-color: $foreground;
        border-title-style: none;
    }
    """

    @dataclass
    class Chosen(Message):
        """A category was clicked."""

        category: Category

    def __init__(self, scheme: CategoryScheme) -> None:
        super().__init__()
        self._scheme = scheme
        self._chosen: str | None = None
        self._counts: dict[str, int] | None = None
        self.head = "categories"
        self.styles.height = len(scheme.categories) + 2  # the border

    def show(self, chosen: str | None, counts: dict[str, int] | None = None) -> None:
        """Mark the category `chosen` for the document and show the labels per category; None hides the counts."""
        if (chosen, counts) != (self._chosen, self._counts):
            self._chosen, self._counts = chosen, counts
            self.refresh()

    @property
    def text(self) -> str:
        """The text currently shown."""
        rows = (self.runs(y) for y in range(len(self._scheme.categories)))
        return "\n".join("".join(text for text, _ in row) for row in rows)

    def runs(self, y: int) -> Sequence[StyledRun]:
        """Return key, letter, dot, name and count of a category, with the name cut to the width."""
        if y >= len(self._scheme.categories):
            return ()
        category = self._scheme.categories[y]
        chosen = category.name == self._chosen
        letter = f"{category.letter or ' '} " if self.size.width >= WIDTH_WITH_LETTERS else ""
        count = f" {self._counts.get(category.name, 0)}" if self._counts is not None else ""
        mark = f" {CHOSEN}" if chosen else ""
        room = self.size.width - 6 - len(letter) - len(count) - len(mark)
        name = one_line(category.name, room)
        blank = " " * (room - cell_len(name))
        tint = " on $block-hover-background" if chosen else ""
        return (
            (" ", ""),
            (f"{category.key} ", f"bold $accent{tint}"),
            (letter, f"$foreground-muted{tint}"),
            (f"{DOT} ", f"{colour_style(category)}{tint}"),
            (name, f"bold{tint}" if chosen else ""),
            (mark, f"$accent{tint}"),
            (f"{blank}{count}", f"$foreground-muted{tint}"),
        )

    def on_click(self, event: events.Click) -> None:
        """Choose the category that was clicked."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.y < len(self._scheme.categories):
            event.stop()
            self.post_message(self.Chosen(self._scheme.categories[offset.y]))
