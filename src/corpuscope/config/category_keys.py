"""The keys of categories: which ones a file may name, and those of the categories for which it names none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from string import ascii_lowercase

from corpuscope.domain.category import MOST_ONE_STROKE
from corpuscope.text.combining_marks import is_mark

DIGITS = "1234567890"
"""Digits in the order of the keyboard."""


def assign_keys(
    keys: Sequence[str | None], letters: Collection[str], taken: Collection[str], names: Sequence[str] = ()
) -> list[str] | None:
    """Return `keys` with one for each None: digits, then letters, then keys of two strokes.

    No key is one of `letters`, the second keys of categories, or of `taken`, the keys of the app. In an ordinal scheme
    a category whose name is a free character has it as key; `names` are its names, empty for a nominal scheme. Return
    None when there are not enough keys.
    """
    used = {key[:1] for key in keys if key} | set(letters) | set(taken)
    assigned = list(keys)
    for i, name in enumerate(names):
        if assigned[i] is None and len(name) == 1 and name not in used:
            assigned[i] = name
            used.add(name)
    free = [key for key in DIGITS + ascii_lowercase if key not in used]
    missing = [i for i, key in enumerate(assigned) if key is None]
    longer = 0
    if len(keys) > MOST_ONE_STROKE:
        while len(free) - longer + longer * len(DIGITS) < len(missing) and longer < len(free):
            longer += 1
    singles = free[: len(free) - longer]
    new = [*singles, *(first + second for first in free[len(singles) :] for second in DIGITS)]
    if len(new) < len(missing):
        return None
    for i, key in zip(missing, new, strict=False):
        assigned[i] = key
    return [key for key in assigned if key is not None]


def key_fault(key: str, most: int) -> str:
    """Say why `key` cannot be the key of a category, "" when it can; `most` is the most strokes it may have."""
    if 1 <= len(key) <= most and all(map(_is_visible, key)):
        return ""
    if most == 1:
        return f"{key!r} must be one visible character"
    return f"{key!r} must be one visible character, or two for two strokes"


def prefix_faults(keys: Sequence[tuple[str, str]]) -> Mapping[int, str]:
    """Say which keys begin with another key, which would decide before the second stroke: index -> fault.

    `keys` holds keys with the names of their categories.
    """
    owner = {key: name for key, name in reversed(keys) if len(key) == 1}
    return {
        i: f"{key!r} begins with the key of {owner[key[0]]!r}, so its second stroke can never be pressed"
        for i, (key, _) in enumerate(keys)
        if len(key) > 1 and key[0] in owner
    }


def _is_visible(character: str) -> bool:
    return character.isprintable() and not character.isspace() and not is_mark(character)
