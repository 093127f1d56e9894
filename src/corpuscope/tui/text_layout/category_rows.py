"""The rows of a list of categories: headings, names, and on request the guide beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpuscope.domain.category import Category
from corpuscope.text.terminal_text import one_line, wrapped


class CategoryRow(NamedTuple):
    """A row of a category: its key and name with the start of the definition, or what follows that.

    A row without a category is a heading or blank.
    """

    category: Category | None
    """The category; None for a heading."""
    is_first: bool = False
    """Whether the row names the category."""
    label: str = ""
    """What the text says about the category, in place of the name."""
    text: str = ""
    """Part of the guide, or the heading."""
    is_definition: bool = False
    """Whether the text is part of the definition."""


def list_rows(categories: Sequence[Category], *, headings: bool = True) -> list[CategoryRow]:
    """Return a row per category, below a heading per group unless `headings` is false."""
    rows: list[CategoryRow] = []
    for category, heading in _with_headings(categories):
        if headings and heading:
            rows.append(CategoryRow(None, text=heading))
        rows.append(CategoryRow(category, is_first=True))
    return rows


def guide_rows(categories: Sequence[Category], room: int, *, examples: bool) -> list[CategoryRow]:
    """Return the guide in rows whose texts take `room` cells, with a blank row between categories.

    Without `examples` a category has its definition only.
    """
    rows: list[CategoryRow] = []
    for category, heading in _with_headings(categories):
        if rows and examples:
            rows.append(CategoryRow(category))
        if heading:
            rows.append(CategoryRow(None, text=heading))
        definition = wrapped(one_line(category.definition), room)
        rows += [
            CategoryRow(category, is_first=not i, text=line, is_definition=True)
            for i, line in enumerate(definition)
        ]
        parts = {"goes here": category.includes, "does not": category.excludes} if examples else {}
        for label, text in parts.items():
            lines = wrapped(one_line(text), room) if text else []
            rows += [
                CategoryRow(category, label="" if i else label, text=line) for i, line in enumerate(lines)
            ]
    return rows


def _with_headings(categories: Sequence[Category]) -> Iterator[tuple[Category, str]]:
    """Yield each category with the name of its group where the group begins, else with ""."""
    group = ""
    for category in categories:
        yield category, category.group if category.group != group else ""
        group = category.group
