"""Which data files a path, folder or glob on this machine means."""

import glob
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from corpuscope.errors import CorpusError
from corpuscope.sampling.corpora import expand_home

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

PACKED = {".gz": "gzip", ".zst": "zstd"}
"""How a file is compressed, by the end of its name."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """One data file as it was found."""

    path: Path
    """Where it is."""
    name: str
    """Its path inside the folder or glob, with slashes: its name in addresses."""
    format: str
    """One of the values of `FORMATS`."""
    packed: str | None
    """One of the values of `PACKED`; None when it is not compressed."""
    size: int
    """Stored bytes."""
    modified: int
    """Time of its last change, in nanoseconds since 1970."""


def check_there(where: str) -> None:
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
    packed = PACKED.get(suffixes.pop()) if suffixes and suffixes[-1] in PACKED else None
    form = FORMATS.get(suffixes[-1]) if suffixes else None
    if form is None or path.name.startswith(".") or (form == "parquet" and packed):
        return None
    stat = path.stat()
    name = path.relative_to(root).as_posix()
    return LocalFile(path, name, form, packed, stat.st_size, stat.st_mtime_ns)
