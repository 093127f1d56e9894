"""Show the categories beside the document: keys, names and the one chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message

from corpuscope.domain.category import MOST_ONE_STROKE, Category, CategoryScheme
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.text_layout.category_rows import CategoryRow, guide_rows, list_rows
from corpuscope.tui.widgets.painting import StyledRows, StyledRun

DOT = "●"
"""The mark of a category, in its colour."""
CHOSEN = "◂"
"""The mark of the label given, beside its name: without colour it is all that tells it apart."""
GUIDE_WIDTH = 56
"""Smallest width of the content, in cells, at which definitions stand beside the names."""
WIDTH_WITH_LETTERS = 20
"""Smallest width of the content, in cells, at which a list without the guide shows letters beside the keys."""
MARKS_WIDTH = 5
"""Cells of the dot before a name and of the blanks around it and the key."""
MOST_NAME = 24
"""Most cells of a name beside the guide."""
FRAME = 2
"""Cells of the frame in each direction."""
LEAST_ROWS = 5
"""Fewest rows of a list that scrolls, frame included."""


def colour_style(category: Category) -> str:
    """Return the colour of a category as a Textual style."""
    return category.colour if category.colour.startswith("#") else f"ansi_{category.colour}"


def category_styles(scheme: CategoryScheme) -> dict[str, str]:
    """Return the colour of every category, by name, as a Textual style."""
    return {category.name: colour_style(category) for category in scheme.categories}


class CategoryBar(StyledRows):
    """One line per category, under a heading per group, and where there is room the guide.

    A list longer than the widget scrolls. A click chooses a category.
    """

    DEFAULT_CSS = """
    CategoryBar {
        height: auto;
        border: round $border-blurred;
        border-title-color: $foreground;
        border-title-style: none;
        border-subtitle-color: $foreground-muted;
    }
    """

    @dataclass
    class Chosen(Message):
        """A category was clicked."""

        category: Category

    def __init__(self, scheme: CategoryScheme, more_key: str = "]") -> None:
        """Take the key that scrolls a list that is too long, as shown to people."""
        super().__init__()
        self._scheme = scheme
        self._more_key = more_key
        self._key_style = "bold $accent"
        self._chosen: str | None = None
        self._counts: dict[str, int] | None = None
        self._guide_room = 0
        self._examples = False
        self._stroke = ""
        self._refused = ""
        self._top = 0
        self._key_width = max(cell_len(category.key) for category in scheme.categories)
        self._letters = any(category.letter for category in scheme.categories)
        self._entries = list_rows(scheme.categories)
        self.styles.height = len(self._entries) + FRAME
        self._show_hints()

    @property
    def is_guide(self) -> bool:
        """Whether definitions and examples of all categories are in view."""
        return bool(self._guide_room) and self._examples

    def fit(self, width: int, guide_height: int, list_height: int) -> None:
        """Show as much of the guide as `width` and `guide_height` cells hold, frame included.

        Without the guide a long list is at most `list_height` cells high, and scrolls.
        """
        room = width - FRAME - self._name_width - self._keys_width - 1
        self._guide_room = 0
        for examples in (True, False) if width - FRAME >= GUIDE_WIDTH else ():
            if len(guide_rows(self._scheme.categories, room, examples=examples)) + FRAME <= guide_height:
                self._guide_room, self._examples = room, examples
                break
        self._entries = self._rows_of(self._scheme.categories)
        height = len(self._entries) + FRAME
        if not self._guide_room and len(self._entries) > MOST_ONE_STROKE:
            height = max(min(height, list_height), LEAST_ROWS)
        self.styles.height = height
        self.narrow(self._stroke, self._refused)

    def mute_keys(self) -> None:
        """Draw the keys like the letters beside them, on a screen where they label nothing."""
        self._key_style = "$foreground-muted"
        self.refresh()

    def show(self, chosen: str | None, counts: dict[str, int] | None = None) -> None:
        """Mark the category `chosen` for the document and show the labels per category; None hides the counts."""
        if (chosen, counts) != (self._chosen, self._counts):
            self._chosen, self._counts = chosen, counts
            self._bring_into_view(chosen)
            self.refresh()

    def narrow(self, stroke: str, refused: str = "") -> None:
        """Show only the categories whose key begins with `stroke`, all of them for "".

        `refused` is a second stroke that belongs to no category.
        """
        self._stroke, self._refused = stroke, refused
        self._entries = self._rows_of(self._scheme.beginning_with(stroke))
        self._top = 0
        self._bring_into_view(self._chosen)
        self.refresh()

    def show_more(self) -> None:
        """Show the next part of a list that is too long, after its end the first part."""
        self._go_to_row(self._top + self.size.height if self._below else 0)

    @property
    def text(self) -> str:
        """The text currently shown."""
        rows = (self.runs(y) for y in range(min(self.size.height, len(self._entries))))
        return "\n".join("".join(text for text, _ in row) for row in rows)

    def runs(self, y: int) -> Sequence[StyledRun]:
        """Return key, letter, dot, name and count of a category with its guide, part of that, or a heading."""
        row = self._entry(y)
        if row is None:
            return ()
        if row.category is None:
            return ((f" {one_line(row.text, self.size.width - 2)}", "$foreground-muted"),)
        if not self._guide_room:
            return self._category_runs(row.category, self.size.width)
        if row.is_first:
            runs = self._category_runs(row.category, self._keys_width + self._name_width)
            return (*runs, (f" {row.text}", self._tint(row.category)))
        label = " " * (self._keys_width - 1) + row.label.ljust(self._name_width + 1)
        return ((label, "$foreground-muted"), (row.text, "" if row.is_definition else "$foreground-muted"))

    def on_click(self, event: events.Click) -> None:
        """Choose the category that was clicked."""
        offset = event.get_content_offset(self)
        row = self._entry(offset.y) if offset is not None else None
        if row is not None:
            event.stop()
            if row.category is not None:
                self.post_message(self.Chosen(row.category))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll one row down."""
        event.stop()
        self._go_to_row(self._top + 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll one row up."""
        event.stop()
        self._go_to_row(self._top - 1)

    def on_resize(self) -> None:
        """Keep the list filled, and the category of the document in view."""
        self._go_to_row(self._top)
        self._bring_into_view(self._chosen)

    def _rows_of(self, categories: Sequence[Category]) -> list[CategoryRow]:
        """Return the rows of categories, with the guide if there is room for it; a narrowed list has no headings."""
        if self._guide_room:
            return guide_rows(categories, self._guide_room, examples=self._examples)
        return list_rows(categories, headings=not self._stroke)

    def _entry(self, y: int) -> CategoryRow | None:
        """Return what row `y` of the content shows; None for a blank row below the list."""
        return self._entries[self._top + y] if 0 <= self._top + y < len(self._entries) else None

    def _tint(self, category: Category) -> str:
        return "on $block-hover-background" if category.name == self._chosen else ""

    @property
    def _keys_width(self) -> int:
        """Cells of key, letter and dot before a name, with the blanks around them."""
        return MARKS_WIDTH + self._key_width + 2 * self._letters

    @property
    def _name_width(self) -> int:
        """Cells of the names beside the guide, with a count and the mark of the label given."""
        names = max(cell_len(one_line(category.name, MOST_NAME)) for category in self._scheme.categories)
        return max(names + 2, len("goes here"))

    def _category_runs(self, category: Category, width: int) -> Sequence[StyledRun]:
        """Return key, letter, dot, name and count of a category in `width` cells."""
        chosen = category.name == self._chosen
        has_letters = self._letters and (self._guide_room or width >= WIDTH_WITH_LETTERS)
        letter = f"{category.letter or ' '} " if has_letters else ""
        count = f" {self._counts.get(category.name, 0):,}" if self._counts is not None else ""
        mark = f" {CHOSEN}" if chosen else ""
        room = width - MARKS_WIDTH - self._key_width - len(letter) - len(count) - len(mark)
        name = one_line(self._name_of(category), room)
        blank = " " * (room - cell_len(name))
        tint = f" {self._tint(category)}" if chosen else ""
        weight = "bold" if chosen or self._guide_room else ""
        return (
            (" ", ""),
            (f"{category.key.ljust(self._key_width)} ", f"{self._key_style}{tint}"),
            (letter, f"$foreground-muted{tint}"),
            (f"{DOT} ", f"{colour_style(category)}{tint}"),
            (name, f"{weight}{tint}"),
            (mark, f"$accent{tint}"),
            (f"{blank}{count}", f"$foreground-muted{tint}"),
        )

    def _name_of(self, category: Category) -> str:
        """Return the name; on an ordinal scale without the guide the definition, which says more than a number."""
        if not self._scheme.is_ordinal or self._guide_room:
            return category.name
        return " ".join([category.name] * (category.name != category.key) + [category.definition])

    @property
    def _below(self) -> int:
        """Number of rows below those in view."""
        return max(len(self._entries) - self._top - self.size.height, 0) if self.size.height else 0

    def _go_to_row(self, top: int) -> None:
        """Show the rows from `top` on, as far as there are enough to fill the list."""
        top = max(min(top, len(self._entries) - self.size.height), 0)
        if top != self._top:
            self._top = top
            self.refresh()
        self._show_hints()

    def _bring_into_view(self, name: str | None) -> None:
        """Scroll so that the category called `name` is in view, if it is listed."""
        height = self.size.height
        for i, row in enumerate(self._entries):
            if row.is_first and row.category and row.category.name == name:
                if not self._top <= i < self._top + height:
                    self._top = max(min(i, len(self._entries) - height), 0)
                break
        self._show_hints()

    def _show_hints(self) -> None:
        """Show in the border the stroke that was pressed, and what is out of view."""
        if self._stroke:
            head = f"no key {self._stroke}{self._refused}" if self._refused else f"{self._stroke} and ..."
            foot = "esc takes back"
        else:
            head = "categories · guide" if self._guide_room else "categories"
            hidden = "first ones" if self._top else ""
            foot = f"{self._below} more" if self._below else hidden
            foot = f"{self._more_key} {foot}" if foot else ""
        if (head, foot) != (self.head, self.foot):
            self.head, self.foot = head, foot
            self.refresh()
