"""Show the categories beside the document: keys, names and the one chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import NamedTuple

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
GUIDE_WIDTH = 56
"""Smallest width of the content, in cells, at which definitions stand beside the names."""
WIDTH_WITH_LETTERS = 20
"""Smallest width of the content, in cells, at which the letters of categories are shown beside their keys."""
KEYS_WIDTH = 8
"""Cells of key, letter and dot before a name, with the blanks around them."""
MOST_NAME = 24
"""Most cells of a name beside the guide."""
FRAME = 2
"""Cells of the frame in each direction."""


def colour_style(category: Category) -> str:
    """Return the colour of a category as a Textual style."""
    return category.colour if category.colour.startswith("#") else f"ansi_{category.colour}"


def category_styles(scheme: CategoryScheme) -> dict[str, str]:
    """Return the colour of every category, by name, as a Textual style."""
    return {category.name: colour_style(category) for category in scheme.categories}


class GuideRow(NamedTuple):
    """A row of a category: its key and name with the start of the definition, or what follows that."""

    category: Category
    """The category."""
    is_first: bool
    """Whether the row names the category."""
    label: str = ""
    """What the text says about the category, in place of the name."""
    text: str = ""
    """Part of the guide."""
    is_definition: bool = False
    """Whether the text is part of the definition."""


def guide_rows(scheme: CategoryScheme, room: int, *, examples: bool) -> list[GuideRow]:
    """Return the guide in rows whose texts take `room` cells, with a blank row between categories.

    Without `examples` a category has its definition only.
    """
    rows: list[GuideRow] = []
    for category in scheme.categories:
        if rows and examples:
            rows.append(GuideRow(category, is_first=False))
        definition = wrap(one_line(category.definition), room) or [""]
        rows += [
            GuideRow(category, is_first=not i, text=line, is_definition=True)
            for i, line in enumerate(definition)
        ]
        parts = {"goes here": category.includes, "does not": category.excludes} if examples else {}
        for label, text in parts.items():
            lines = wrap(one_line(text), room)
            rows += [
                GuideRow(category, is_first=False, label="" if i else label, text=line)
                for i, line in enumerate(lines)
            ]
    return rows


class CategoryBar(StyledRows):
    """One line per category, and where there is room the guide. A click chooses a category."""

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
        self._guide: list[GuideRow] = []
        self.head = "categories"
        self.styles.height = len(scheme.categories) + FRAME

    @property
    def is_guide(self) -> bool:
        """Whether definitions and examples of all categories are in view."""
        return any(row.label for row in self._guide)

    def fit(self, width: int, height: int) -> None:
        """Show as much of the guide as `width` and `height` cells hold, frame included."""
        self._guide = []
        room = width - FRAME - self._name_width - KEYS_WIDTH - 1
        for examples in (True, False) if width - FRAME >= GUIDE_WIDTH else ():
            rows = guide_rows(self._scheme, room, examples=examples)
            if len(rows) + FRAME <= height:
                self._guide = rows
                break
        self.head = "categories · guide" if self._guide else "categories"
        self.styles.height = len(self._guide or self._scheme.categories) + FRAME
        self.refresh()

    def show(self, chosen: str | None, counts: dict[str, int] | None = None) -> None:
        """Mark the category `chosen` for the document and show the labels per category; None hides the counts."""
        if (chosen, counts) != (self._chosen, self._counts):
            self._chosen, self._counts = chosen, counts
            self.refresh()

    @property
    def text(self) -> str:
        """The text currently shown."""
        rows = (self.runs(y) for y in range(len(self._guide or self._scheme.categories)))
        return "\n".join("".join(text for text, _ in row) for row in rows)

    def runs(self, y: int) -> Sequence[StyledRun]:
        """Return key, letter, dot, name and count of a category, with the name cut to the width, or its guide."""
        if y >= len(self._guide or self._scheme.categories):
            return ()
        if not self._guide:
            return self._category_runs(self._scheme.categories[y], self.size.width)
        row = self._guide[y]
        if row.is_first:
            runs = self._category_runs(row.category, KEYS_WIDTH + self._name_width)
            return (*runs, (f" {row.text}", self._tint(row.category)))
        label = " " * (KEYS_WIDTH - 1) + row.label.ljust(self._name_width + 1)
        return ((label, "$foreground-muted"), (row.text, "" if row.is_definition else "$foreground-muted"))

    def _tint(self, category: Category) -> str:
        return "on $block-hover-background" if category.name == self._chosen else ""

    @property
    def _name_width(self) -> int:
        """Cells of the names beside the guide, with a count and the mark of the label given."""
        names = max(cell_len(one_line(category.name, MOST_NAME)) for category in self._scheme.categories)
        return max(names + 2, len("goes here"))

    def _category_runs(self, category: Category, width: int) -> Sequence[StyledRun]:
        chosen = category.name == self._chosen
        letter = f"{category.letter or ' '} " if width >= WIDTH_WITH_LETTERS else ""
        count = f" {self._counts.get(category.name, 0)}" if self._counts is not None else ""
        mark = f" {CHOSEN}" if chosen else ""
        room = width - 6 - len(letter) - len(count) - len(mark)
        name = one_line(category.name, room)
        blank = " " * (room - cell_len(name))
        tint = f" {self._tint(category)}" if chosen else ""
        weight = "bold" if chosen or self._guide else ""
        return (
            (" ", ""),
            (f"{category.key} ", f"bold $accent{tint}"),
            (letter, f"$foreground-muted{tint}"),
            (f"{DOT} ", f"{colour_style(category)}{tint}"),
            (name, f"{weight}{tint}"),
            (mark, f"$accent{tint}"),
            (f"{blank}{count}", f"$foreground-muted{tint}"),
        )

    def on_click(self, event: events.Click) -> None:
        """Choose the category that was clicked."""
        offset = event.get_content_offset(self)
        rows = [row.category for row in self._guide] or self._scheme.categories
        if offset is not None and 0 <= offset.y < len(rows):
            event.stop()
            self.post_message(self.Chosen(rows[offset.y]))
