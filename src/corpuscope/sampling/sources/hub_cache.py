"""Small files kept between starts: written whole or not at all, never needed for being right."""

import hashlib
import logging
import os
import tempfile
from pathlib import Path

_log = logging.getLogger(__name__)


def keep(path: Path, content: bytes) -> None:
    """Writes a cache file whole or not at all; a full or read-only disk only makes the next start slower."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        _log.warning("%s was not cached: %s", path, error)


def digest(*parts: str) -> str:
    """A short file name that stands for `parts`."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
