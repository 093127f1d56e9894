"""Tests of the rule that threads, screens and rooms exchange values that nobody can change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import corpuscope

CHANGED_IN_PLACE = {"BatchOutcome", "FileCounts", "ImportCounts", "LeftOutCounts", "Outcome", "PendingDraw"}
"""Counts that grow while a command works through its input, and the state of a draw under way."""
WITH_CACHED_PROPERTIES = {"Document", "Pool"}
"""Classes whose instances need a dictionary."""


@pytest.fixture(scope="module")
def flags() -> dict[str, str]:
    """Return the flags of each dataclass by its name, except for messages, which Textual changes."""
    sources = (path.read_text("utf-8") for path in Path(corpuscope.__file__).parent.rglob("*.py"))
    classes = (
        re.findall(r"^ *@dataclass(?:\((.*)\))?\n *class (\w+)(?!.*\bMessage\))", text, re.MULTILINE)
        for text in sources
    )
    return {name: flags for matches in classes for flags, name in matches}


def test_every_dataclass_is_frozen_but_for_those_that_count(flags: dict[str, str]) -> None:
    assert {name for name in flags if "frozen=True" not in flags[name]} == CHANGED_IN_PLACE


def test_every_frozen_dataclass_has_slots_but_for_those_that_cache(flags: dict[str, str]) -> None:
    frozen = {name for name in flags if "frozen=True" in flags[name]}
    assert {name for name in frozen if "slots=True" not in flags[name]} == WITH_CACHED_PROPERTIES
