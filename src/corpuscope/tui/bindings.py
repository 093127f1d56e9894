"""Textual bindings and keymaps made from the table of actions."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding

from corpuscope.config.actions import Action
from corpuscope.config.keymap import Keymap


def bindings(actions: Iterable[Action]) -> list[Binding]:
    """Return one binding per action, with its id, description and tooltip."""
    return [
        Binding(
            ",".join(action.keys),
            action.command,
            action.description,
            show=False,
            tooltip=action.tooltip,
            id=action.id,
        )
        for action in actions
    ]


def keymap(keys: Keymap) -> dict[str, str]:
    """Return Textual's form of a keymap: binding id -> comma-separated keys."""
    return {action.id: ",".join(action.keys) for group in keys.groups for action in group.actions}
