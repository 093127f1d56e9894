"""The schemes that come with corpuscope: the seven built-in categories and those of published papers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from corpuscope.config.settings import BUILT_IN_FILE
from corpuscope.errors import UsageError, nearest

_FOLDER = BUILT_IN_FILE.with_name("schemes")

SEVEN = "seven"
"""Name of the built-in categories."""

SCHEMES: dict[str, Path] = {
    SEVEN: BUILT_IN_FILE,
    **{
        name: _FOLDER / f"{name}.yaml"
        for name in ("fineweb-edu", "weborganizer-formats", "core", "eai-document-types")
    },
}
"""Name of each scheme -> its category file."""


def scheme_file(name: str) -> Path:
    """Return the category file of a scheme. Raises UsageError, which lists the known ones."""
    if name not in SCHEMES:
        raise UsageError(f"there is no scheme {name!r}", nearest(name, SCHEMES))
    return SCHEMES[name]


def without_keys(text: str, taken: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return the text of a scheme without the keys and letters in `taken`, and those that were left out.

    A category without a key gets the next free one.
    """
    left_out = []
    for key in taken:
        escaped = re.escape(key)
        shorter = re.sub(rf"(?m)^    letter: {escaped}\n|(?<=^  - )letter: {escaped}\n    ", "", text)
        shorter = re.sub(rf"(?m)(?<=^  - )key: {escaped}\n    ", "", shorter)
        if shorter != text:
            left_out.append(key)
        text = shorter
    return text, tuple(left_out)
