"""Tests of the optional libraries."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from corpuscope.errors import UsageError
from corpuscope.extras import EXTRAS, library_fault, require_extra

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


@pytest.mark.parametrize(
    ("module", "hint"),
    [
        ("sklearn.utils", "pip install --force-reinstall scikit-learn"),
        ("yaml", "pip install --force-reinstall yaml"),
        (None, "install the library again that it names"),
    ],
)
def test_a_library_that_cannot_be_loaded_is_named(module: str | None, hint: str) -> None:
    fault = library_fault(ImportError("libgomp.so.1: cannot open\nadvice", name=module))
    assert fault is not None
    assert fault.message == "a library cannot be loaded: libgomp.so.1: cannot open"
    assert fault.hint == hint


def test_a_fault_of_corpuscope_itself_is_not_explained_away() -> None:
    assert library_fault(ImportError("cannot import name", name="corpuscope.cli")) is None
