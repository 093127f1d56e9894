"""Which file of a labels folder is what, told by names alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

JOURNAL = ".journal"
"""Ends the name of a journal, in the labels folder itself."""
PART = ".parquet"
"""Ends the name of a part, in the folder of its corpus."""
DAMAGED = ".damaged"
"""Ends the name of a file that was set aside; no pattern for parts matches it."""
TEMPORARY = ".tmp"
"""Ends the name of a file being written; no pattern for parts matches it."""
LOCK = ".lock"
"""The file whose lock is held while parts are published or removed."""

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file is not the one read before."""

    inode: int
    """Number of the file, new for a new file of the same name."""
    size: int
    """Bytes."""
    modified: int
    """Time of the last change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a ledger at one moment; everything else in the folder is left alone."""

    journals: tuple[Path, ...]
    """Journals of live and dead sessions, by name."""
    parts: tuple[Path, ...]
    """Parts of every corpus, by corpus and name."""
    temporary: tuple[Path, ...]
    """Files some process is writing, or was when it died."""
    damaged: tuple[Path, ...]
    """Files set aside."""


def is_safe(name: str) -> bool:
    """Whether `name` may become part of a file name: a session or the key of a corpus."""
    return _SAFE.fullmatch(name) is not None


def list_ledger(folder: Path) -> Listing:
    """The ledger's files; empty when the folder is missing. Raises OSError."""
    top = sorted(folder.iterdir()) if folder.exists() else []
    journals = [path for path in top if path.name.endswith(JOURNAL)]
    damaged = [path for path in top if path.name.endswith(JOURNAL + DAMAGED) or _numbered(path, JOURNAL)]
    parts: list[Path] = []
    temporary: list[Path] = []
    for corpus in (path for path in top if path.is_dir() and is_safe(path.name)):
        for path in _files(corpus):
            if path.name.endswith(PART):
                parts.append(path)
            elif path.name.endswith(PART + TEMPORARY):
                temporary.append(path)
            elif path.name.endswith(DAMAGED):
                damaged.append(path)
    return Listing(tuple(journals), tuple(parts), tuple(temporary), tuple(damaged))


def stamp(path: Path) -> Stamp:
    """What the file is now. Raises OSError."""
    status = path.stat()
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns)


def journal_path(folder: Path, session: str, segment: int) -> Path:
    """The journal of a session's n-th segment, from 1."""
    return folder / (f"{session}{JOURNAL}" if segment == 1 else f"{session}.{segment}{JOURNAL}")


def belongs_to(journal: Path, session: str) -> bool:
    """Whether `journal` is a segment of `session`."""
    return re.fullmatch(re.escape(session) + r"(\.\d+)?" + re.escape(JOURNAL), journal.name) is not None


def free_path(path: Path) -> Path:
    """`path`, or the first numbered variant of it that names no file: `a.parquet`, `a.2.parquet`, ..."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.stem}.{number}{path.suffix}")
    return candidate


def siblings(path: Path) -> Iterator[Path]:
    """`path` and its numbered variants that exist."""
    candidate, number = path, 1
    while candidate.exists():
        yield candidate
        number += 1
        candidate = path.with_name(f"{path.stem}.{number}{path.suffix}")


def damaged_path(path: Path) -> Path:
    """A free name to set `path` aside under."""
    return free_path(path.with_name(path.name + DAMAGED))


def _numbered(path: Path, suffix: str) -> bool:
    return path.name.endswith(DAMAGED) and suffix in path.name


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return []
