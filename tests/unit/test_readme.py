"""Tests of the keys and files named in README and docs; run this file as a script to rewrite the tables of keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from corpuscope.config.actions import EVERYWHERE, GROUPS, LABELLING, READING, Action, KeyGroup
from corpuscope.config.category_file import load_scheme
from corpuscope.config.keymap import display_key

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
KEYS = ROOT / "docs" / "keys.md"
BESIDE_FOOTER = ("history.back", "history.forward")
"""Keys of the labelling screen that the README names although its footer does not."""
BETWEEN = re.compile(r"(<!-- keys: [^\n]*-->\n).*?(<!-- end of keys -->)", re.DOTALL)


def key_rows() -> str:
    """Return the table of all keys."""
    return _table([(group, action) for group in GROUPS for action in group.actions])


def main_key_rows() -> str:
    """Return the table of the keys that help while reading."""
    shown = [
        (LABELLING, action) for action in LABELLING.actions if action.footer or action.id in BESIDE_FOOTER
    ]
    return _table([*shown, *((EVERYWHERE, action) for action in EVERYWHERE.actions if action.footer)])


def _table(actions: list[tuple[KeyGroup, Action]]) -> str:
    rows = ["| key | what it does |\n| --- | --- |\n"]
    for group, action in actions:
        keys = " ".join(f"`{display_key(key)}`" for key in action.keys)
        where = "" if group in (LABELLING, READING, EVERYWHERE) else f" ({group.name.lower()})"
        rows.append(f"| {keys} | {action.tooltip.rstrip('.')}{where} |\n")
    return "".join(rows)


@pytest.mark.parametrize(("file", "rows"), [(README, main_key_rows), (KEYS, key_rows)])
def test_the_table_of_keys_is_that_of_the_app(file: Path, rows: Callable[[], str]) -> None:
    assert rows() in file.read_text("utf-8")


def test_the_default_category_keys_are_those_of_the_file() -> None:
    letters = " ".join(f"`{category.letter}`" for category in load_scheme(None).categories)
    assert letters in README.read_text("utf-8")


def test_every_file_the_readme_points_to_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README.read_text("utf-8")):
        assert (ROOT / target).exists(), target


if __name__ == "__main__":
    for file, rows in ((README, main_key_rows), (KEYS, key_rows)):
        content = file.read_text("utf-8")
        file.write_text(BETWEEN.sub(lambda m, rows=rows: m[1] + rows() + m[2], content), "utf-8")  # type: ignore[misc]
