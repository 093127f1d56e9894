"""The keymap after a person's own changes, and the names of keys as people and Textual write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from corpuscope.config.actions import EVERYWHERE, GROUPS, READING, Action, KeyGroup
from corpuscope.errors import ConfigError, nearest

_DISPLAY_NAMES = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pagedown": "page down",
    "pageup": "page up",
    "escape": "esc",
}
"""Textual's name of a key -> the name on screen."""

_TEXTUAL_NAMES = {written: name for name, written in _DISPLAY_NAMES.items()}

_NAMED_KEYS = {*_DISPLAY_NAMES, "enter", "tab", "space", "backspace", "delete", "insert", "home", "end"}

_MODIFIERS = {"ctrl", "shift", "alt", "meta", "super", "hyper"}

_UNICODE_ALIASES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Unicode name of a character -> the name Textual uses instead."""


def _name_of(character: str) -> str:
    """Return Textual's name of a character."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace(" ", "_").replace("-", "_")
    return _UNICODE_ALIASES.get(name, name)


_CHARACTERS = {_name_of(mark): mark for mark in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"}
"""Textual's name of a punctuation mark -> the mark."""


def textual_key(key: str) -> str | None:
    """Return Textual's name of a key as a person writes it, `slash` for `/`; None when there is no such key."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    modifiers = [modifier.lower() for modifier in modifiers]
    if not _MODIFIERS.issuperset(modifiers):
        return None
    last = _TEXTUAL_NAMES.get(last.lower(), last)
    if len(last) == 1:
        base = "space" if last == " " else _name_of(last)
        if modifiers == ["shift"] and base.isalpha():
            return base.upper()
        base = base.lower() if modifiers else base
    else:
        base = last.lower()
        if (
            base not in _NAMED_KEYS
            and base not in _CHARACTERS
            and not re.fullmatch("f([1-9]|1[0-9]|2[0-4])", base)
        ):
            return None
    return "+".join([*sorted(modifiers), base]) if base else None


def display_key(key: str) -> str:
    """Return a key as people write it: `/` for Textual's `slash`."""
    *modifiers, base = key.split("+")
    return "+".join([*modifiers, _DISPLAY_NAMES.get(base) or _CHARACTERS.get(base, base)])


RESERVED = {
    "ctrl+c": "is the terminal's own way out",
    "ctrl+p": "opens the command palette",
    "enter": "confirms",
    "ctrl+m": "is enter to a terminal",
    "ctrl+i": "is tab to a terminal",
    "ctrl+left_square_bracket": "is esc to a terminal",
}
"""Keys that no action may be moved to -> the reason."""


class Keymap(NamedTuple):
    """The actions of every place, with the keys in force."""

    groups: tuple[KeyGroup, ...] = GROUPS
    """The groups of actions, in the order in which help lists them."""

    def of(self, group: KeyGroup) -> tuple[Action, ...]:
        """Return the actions of a group with the keys in force."""
        return next(own.actions for own in self.groups if own.name == group.name)

    def first_key(self, action_id: str) -> str:
        """Return the first key of an action as people write it."""
        return next(
            display_key(a.keys[0]) for group in self.groups for a in group.actions if a.id == action_id
        )

    def taken(self) -> dict[str, str]:
        """Map each key that works beside a document, as people write it, to its action id."""
        beside = [group for group in self.groups if group.beside_document]
        return {
            display_key(key): action.id
            for group in (*beside, READING, EVERYWHERE)
            for action in self.of(group)
            for key in action.keys
            if not action.yields
        }


def remapped(changes: Mapping[str, object], file: str = "config.toml") -> Keymap:
    """Apply `changes` (action id -> key or keys) to the default keymap; ids may be unquoted dotted keys of TOML.

    Raises ConfigError, which names the file and every unknown id, reserved key and clash at once.
    """
    actions_by_id = {action.id: action for group in GROUPS for action in group.actions}
    changes = _flat(changes)
    faults = [
        f"{file}: [keys] there is no action {name!r}; {nearest(name, actions_by_id)}"
        for name in changes
        if name not in actions_by_id
    ]
    wanted: dict[str, tuple[str, ...]] = {}
    for name, keys in changes.items():
        key_list = [keys] if isinstance(keys, str) else keys
        if not isinstance(key_list, list) or not all(isinstance(key, str) for key in key_list):
            faults.append(f"{file}: [keys] {name} = {keys!r}: must be a key or a list of keys")
        elif name in actions_by_id:
            if not key_list:
                default = display_key(actions_by_id[name].keys[0])
                faults.append(f"{file}: [keys] {name} has no key; leave the line out to keep {default!r}")
            setting = f"{file}: [keys] {name}"
            faults += [
                f"{setting} = {key!r}: there is no such key" for key in key_list if textual_key(key) is None
            ]
            wanted[name] = tuple(dict.fromkeys(key for key in map(textual_key, key_list) if key))
            faults += [
                f"{setting} = {display_key(key)!r}: that key {RESERVED[key]}"
                for key in wanted[name]
                if key in RESERVED and key not in actions_by_id[name].keys
            ]
    keymap = Keymap(
        tuple(
            group._replace(actions=tuple(a._replace(keys=wanted.get(a.id, a.keys)) for a in group.actions))
            for group in GROUPS
        )
    )
    faults += _clashes(keymap, file)
    if faults:
        raise ConfigError(
            "\n".join(faults), "keys are called a, A, /, f5, ctrl+n, left, page down ...; several are a list"
        )
    return keymap


def _clashes(keymap: Keymap, file: str) -> list[str]:
    """Describe each key that would run two actions on one screen, one line per key."""
    faults: dict[tuple[str, str], list[str]] = {}
    for screen in keymap.groups:
        seen: dict[str, Action] = {}
        reading = keymap.of(READING) if screen.scrolls else ()
        for action in (*keymap.of(EVERYWHERE), *reading, *screen.actions):
            for key in action.keys:
                other = seen.setdefault(key, action)
                if other is not action:
                    faults.setdefault((key, other.id), []).append(action.id)
    return [
        f"{file}: [keys] {display_key(key)!r} is used by {first} and by {', '.join(dict.fromkeys(others))}"
        for (key, first), others in faults.items()
    ]


def _flat(changes: Mapping[str, object], group: str = "") -> dict[str, object]:
    """Flatten nested tables, which TOML makes of dotted keys, to `group.verb`."""
    flat: dict[str, object] = {}
    for name, value in changes.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{group}{name}.")
        else:
            flat[group + name] = value
    return flat
