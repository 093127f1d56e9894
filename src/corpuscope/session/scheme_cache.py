"""Remembers a category file that was found valid, so that most starts need neither YAML nor a validator."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from corpuscope import __version__, domain
from corpuscope.domain.category import Category, CategoryScheme

BUILT_IN = Path(domain.__file__).with_name("categories.yaml")
"""The seven categories that come with the package; asking importlib for them would take milliseconds."""


def remembered_scheme(file: Path | None, taken: Mapping[str, str], folder: Path) -> CategoryScheme:
    """The scheme of `domain.scheme_file.load_scheme`, read from `folder` when the same content was valid before.

    Loading both libraries takes half as long as the first frame of the app. What is remembered can be deleted
    at any time. Raises CategoryFileError like `load_scheme`.
    """
    content = _content(file)
    key = hashlib.blake2b(repr((__version__, content, sorted(taken.items()))).encode(), digest_size=16)
    kept = folder / "categories" / f"{key.hexdigest()}.json"
    if content is not None and (scheme := _kept(kept)):
        return scheme
    from corpuscope.domain.scheme_file import load_scheme

    scheme = load_scheme(file, taken)
    if content is not None:
        _keep(scheme, kept)
    return scheme


def _content(file: Path | None) -> bytes | None:
    """The bytes of the file; None when they cannot be read, which `load_scheme` then explains."""
    try:
        if file is None:
            return BUILT_IN.read_bytes()
        return file.read_bytes()
    except OSError:
        return None


def _kept(file: Path) -> CategoryScheme | None:
    try:
        found = json.loads(file.read_bytes())
        categories = [
            Category(**{**each, "formerly": tuple(each["formerly"])}) for each in found["categories"]
        ]
        return CategoryScheme(tuple(categories), tuple(found["split"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(scheme: CategoryScheme, file: Path) -> None:
    entry = {"categories": [asdict(category) for category in scheme.categories], "split": scheme.split}
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):  # a cache that cannot be written costs time, nothing else
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(entry))
        temporary.replace(file)
