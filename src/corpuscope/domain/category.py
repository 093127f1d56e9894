"""Categories and the scheme they form: what a key press means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MOST_CATEGORIES = 40
"""The most categories of one scheme: more cannot be kept in mind while reading."""
MOST_ONE_STROKE = 12
"""Up to this number of categories each has a key of one stroke; beyond it, keys of two strokes are allowed."""

NOMINAL, ORDINAL = "nominal", "ordinal"
"""Scales of a scheme: categories without an order, or numbers in ascending order."""


@dataclass(frozen=True, slots=True)
class Category:
    """One category that an annotator can assign to a document."""

    key: str
    """The key that assigns it: one character, usually a digit, or two for two strokes."""
    name: str
    """The name on screens, in labels and in exports; it identifies the category."""
    definition: str
    """One sentence that says what belongs in the category."""
    letter: str | None = None
    """A second key, usually a letter of the name; None when there is none."""
    colour: str = "white"
    """A terminal colour, by name or as #rrggbb."""
    includes: str = ""
    """Borderline documents that belong in the category."""
    excludes: str = ""
    """Borderline documents that do not belong in it, and where they belong instead."""
    formerly: tuple[str, ...] = ()
    """Former names whose labels count for this category: one name is a rename, several are a merge."""
    group: str = ""
    """Heading under which it is listed; "" in a scheme without groups."""
    crosswalk: tuple[str, ...] = ()
    """The one of the seven built-in categories that it counts as in a cross-walk, then those that parts of it may
    belong to instead; empty without a cross-walk."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that assign this category."""
        return (self.key, self.letter) if self.letter else (self.key,)

    @property
    def guide(self) -> tuple[tuple[str, str], ...]:
        """The lines of the annotation guide, each with its lead: keys and name, definition, "here: ", "not: "."""
        lines = (
            (f"{' '.join(self.keys)} ", self.name),
            ("", self.definition),
            ("here: ", self.includes),
            ("not: ", self.excludes),
        )
        return tuple(line for line in lines if line[1])


@dataclass(frozen=True, slots=True)
class CategoryScheme:
    """The ordered categories of one study."""

    categories: tuple[Category, ...]
    """One to forty categories in display order."""
    split: tuple[str, ...] = ()
    """Former names that were split up: their labels no longer count, and their documents are queued again."""
    scale: str = NOMINAL
    """NOMINAL or ORDINAL."""
    title: str = ""
    """What the scheme is called, "" when its file does not say."""
    source: str = ""
    """Where the scheme comes from, such as a paper; "" when its file does not say."""
    score_column: str = ""
    """Column of a corpus with its own score on the scale of an ordinal scheme; "" for none."""
    _current: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _by_key: Mapping[str, Category] = field(init=False, repr=False, compare=False)
    _first_strokes: frozenset[str] = field(init=False, repr=False, compare=False)
    _hash: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        current = {former: category.name for category in self.categories for former in category.formerly}
        current |= {category.name: category.name for category in self.categories}
        object.__setattr__(self, "_current", MappingProxyType(current))
        by_key = {key: category for category in reversed(self.categories) for key in category.keys}
        object.__setattr__(self, "_by_key", MappingProxyType(by_key))
        object.__setattr__(self, "_first_strokes", frozenset(key[0] for key in by_key if len(key) > 1))

    @property
    def names(self) -> tuple[str, ...]:
        """The category names in display order."""
        return tuple(category.name for category in self.categories)

    @property
    def is_ordinal(self) -> bool:
        """Whether the categories are numbers in ascending order."""
        return self.scale == ORDINAL

    @property
    def values(self) -> tuple[float, ...] | None:
        """The numbers of an ordinal scheme in ascending order; None for a nominal one."""
        return tuple(map(float, self.names)) if self.is_ordinal else None

    @property
    def crosswalk(self) -> tuple[tuple[str, ...], ...] | None:
        """The cross-walk of every category, in their order; None where one has none, or all are the seven anyway."""
        names = tuple(category.crosswalk for category in self.categories)
        return names if all(names) else None

    @property
    def hash(self) -> str:
        """Twelve hex digits that change with a name, definition or boundary, but not with a key or colour."""
        if not self._hash:  # each label carries it
            object.__setattr__(self, "_hash", self._computed_hash())
        return self._hash

    def _computed_hash(self) -> str:
        from hashlib import sha256  # loading hashlib takes milliseconds, and the first frame needs no hash

        meaning = [
            [category.name, category.definition, category.includes, category.excludes]
            for category in self.categories
        ]
        return sha256(json.dumps(meaning, ensure_ascii=False).encode()).hexdigest()[:12]

    def by_key(self, key: str) -> Category | None:
        """Return the category that `key` assigns, or None when no category has that key."""
        return self._by_key.get(key)

    def begins_key(self, stroke: str) -> bool:
        """Return whether `stroke` is the first of a key of two strokes."""
        return stroke in self._first_strokes

    def beginning_with(self, stroke: str) -> tuple[Category, ...]:
        """Return the categories whose key begins with `stroke`, all of them for ""."""
        return tuple(category for category in self.categories if category.key.startswith(stroke))

    def named(self, name: str) -> Category | None:
        """Return the category with the current name `name`, or None when there is none."""
        return next((category for category in self.categories if category.name == name), None)

    def numbered(self, text: str) -> Category | None:
        """Return the category of an ordinal scale whose number `text` is, however it is written: "3.0" for "3"."""
        try:
            return next(
                (c for c in self.categories if self.is_ordinal and float(c.name) == float(text)), None
            )
        except ValueError:
            return None

    def today(self, name: str) -> str | None:
        """Return the current name of the category once called `name`; None when it was split or removed."""
        return self._current.get(name)
