"""A cache of validated category files, so that most starts load neither YAML nor a validator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpuscope.config.keymap import Keymap
from corpuscope.config.settings import BUILT_IN_FILE, Paths
from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.errors import CategoryFileError, ConfigError
from corpuscope.file_cache import cache_json, cached_json
from corpuscope.files import read_written_by_hand


def scheme_in_force(paths: Paths, keys: Keymap) -> CategoryScheme:
    """Return the category scheme of a run, checked against the keys in force.

    Raises CategoryFileError, or ConfigError when an action was moved to a key of the built-in categories.
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
    """Return what `config.category_file.load_scheme` returns, from `cache` when the same content was valid before.

    `taken` maps the keys of the app to action ids. Loading YAML and the validator takes half as long as the
    first frame of the app. Raises CategoryFileError like `load_scheme`.
    """
    folder, content = cache / "categories", _content(file)
    inputs = (content, sorted(taken.items()))
    if content is not None and (scheme := _scheme(cached_json(folder, *inputs))):
        return scheme
    from corpuscope.config.category_file import load_scheme

    scheme = load_scheme(file, taken)
    if content is not None:
        entries = [asdict(category) for category in scheme.categories]
        rest = {name: getattr(scheme, name) for name in _SCHEME_TEXTS}
        cache_json(folder, {"categories": entries, "split": scheme.split, **rest}, *inputs)
    return scheme


_SCHEME_TEXTS = ("scale", "title", "source", "score_column")
"""Fields of a scheme that are text."""


def _content(file: Path | None) -> bytes | None:
    """Read the file; None when it cannot be read, an error that `load_scheme` then reports."""
    try:
        return read_written_by_hand(file or BUILT_IN_FILE)
    except OSError:
        return None


def _scheme(cached: Any) -> CategoryScheme | None:  # noqa: ANN401 - a cache file may hold anything
    """Restore a scheme from its cached JSON; None when the JSON has another shape."""
    try:
        categories = [
            Category(
                **{**entry, "formerly": tuple(entry["formerly"]), "crosswalk": tuple(entry["crosswalk"])}
            )
            for entry in cached["categories"]
        ]
        texts = {name: cached[name] for name in _SCHEME_TEXTS}
        return CategoryScheme(tuple(categories), tuple(cached["split"]), **texts)
    except (KeyError, TypeError):
        return None
