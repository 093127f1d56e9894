"""Remembers a category file that was found valid, so that most starts need neither YAML nor a validator."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpuscope.config.keymap import Keymap
from corpuscope.config.settings import BUILT_IN_FILE, Paths
from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.errors import CategoryFileError, ConfigError
from corpuscope.files import cache_json, cached_json


def scheme_in_force(paths: Paths, keys: Keymap) -> CategoryScheme:
    """The scheme of a run, with the keys in force beside it.

    Raises CategoryFileError, or ConfigError where an action was moved to a key of the built-in categories.
    """
    taken = keys.taken()
    try:
        return cached_scheme(paths.categories, taken, paths.cache)
    except CategoryFileError:
        if paths.categories is not None:
            raise
        faults = [
            f"{paths.config}: [keys] {taken[key]} = {key!r}: that key labels {category.name}"
            for category in cached_scheme(None, {}, paths.cache).categories
            for key in category.keys
            if key in taken
        ]
        hint = "choose another key, or write a categories.yaml whose categories have other ones"
        raise ConfigError("\n".join(faults), hint) from None


def cached_scheme(file: Path | None, taken: Mapping[str, str], cache: Path) -> CategoryScheme:
    """The scheme of `config.category_file.load_scheme`, from `cache` when the same content was valid before.

    Loading both libraries takes half as long as the first frame of the app. Raises CategoryFileError like
    `load_scheme`.
    """
    folder, content = cache / "categories", _content(file)
    of = (content, sorted(taken.items()))
    if content is not None and (scheme := _scheme(cached_json(folder, *of))):
        return scheme
    from corpuscope.config.category_file import load_scheme

    scheme = load_scheme(file, taken)
    if content is not None:
        entries = [asdict(category) for category in scheme.categories]
        cache_json(folder, {"categories": entries, "split": scheme.split}, *of)
    return scheme


def _content(file: Path | None) -> bytes | None:
    """The bytes of the file; None when they cannot be read, which `load_scheme` then explains."""
    try:
        return (file or BUILT_IN_FILE).read_bytes()
    except OSError:
        return None


def _scheme(found: Any) -> CategoryScheme | None:  # noqa: ANN401 - whatever the memory held
    try:
        categories = [
            Category(**{**each, "formerly": tuple(each["formerly"])}) for each in found["categories"]
        ]
        return CategoryScheme(tuple(categories), tuple(found["split"]))
    except (KeyError, TypeError):
        return None
