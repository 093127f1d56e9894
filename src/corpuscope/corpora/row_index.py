"""The index of where the rows of a local file begin."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from corpuscope.corpora.local_files import LocalFile
from corpuscope.files import digest, replacing, stream_of

_MAGIC = b"CSROWS3\n"

_HEADER = struct.Struct("<8s7QI4x")


@dataclass(frozen=True, slots=True)
class RowIndex:
    """Offsets of the rows of a file, as an array on disk of which two numbers are read at a time."""

    path: Path
    """Path of the index file."""
    rows: int
    """Number of rows."""
    end: int
    """Offset one past the last byte of the last row."""
    misfits: int
    """Number of rows that do not fit the header of their file."""
    first_misfit: int
    """Line number of the first of them, from 1."""

    def span(self, row: int) -> tuple[int, int]:
        """Return the start and end offset of a row. The span may include blank lines after the row."""
        with self.path.open("rb") as file:
            file.seek(_HEADER.size + 8 * row)
            start, *following = struct.unpack(f"<{min(2, self.rows - row)}Q", file.read(16))
        return start, following[0] if following else self.end


def load(file: LocalFile, folder: Path, variant: str) -> RowIndex | None:
    """Return the stored index of a file; None when it is missing or damaged, or the file has changed.

    `variant` says what decides where rows begin beside the format of the file.
    """
    path = _index_path(file, folder, variant)
    try:
        with path.open("rb") as stored:
            magic, size, modified, changed, rows, end, *misfits, checksum = _HEADER.unpack(
                stored.read(_HEADER.size)
            )
            if (magic, size, modified, changed) != (_MAGIC, file.size, file.modified, file.changed):
                return None
            computed = 0
            while chunk := stored.read(1 << 20):
                computed = zlib.crc32(chunk, computed)
    except (OSError, struct.error):
        return None
    return RowIndex(path, rows, end, *misfits) if computed == checksum else None


def store(
    file: LocalFile,
    folder: Path,
    pieces: Iterable[tuple[bytes, int]],
    variant: str,
    misfits: Callable[[], tuple[int, int]],
) -> RowIndex:
    """Write an index as a whole or not at all, with one piece in memory at a time. Raises OSError.

    Each of `pieces` holds the starts of rows as little-endian 64-bit numbers, and the bytes of content read so far.
    `misfits` returns `RowIndex.misfits` and `first_misfit` after the last piece. `variant` is that of `load`.
    """
    path = _index_path(file, folder, variant)
    rows = end = checksum = 0
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(path, durable=False, mode=0o600) as descriptor, stream_of(descriptor) as stored:
        stored.seek(_HEADER.size)
        for starts, position in pieces:
            stored.write(starts)
            rows, end = rows + len(starts) // 8, position
            checksum = zlib.crc32(starts, checksum)
        stored.seek(0)
        state = (file.size, file.modified, file.changed)
        stored.write(_HEADER.pack(_MAGIC, *state, rows, end, *misfits(), checksum))
    return RowIndex(path, rows, end, *misfits())


def _index_path(file: LocalFile, folder: Path, variant: str) -> Path:
    return folder / f"{digest(file.path.resolve(), file.format, file.compression, variant).hex()[:32]}.rows"
