"""The cache of validated category files."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.config.category_cache import cached_scheme, scheme_in_force
from corpuscope.config.category_file import load_scheme
from corpuscope.config.keymap import remapped
from corpuscope.config.settings import Paths
from corpuscope.errors import CategoryFileError, ConfigError

VALID = "categories:\n  - {key: 1, name: 'Été [x]', definition: d, formerly: [Old]}\nsplit: [Gone]\n"


def test_a_cached_scheme_equals_the_loaded_one(tmp_path: Path) -> None:
    file = tmp_path / "categories.yaml"
    file.write_text(VALID)
    first = cached_scheme(file, {}, tmp_path / "cache")
    assert list((tmp_path / "cache" / "categories").iterdir())
    assert cached_scheme(file, {}, tmp_path / "cache") == first == load_scheme(file)


def test_the_built_in_scheme_is_cached_too(tmp_path: Path) -> None:
    assert cached_scheme(None, {}, tmp_path) == cached_scheme(None, {}, tmp_path) == load_scheme(None)


def test_a_changed_file_and_a_newly_taken_key_are_noticed(tmp_path: Path) -> None:
    file = tmp_path / "categories.yaml"
    file.write_text(VALID)
    cached_scheme(file, {}, tmp_path)
    with pytest.raises(CategoryFileError, match="'1' is taken by the app"):
        cached_scheme(file, {"1": "label.skip"}, tmp_path)
    file.write_text(VALID.replace("definition", "definitoin"))
    with pytest.raises(CategoryFileError, match="did you mean definition"):
        cached_scheme(file, {}, tmp_path)


def test_a_damaged_cache_and_one_that_cannot_be_written_do_no_harm(tmp_path: Path) -> None:
    scheme = cached_scheme(None, {}, tmp_path)
    for entry in (tmp_path / "categories").iterdir():
        entry.write_text('{"categories": [{}]}')
    assert cached_scheme(None, {}, tmp_path) == scheme
    (tmp_path / "file").touch()
    assert cached_scheme(None, {}, tmp_path / "file") == scheme


def test_an_action_moved_to_the_key_of_a_built_in_category_is_a_fault_of_the_config_file(
    tmp_path: Path,
) -> None:
    paths = Paths(tmp_path, None, tmp_path / "config.toml", tmp_path / "cache", tmp_path / "log")
    keys = remapped({"label.skip": "1", "view.find": ["/", "e"]})
    with pytest.raises(ConfigError) as caught:
        scheme_in_force(paths, keys)
    assert caught.value.message.splitlines() == [
        f"{paths.config}: [keys] label.skip = '1': that key labels Educational",
        f"{paths.config}: [keys] view.find = 'e': that key labels Educational",
    ]
    file = tmp_path / "categories.yaml"
    file.write_text(VALID)
    with pytest.raises(CategoryFileError, match=r"categories\.yaml:2"):
        scheme_in_force(paths._replace(categories=file), keys)


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(CategoryFileError, match="no such file"):
        cached_scheme(tmp_path / "none.yaml", {}, tmp_path)
