"""A category and the scheme it belongs to: what a key press means."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MOST_CATEGORIES = 12
"""More than twelve are not told apart at one glance, and run out of keys that lie well."""


@dataclass(frozen=True, slots=True)
class Category:
    """One of the answers a reader can give."""

    key: str
    """The key that assigns it: one character, usually a digit."""
    name: str
    """What it is called on screens, in labels and in exports; its identity."""
    definition: str
    """One sentence: what belongs here."""
    letter: str | None = None
    """A second key, usually a letter of the name; None for none."""
    colour: str = "white"
    """A colour the terminal knows, by name or as #rrggbb."""
    includes: str = ""
    """What goes here although one might doubt it."""
    excludes: str = ""
    """What does not go here, and where it goes instead."""
    formerly: tuple[str, ...] = ()
    """Older names whose labels now count here: one name is a rename, several are a merge."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that assigns this category."""
        return (self.key, self.letter) if self.letter else (self.key,)


@dataclass(frozen=True, slots=True)
class CategoryScheme:
    """The ordered categories of one study."""

    categories: tuple[Category, ...]
    """One to twelve categories in the order they are shown."""
    split: tuple[str, ...] = ()
    """Older names that were split up: their labels no longer count and their documents are queued again."""
    _current: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        current = {old: c.name for c in self.categories for old in c.formerly}
        current |= {c.name: c.name for c in self.categories}
        object.__setattr__(self, "_current", MappingProxyType(current))

    @property
    def names(self) -> tuple[str, ...]:
        """The category names in order."""
        return tuple(c.name for c in self.categories)

    @property
    def hash(self) -> str:
        """Twelve hex digits that change when a name, definition or boundary changes, not a key or colour."""
        from hashlib import sha256  # loading it takes milliseconds, and the first frame needs no hash

        meaning = [[c.name, c.definition, c.includes, c.excludes] for c in self.categories]
        return sha256(json.dumps(meaning, ensure_ascii=False).encode()).hexdigest()[:12]

    def by_key(self, key: str) -> Category | None:
        """The category that `key` assigns, None when no category has it."""
        return next((c for c in self.categories if key in c.keys), None)

    def named(self, name: str) -> Category | None:
        """The category called `name` today, None when there is none."""
        return next((c for c in self.categories if c.name == name), None)

    def today(self, name: str) -> str | None:
        """The present name of the category a label was given as `name`; None when it was split or removed."""
        return self._current.get(name)
