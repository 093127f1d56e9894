"""Where the rows of a file begin: found in one pass, kept on disk for the next start."""

import os
import struct
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpuscope.files import derive
from corpuscope.sampling.sources.local_files import LocalFile

_MAGIC = b"CSROWS1\n"
_HEADER = struct.Struct("<8s4QI4x")


@dataclass(frozen=True, slots=True)
class RowIndex:
    """The first byte of every row of a file: an array on disk of which two numbers are read at a time."""

    path: Path
    """The file that holds it."""
    rows: int
    """How many rows there are."""
    end: int
    """One past the last byte of the last row."""

    def span(self, row: int) -> tuple[int, int]:
        """First byte of a row, and one past its last; blank lines may follow inside."""
        with self.path.open("rb") as file:
            file.seek(_HEADER.size + 8 * row)
            start, *following = struct.unpack(f"<{min(2, self.rows - row)}Q", file.read(16))
        return start, following[0] if following else self.end


def load(file: LocalFile, folder: Path) -> RowIndex | None:
    """The index kept of this very file; None when there is none, it is damaged, or the file has changed."""
    path = _place(file, folder)
    try:
        with path.open("rb") as stored:
            magic, size, modified, rows, end, checksum = _HEADER.unpack(stored.read(_HEADER.size))
            if (magic, size, modified) != (_MAGIC, file.size, file.modified):
                return None
            found = 0
            while piece := stored.read(1 << 20):
                found = zlib.crc32(piece, found)
    except (OSError, struct.error):
        return None
    return RowIndex(path, rows, end) if found == checksum else None


def store(file: LocalFile, folder: Path, pieces: Iterable[tuple[bytes, int]]) -> RowIndex:
    """Writes an index, whole or not at all; nothing but the present piece is in memory. Raises OSError.

    Each of `pieces` holds starts of rows as little-endian 64-bit numbers, and the content seen so far.
    """
    path = _place(file, folder)
    rows = end = checksum = 0
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as stored:
            stored.seek(_HEADER.size)
            for starts, seen in pieces:
                stored.write(starts)
                rows, end = rows + len(starts) // 8, seen
                checksum = zlib.crc32(starts, checksum)
            stored.seek(0)
            stored.write(_HEADER.pack(_MAGIC, file.size, file.modified, rows, end, checksum))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return RowIndex(path, rows, end)


def _place(file: LocalFile, folder: Path) -> Path:
    return folder / f"{derive(file.path.resolve(), file.format, file.packed).hex()[:32]}.rows"
