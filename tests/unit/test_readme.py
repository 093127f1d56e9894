"""Tests of the keys and files named in the README; run this file as a script to rewrite its table of keys."""

from __future__ import annotations

import re
from pathlib import Path

from corpuscope.config.actions import EVERYWHERE, GROUPS, LABELLING, READING
from corpuscope.config.category_file import load_scheme
from corpuscope.config.keymap import display_key

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
BETWEEN = re.compile(r"(<!-- keys: [^\n]*-->\n).*?(<!-- end of keys -->)", re.DOTALL)


def key_rows() -> str:
    rows = ["| key | what it does |\n| --- | --- |\n"]
    for group in GROUPS:
        for action in group.actions:
            keys = " ".join(f"`{display_key(key)}`" for key in action.keys)
            where = "" if group in (LABELLING, READING, EVERYWHERE) else f" ({group.name.lower()})"
            rows.append(f"| {keys} | {action.tooltip.rstrip('.')}{where} |\n")
    return "".join(rows)


def test_the_table_of_keys_is_that_of_the_app() -> None:
    content = README.read_text("utf-8")
    assert key_rows() in content


def test_the_default_category_keys_are_those_of_the_file() -> None:
    letters = " ".join(f"`{category.letter}`" for category in load_scheme(None).categories)
    assert letters in README.read_text("utf-8")


def test_every_file_the_readme_points_to_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README.read_text("utf-8")):
        assert (ROOT / target).exists(), target


if __name__ == "__main__":
    README.write_text(BETWEEN.sub(lambda m: m[1] + key_rows() + m[2], README.read_text("utf-8")), "utf-8")
