"""The cache folder: files that may be deleted at any time, and that a full disk only leaves out."""

from __future__ import annotations

import json
import shutil
from functools import cache as once_for_each
from pathlib import Path
from typing import Any
from zlib import crc32

from corpuscope.files import is_writable, reason, replacing, stream_of
from corpuscope.version import __version__


@once_for_each
def writable_folder(folder: Path) -> Path:
    """Return `folder` if it can be written, else a temporary one of this process, which is removed at exit."""
    if is_writable(folder) and not folder.is_file():
        return folder
    import atexit
    import tempfile

    temporary = Path(tempfile.mkdtemp(prefix="corpuscope-cache-"))
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return temporary


def cached_json(folder: Path, *of: object) -> Any | None:  # noqa: ANN401 - any JSON value
    """Return the value that this version of corpuscope cached under the key `of`; None when there is none."""
    key = _json_key(of)
    try:
        entry = json.loads(_json_path(folder, key).read_bytes())
        return entry["value"] if entry["of"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def cache_json(folder: Path, value: object, *of: object) -> None:
    """Cache a JSON value under the key `of`.

    `folder` may be deleted at any time; a full disk only costs time.
    """
    key = _json_key(of)
    keep_cached(_json_path(folder, key), json.dumps({"of": key, "value": value}).encode())


def _json_key(of: tuple[object, ...]) -> str:
    return repr((__version__, *of))


def _json_path(folder: Path, key: str) -> Path:
    # A short checksum is enough, since the whole key is compared on reading. Loading hashlib would cost every
    # start some milliseconds.
    return folder / f"{crc32(key.encode()):08x}.json"


def keep_cached(path: Path, content: bytes) -> None:
    """Write a cache file atomically.

    A full or read-only disk is logged and only makes the next start slower.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # texts and statistics of gated datasets must not be readable by others
        with replacing(path, durable=False, mode=0o600) as descriptor, stream_of(descriptor) as stream:
            stream.write(content)
    except OSError as error:
        import logging  # most starts have no fault to log

        logging.getLogger(__name__).warning("%s was not cached: %s", path, reason(error))
