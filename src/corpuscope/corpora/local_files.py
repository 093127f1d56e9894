"""Discovery of local data files, and the index of where their rows begin."""

from __future__ import annotations

import glob
import os
import struct
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpuscope.corpora.parse import expand_home
from corpuscope.errors import CorpusError
from corpuscope.files import digest

FORMATS = {
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "text",
    ".text": "text",
}
"""Format of a file, by the extension before that of the compression."""

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
"""Compression of a file, by its extension."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """One data file and its state when it was listed."""

    path: Path
    """Path of the file."""
    name: str
    """Path relative to the folder or glob, with slashes, as in addresses."""
    format: str
    """Format: one of the values of `FORMATS`."""
    compression: str | None
    """Compression: one of the values of `COMPRESSIONS`; None for an uncompressed file."""
    size: int
    """Size of the file in bytes, before decompression."""
    modified: int
    """Modification time, in nanoseconds since 1970."""


def check_path_exists(where: str) -> None:
    """Raise CorpusError when `where` matches no file or folder. A glob is searched for its first match only."""
    target = expand_home(where)
    if not where.strip() or not (target.exists() or next(glob.iglob(str(target), recursive=True), None)):  # noqa: PTH207
        find(where)


def find(where: str) -> list[LocalFile]:
    """List the data files at `where`, sorted by name. Raises CorpusError for none, or for several formats."""
    if not where.strip():
        raise CorpusError("a path is empty", "name a file, a folder or a glob")
    target = expand_home(where)
    if target.is_dir():
        root, paths = target, [Path(folder, name) for folder, _, names in os.walk(target) for name in names]
    elif target.exists():
        root, paths = target.parent, [target]
    else:
        paths = [Path(match) for match in glob.glob(str(target), recursive=True)]  # noqa: PTH207  any root
        paths = [path for path in paths if path.is_file()]
        root = Path(os.path.commonpath([path.parent for path in paths])) if paths else target
    if not paths and not target.is_dir():
        raise CorpusError(f"there is no file {where}", "check the path; put a glob in quotes")
    files = [file for path in sorted(paths) if (file := _describe(path, root)) is not None]
    if not files:
        what = "holds no data file" if target.is_dir() or len(paths) > 1 else "is no data file"
        raise CorpusError(f"{where} {what}", f"known: {', '.join(FORMATS)}, also with .gz or .zst")
    formats = Counter(file.format for file in files)
    if len(formats) > 1:
        counts = ", ".join(f"{count} {name}" for name, count in formats.most_common())
        raise CorpusError(
            f"{where} holds several kinds of files ({counts})", "choose one with a glob, as in '*.jsonl'"
        )
    return files


def _describe(path: Path, root: Path) -> LocalFile | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    compression = COMPRESSIONS.get(suffixes.pop()) if suffixes and suffixes[-1] in COMPRESSIONS else None
    form = FORMATS.get(suffixes[-1]) if suffixes else None
    if form is None or path.name.startswith(".") or (form == "parquet" and compression):
        return None
    stat = path.stat()
    name = path.relative_to(root).as_posix()
    return LocalFile(path, name, form, compression, stat.st_size, stat.st_mtime_ns)


_MAGIC = b"CSROWS1\n"

_HEADER = struct.Struct("<8s4QI4x")


@dataclass(frozen=True, slots=True)
class RowIndex:
    """Offsets of the rows of a file, as an array on disk of which two numbers are read at a time."""

    path: Path
    """Path of the index file."""
    rows: int
    """Number of rows."""
    end: int
    """Offset one past the last byte of the last row."""

    def span(self, row: int) -> tuple[int, int]:
        """Return the start and end offset of a row. The span may include blank lines after the row."""
        with self.path.open("rb") as file:
            file.seek(_HEADER.size + 8 * row)
            start, *following = struct.unpack(f"<{min(2, self.rows - row)}Q", file.read(16))
        return start, following[0] if following else self.end


def load(file: LocalFile, folder: Path) -> RowIndex | None:
    """Return the stored index of a file; None when it is missing or damaged, or the file has changed."""
    path = _index_path(file, folder)
    try:
        with path.open("rb") as stored:
            magic, size, modified, rows, end, checksum = _HEADER.unpack(stored.read(_HEADER.size))
            if (magic, size, modified) != (_MAGIC, file.size, file.modified):
                return None
            computed = 0
            while chunk := stored.read(1 << 20):
                computed = zlib.crc32(chunk, computed)
    except (OSError, struct.error):
        return None
    return RowIndex(path, rows, end) if computed == checksum else None


def store(file: LocalFile, folder: Path, pieces: Iterable[tuple[bytes, int]]) -> RowIndex:
    """Write an index as a whole or not at all, with one piece in memory at a time. Raises OSError.

    Each of `pieces` holds the starts of rows as little-endian 64-bit numbers, and the bytes of content read so far.
    """
    path = _index_path(file, folder)
    rows = end = checksum = 0
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as stored:
            stored.seek(_HEADER.size)
            for starts, position in pieces:
                stored.write(starts)
                rows, end = rows + len(starts) // 8, position
                checksum = zlib.crc32(starts, checksum)
            stored.seek(0)
            stored.write(_HEADER.pack(_MAGIC, file.size, file.modified, rows, end, checksum))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return RowIndex(path, rows, end)


def _index_path(file: LocalFile, folder: Path) -> Path:
    return folder / f"{digest(file.path.resolve(), file.format, file.compression).hex()[:32]}.rows"
