"""Which data files on this machine a path, folder or glob means, and where the rows of each begin."""

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
from corpuscope.files import derive

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
"""How a file is read, by the end of its name without the compression."""

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
"""How a file is compressed, by the end of its name."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """One data file and its state when it was listed."""

    path: Path
    """Where it is."""
    name: str
    """Its path inside the folder or glob, with slashes: its name in addresses."""
    format: str
    """One of the values of `FORMATS`."""
    compression: str | None
    """One of the values of `COMPRESSIONS`; None when it is not compressed."""
    size: int
    """Stored bytes."""
    modified: int
    """Time of its last change, in nanoseconds since 1970."""


def check_path_exists(where: str) -> None:
    """Raises CorpusError when `where` means no file and no folder; at most one match of a glob is looked for."""
    place = expand_home(where)
    if not where.strip() or not (place.exists() or next(glob.iglob(str(place), recursive=True), None)):  # noqa: PTH207
        find(where)


def find(where: str) -> list[LocalFile]:
    """The data files at `where`, sorted by name. Raises CorpusError when there are none, or several kinds."""
    if not where.strip():
        raise CorpusError("a path is empty", "name a file, a folder or a glob")
    place = expand_home(where)
    if place.is_dir():
        root, paths = place, [Path(folder, name) for folder, _, names in os.walk(place) for name in names]
    elif place.exists():
        root, paths = place.parent, [place]
    else:
        paths = [Path(match) for match in glob.glob(str(place), recursive=True)]  # noqa: PTH207  any root
        paths = [path for path in paths if path.is_file()]
        root = Path(os.path.commonpath([path.parent for path in paths])) if paths else place
    if not paths and not place.is_dir():
        raise CorpusError(f"there is no file {where}", "check the path; put a glob in quotes")
    files = [file for path in sorted(paths) if (file := _describe(path, root)) is not None]
    if not files:
        what = "holds no data file" if place.is_dir() or len(paths) > 1 else "is no data file"
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
            computed = 0
            while piece := stored.read(1 << 20):
                computed = zlib.crc32(piece, computed)
    except (OSError, struct.error):
        return None
    return RowIndex(path, rows, end) if computed == checksum else None


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
    return folder / f"{derive(file.path.resolve(), file.format, file.compression).hex()[:32]}.rows"
