"""Items of the lines at the edges of a screen: keys, progress and times."""

from __future__ import annotations

from collections.abc import Sequence

from corpuscope.config.actions import EVERYWHERE, Action
from corpuscope.config.keymap import Keymap, display_key
from corpuscope.domain.category import MOST_ONE_STROKE, CategoryScheme
from corpuscope.tui.widgets.status_line import EXPENDABLE, StatusItem


def progress_bar(done: int, target: int, width: int) -> StatusItem:
    """Return a bar of `width` cells that shows how much of the target is done, to half a cell."""
    halves = 2 * width if done >= target else 2 * width * done // target
    full = "━" * (halves // 2) + "╸" * (halves % 2)
    return StatusItem(full.ljust(width, "─"), "$border-blurred", 4, lead=len(full))


def key_item(key: str, word: str, action: str, rank: int = 4) -> StatusItem:
    """Return the item of a key with a word for what it does, which a click does too."""
    return StatusItem(f"{key} {word}", "$foreground-muted", rank, action, lead=len(key))


def key_items(scheme: CategoryScheme, actions: Sequence[Action]) -> tuple[StatusItem, ...]:
    """Return the keys of the labelling screen, category keys first."""
    span = key_span([category.key for category in scheme.categories])
    return (StatusItem(f"{span} label", "", EXPENDABLE + 1, lead=len(span)), *action_items(actions))


LOOKING_BACK = {
    "back": "move",
    "current": "return",
    "bookmark": "bookmark",
    "note": "note",
    "find": "find",
    "url": "url",
    "copy": "copy",
    "unsure": "unsure",
}
"""Words in the footer beside an earlier document, by command."""


def looking_back_items(scheme: CategoryScheme, actions: Sequence[Action]) -> tuple[StatusItem, ...]:
    """Return the keys of the labelling screen while an earlier document is shown."""
    span = key_span([category.key for category in scheme.categories])
    by_command = {action.command: action for action in actions}
    forward = display_key(by_command["forward"].keys[0])
    items = [StatusItem(f"{span} relabel", "", EXPENDABLE + 1, lead=len(span))]
    for command, word in LOOKING_BACK.items():
        key = display_key(by_command[command].keys[0]) + (forward if command == "back" else "")
        items.append(key_item(key, word, command, by_command[command].rank))
    return (*items, *action_items(()))


WAITING = ("back", "undo", "summary", "home")
"""Commands in the footer while there is no document to label."""


def waiting_items(actions: Sequence[Action]) -> tuple[StatusItem, ...]:
    """Return the keys of the labelling screen while there is no document to label."""
    by_command = {action.command: action for action in actions}
    return action_items(
        [by_command[command]._replace(footer=True) for command in WAITING if command in by_command]
    )


def key_span(keys: Sequence[str]) -> str:
    """Return the first and the last of a few keys: "1-7"; of many those of the digits and those of the letters."""
    if len(keys) <= MOST_ONE_STROKE:
        return f"{keys[0]}-{keys[-1]}" if len(keys) > 1 else keys[0]
    strokes = sorted({key[0] for key in keys})
    kinds = [[key for key in strokes if key.isdigit()], [key for key in strokes if not key.isdigit()]]
    return " ".join(f"{kind[0]}-{kind[-1]}" for kind in kinds if kind)


def action_items(actions: Sequence[Action]) -> tuple[StatusItem, ...]:
    """Return the footer of a screen: its own keys and those that work everywhere."""
    commands = [(a, a.command) for a in actions] + [(a, f"app.{a.command}") for a in EVERYWHERE.actions]
    return tuple(
        key_item(display_key(a.keys[0]), a.description, command, a.rank)
        for a, command in commands
        if a.footer
    )


def find_items(keys: Keymap) -> tuple[StatusItem, ...]:
    """Return the keys beside the text to find, once it is confirmed."""
    words = {"view.find_next": ("next", "find_next"), "view.find_previous": ("previous", "find_previous")}
    items = [key_item(keys.first_key(name), word, command) for name, (word, command) in words.items()]
    return (*items, key_item(keys.first_key("history.current"), "close", "current"))
