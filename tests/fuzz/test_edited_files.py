"""Fuzz tests of the files that users edit: any content is read, or refused with the name of the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpuscope.analysis.references import load_reference
from corpuscope.config.category_file import load_scheme
from corpuscope.config.keymap import Keymap
from corpuscope.config.settings import load_settings
from corpuscope.errors import UsageError
from corpuscope.sampling.plan_file import load_plan
from fuzz.mutations import mutated

CATEGORIES = """
categories:
  - key: 1
    letter: e
    name: Educational
    colour: green
    definition: teaches something
    includes: "textbooks: all kinds"
    excludes: product pages
    formerly: [Teaching]
  - {key: 2, name: "Été [x]", definition: sun}
split: [Mixed]
"""
CONFIG = """
theme = "light"
annotator = "ann"
target = 200
show_shares = false
[keys]
"label.skip" = "z"
"label.undo" = ["u", "backspace"]
"""
PLAN = """{"version": 1, "seed": 7, "scheme": "ab12", "corpora": {"web": {"kind": "local", "path": "web.jsonl",
 "name": null, "split": "train", "files": null, "text": [{"column": "text", "title": "text"}], "tokens": null,
 "revision": "c0ffee", "target": 200, "blind": false}}}"""
REFERENCE = "name: Crawl\ncategories: [News, Forum]\nshares: [0.4, 0.6]\nn: 200\nsource: a notebook\n"

Reader = Callable[[Path], object]
FILES: dict[str, tuple[str, Reader]] = {
    "categories.yaml": (CATEGORIES, lambda path: load_scheme(path, Keymap().taken())),
    "config.toml": (CONFIG, load_settings),
    "plan.json": (PLAN, load_plan),
    "reference.yaml": (REFERENCE, load_reference),
}
WORDS: tuple[bytes, ...] = (
    b": ",
    b"[",
    b"]",
    b"{",
    b"}",
    b"- ",
    b"\n",
    b"\t",
    b"'",
    b'"',
    b"&a ",
    b"*a",
    b"<<: *a",
    b"!!python/none",
)
WORDS += (
    b"null",
    b"1e999",
    b"-1",
    b"1.5",
    b"true",
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"99999999999999999999999",
)
WORDS += (
    b"key",
    b"name",
    b"seed",
    b"target",
    b"2026-01-01",
    b".inf",
    b".nan",
    b"0x1F",
    b"? ",
    b"%YAML 9.9\n",
    b"--- ",
)


@pytest.mark.parametrize("name", FILES)
def test_the_unchanged_file_is_read(tmp_path: Path, name: str) -> None:
    content, read = FILES[name]
    path = tmp_path / name
    path.write_text(content)
    read(path)


@pytest.mark.parametrize("name", FILES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_file_is_read_or_refused_by_name(tmp_path: Path, name: str, data: st.DataObject) -> None:
    content, read = FILES[name]
    path = tmp_path / name
    changed = data.draw(mutated(content.encode(), *WORDS))
    path.write_bytes(changed)
    try:
        read(path)
    except UsageError as fault:
        assert all(line.startswith(str(path)) for line in fault.message.split("\n"))
    assert path.read_bytes() == changed
