"""Tests of the optional libraries."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from corpuscope.errors import UsageError
from corpuscope.extras import EXTRAS, require_extra

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


@pytest.mark.parametrize("extra", EXTRAS)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(extra: str) -> None:
    with pytest.raises(UsageError, match=r"a summary needs .*, which is not installed") as refused:
        require_extra(extra, "a summary", lambda _: None)
    assert f'pip install "corpuscope[{extra}]"' in refused.value.hint


def test_an_installed_extra_is_accepted() -> None:
    require_extra("assist", "a summary", lambda _: object())


def test_every_extra_is_one_of_pyproject_with_its_libraries() -> None:
    declared = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["optional-dependencies"]
    names = {extra: [re.split("[><=]", line)[0] for line in lines] for extra, lines in declared.items()}
    assert all(sorted(names[extra]) == sorted(n.lower() for n in EXTRAS[extra].values()) for extra in EXTRAS)
