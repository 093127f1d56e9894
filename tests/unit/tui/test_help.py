"""The help page: keys and their descriptions."""

from __future__ import annotations

from corpuscope.config.actions import AGREEMENT, LABELLING, SUMMARY, KeyGroup
from corpuscope.config.keymap import Keymap, remapped
from corpuscope.tui.screens.help import help_text
from makers import a_scheme


def test_keys_and_descriptions_stay_apart_however_long_the_keys_are() -> None:
    keys = remapped({"label.skip": ["ctrl+shift+pagedown", "ctrl+shift+f12"]})
    for page in (help_text(Keymap(), a_scheme(), 60), help_text(keys, a_scheme(), 60)):
        lines = page.plain.splitlines()
        assert all(line[21:22] in ("", " ") or not line[22:23].isupper() for line in lines)
    assert "ctrl+shift+page down, ctrl+shift+f12" in lines
    description = lines[lines.index("ctrl+shift+page down, ctrl+shift+f12") + 1]
    assert description.strip() == "Skip this document; it is left out of"
    assert lines[lines.index("Mouse") + 1].startswith("click                 Choose a category")
    assert any(line.startswith("shift+space, page up  Scroll") for line in lines)


def test_the_keys_of_the_screen_come_first_then_those_that_work_there_too() -> None:
    def headings(screen: KeyGroup) -> list[str]:
        lines = help_text(Keymap(), a_scheme(), 80, screen).plain.splitlines()
        return [below for above, below in zip(["", *lines], lines, strict=False) if not above and below]

    assert headings(LABELLING)[:4] == ["Categories", "Labelling", "Reading", "Everywhere"]
    assert headings(SUMMARY)[:2] == ["Summary", "Everywhere"]
    assert headings(AGREEMENT)[:3] == ["Agreement", "Reading", "Everywhere"]
    assert sorted(headings(SUMMARY)) == sorted(headings(LABELLING))
