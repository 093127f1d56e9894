"""Discovery of local data files."""

from __future__ import annotations

import glob
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from corpuscope.corpora.parse import expand_home
from corpuscope.errors import CorpusError

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
