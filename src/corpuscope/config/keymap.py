"""Which keys do what after a person's own changes, and what keys are called by people and by Textual."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from corpuscope.config.actions import GROUPS, Action
from corpuscope.errors import ConfigError, nearest

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


def textual_key(key: str) -> str | None:
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


def display_key(key: str) -> str:
    """A key as people write it: `/` for Textual's `slash`."""
    *modifiers, base = key.split("+")
    return "+".join([*modifiers, _SPOKEN.get(base) or _CHARACTERS.get(base, base)])


RESERVED = {
    "ctrl+c": "is the terminal's own way out",
    "ctrl+p": "opens the command palette",
    "enter": "confirms",
    "ctrl+m": "is enter to a terminal",
    "ctrl+i": "is tab to a terminal",
    "ctrl+left_square_bracket": "is esc to a terminal",
}
"""Keys no action may be moved to, with what they are for."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """The actions of every place with the keys in force."""

    groups: tuple[tuple[str, tuple[Action, ...]], ...] = GROUPS
    """Place and actions, in the order help shows them."""

    def of(self, place: str) -> tuple[Action, ...]:
        """The actions of one place, `Labelling` for instance."""
        return dict(self.groups)[place]

    def spoken(self, action_id: str) -> str:
        """The first key of an action, as people write it."""
        return next(
            display_key(a.keys[0]) for _, actions in self.groups for a in actions if a.id == action_id
        )

    def taken(self) -> dict[str, str]:
        """Key as people write it -> action id, for every key that works beside a document."""
        places = ("Labelling", "Reading", "Everywhere")
        return {
            display_key(key): action.id
            for place in places
            for action in self.of(place)
            for key in action.keys
        }


def remapped(changes: Mapping[str, object], file: str = "config.toml") -> Keymap:
    """The keymap with `changes` (action id -> key or keys) applied; ids may be dotted keys of TOML, without quotes.

    Raises ConfigError that names the file and every unknown id, reserved key and clash at once.
    """
    known = {action.id: action for _, actions in GROUPS for action in actions}
    changes = _flat(changes)
    faults = [
        f"{file}: [keys] there is no action {name!r}; {nearest(name, known)}"
        for name in changes
        if name not in known
    ]
    wanted: dict[str, tuple[str, ...]] = {}
    for name, keys in changes.items():
        given = [keys] if isinstance(keys, str) else keys
        if not isinstance(given, list) or not all(isinstance(key, str) for key in given):
            faults.append(f"{file}: [keys] {name} = {keys!r}: must be a key or a list of keys")
        elif name in known:
            if not given:
                faults.append(
                    f"{file}: [keys] {name} has no key; leave the line out to keep {display_key(known[name].keys[0])!r}"
                )
            here = f"{file}: [keys] {name}"
            faults += [f"{here} = {key!r}: there is no such key" for key in given if textual_key(key) is None]
            wanted[name] = tuple(dict.fromkeys(key for key in map(textual_key, given) if key))
            faults += [
                f"{here} = {display_key(key)!r}: that key {RESERVED[key]}"
                for key in wanted[name]
                if key in RESERVED and key not in known[name].keys
            ]
    groups = tuple(
        (place, tuple(replace(a, keys=wanted.get(a.id, a.keys)) for a in actions))
        for place, actions in GROUPS
    )
    faults += _clashes(groups, file)
    if faults:
        raise ConfigError(
            "\n".join(faults), "keys are called a, A, /, f5, ctrl+n, left, page down ...; several are a list"
        )
    return Keymap(groups)


def _clashes(groups: tuple[tuple[str, tuple[Action, ...]], ...], file: str) -> list[str]:
    """One sentence per key that would do two things on one screen."""
    faults: dict[tuple[str, str], list[str]] = {}
    everywhere = {
        key: a for place, actions in groups if place == "Everywhere" for a in actions for key in a.keys
    }
    screens = (
        ("Labelling", "Reading"),
        ("Corpora",),
        ("Summary",),
        ("Compare",),
        ("Review", "Reading"),
        ("Agreement", "Reading"),
    )
    for screen in screens:
        seen: dict[str, Action] = dict(everywhere)
        for place, actions in groups:
            for action in actions if place in screen else ():
                for key in action.keys:
                    other = seen.setdefault(key, action)
                    if other is not action:
                        faults.setdefault((key, other.id), []).append(action.id)
    return [
        f"{file}: [keys] {display_key(key)!r} is used by {first} and by {', '.join(others)}"
        for (key, first), others in faults.items()
    ]


def _flat(changes: Mapping[str, object], group: str = "") -> dict[str, object]:
    """Tables within the table, which TOML makes of a dotted key, as `group.verb`."""
    flat: dict[str, object] = {}
    for name, value in changes.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{group}{name}.")
        else:
            flat[group + name] = value
    return flat
