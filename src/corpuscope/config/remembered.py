"""Remembers what files say that were found valid, so that most starts need no validator."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from corpuscope import __version__


def recall(folder: Path, *of: object) -> Any | None:  # noqa: ANN401 - whatever JSON was remembered
    """What `remember` was told of exactly these contents, by this version of corpuscope; None when nothing was."""
    whole = _whole(of)
    try:
        kept = json.loads(_place(folder, whole).read_bytes())
        return kept["value"] if kept["of"] == whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(folder: Path, value: object, *of: object) -> None:
    """Keeps a value that JSON can say. All of `folder` may be deleted at any time; a full disk costs only time."""
    whole = _whole(of)
    place = _place(folder, whole)
    temporary = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"of": whole, "value": value}))
        temporary.replace(place)


def _whole(of: tuple[object, ...]) -> str:
    return repr((__version__, *of))


def _place(folder: Path, whole: str) -> Path:
    # Compared whole when read, so a short sum will do; loading hashlib takes milliseconds of every start.
    return folder / f"{crc32(whole.encode()):08x}.json"
