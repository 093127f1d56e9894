"""Remembers a category file that was found valid, so that most starts need neither YAML nor a validator."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpuscope import domain
from corpuscope.config.remembered import recall, remember
from corpuscope.domain.category import Category, CategoryScheme

BUILT_IN = Path(domain.__file__).with_name("categories.yaml")
"""The seven categories that come with the package; asking importlib for them would take milliseconds."""


def remembered_scheme(file: Path | None, taken: Mapping[str, str], cache: Path) -> CategoryScheme:
    """The scheme of `domain.scheme_file.load_scheme`, from `cache` when the same content was valid before.

    Loading both libraries takes half as long as the first frame of the app. Raises CategoryFileError like
    `load_scheme`.
    """
    folder, content = cache / "categories", _content(file)
    of = (content, sorted(taken.items()))
    if content is not None and (scheme := _scheme(recall(folder, *of))):
        return scheme
    from corpuscope.domain.scheme_file import load_scheme

    scheme = load_scheme(file, taken)
    if content is not None:
        entries = [asdict(category) for category in scheme.categories]
        remember(folder, {"categories": entries, "split": scheme.split}, *of)
    return scheme


def _content(file: Path | None) -> bytes | None:
    """The bytes of the file; None when they cannot be read, which `load_scheme` then explains."""
    try:
        if file is None:
            return BUILT_IN.read_bytes()
        return file.read_bytes()
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
