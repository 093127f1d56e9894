"""The table of screens: every row names a screen that exists, under the name of its keys."""

from __future__ import annotations

from importlib import import_module

import pytest
from textual.screen import Screen

from corpuscope.config.actions import GROUPS, LABELLING
from corpuscope.tui.app import SCREENS, ScreenDoor


@pytest.mark.parametrize(("name", "door"), SCREENS.items())
def test_every_screen_of_the_table_is_defined_where_it_says(name: str, door: ScreenDoor) -> None:
    screen = getattr(import_module(f"corpuscope.tui.screens.{door.module}"), door.screen)
    assert issubclass(screen, Screen)
    own_keys = [group for group in GROUPS if group.name == name]
    assert screen.KEYS in (own_keys or [LABELLING])
