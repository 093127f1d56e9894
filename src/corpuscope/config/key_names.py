"""What keys are called: by people, and by Textual, which reports them under longer names."""

import re
import unicodedata

_SPOKEN = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pagedown": "page down",
    "pageup": "page up",
    "escape": "esc",
}
_WRITTEN = {written: name for name, written in _SPOKEN.items()}
_NAMED = {*_SPOKEN, "enter", "tab", "space", "backspace", "delete", "insert", "home", "end"}
_MODIFIERS = {"ctrl", "shift", "alt", "meta", "super", "hyper"}
_SHORT = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Names of Unicode and what Textual says in their place."""


def _name_of(character: str) -> str:
    """Textual's name of a character."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace(" ", "_").replace("-", "_")
    return _SHORT.get(name, name)


_CHARACTERS = {_name_of(sign): sign for sign in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"}
"""Textual's name of a sign -> the sign."""


def named(key: str) -> str | None:
    """Textual's name of a key as a person writes it, `slash` for `/`; None when there is no such key."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    modifiers = [modifier.lower() for modifier in modifiers]
    if not _MODIFIERS.issuperset(modifiers):
        return None
    last = _WRITTEN.get(last.lower(), last)
    if len(last) == 1:
        base = "space" if last == " " else _name_of(last)
        if modifiers == ["shift"] and base.isalpha():
            return base.upper()
        base = base.lower() if modifiers else base
    else:
        base = last.lower()
        if (
            base not in _NAMED
            and base not in _CHARACTERS
            and not re.fullmatch("f([1-9]|1[0-9]|2[0-4])", base)
        ):
            return None
    return "+".join([*sorted(modifiers), base]) if base else None


def spoken(key: str) -> str:
    """A key as people write it: `/` for Textual's `slash`."""
    *modifiers, base = key.split("+")
    return "+".join([*modifiers, _SPOKEN.get(base) or _CHARACTERS.get(base, base)])
