"""Name, list and recognise the files of a labels folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import chain, count, takewhile
from pathlib import Path
from typing import NamedTuple

from corpuscope.domain.corpus import is_safe_name

JOURNAL = ".journal"
"""Ends the name of a journal, in the labels folder itself."""

PART = ".parquet"
"""Ends the name of a part, in the folder of its corpus."""

DAMAGED = ".damaged"
"""Ends the name of a file set aside; it matches no pattern for parts."""

TEMPORARY = ".tmp"
"""Ends the name of a file being written; it matches no pattern for parts."""

LOCK = ".lock"
"""Name of the file that is locked while parts are published or removed."""

EVENT_ID = r"0[0-9a-f]{7}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""Regular expression of an event id: a UUIDv7 before the year 2527. Later ids are greater, and some must be left."""


class FileVersion(NamedTuple):
    """Identifies a file's content, so that a change since the last read is noticed."""

    inode: int
    """Inode number, different for a new file of the same name."""
    size: int
    """Size in bytes."""
    modified: int
    """Time of the last change in nanoseconds."""


class LedgerFiles(NamedTuple):
    """The files of a ledger at one moment; all other files in the folder are ignored."""

    journals: tuple[Path, ...]
    """Journals of live and dead sessions, by name."""
    parts: tuple[Path, ...]
    """Parts of every corpus, by corpus and name."""
    temporary: tuple[Path, ...]
    """Files being written, or left by a process that died while writing."""
    damaged: tuple[Path, ...]
    """Files set aside."""
    irregular: tuple[Path, ...] = ()
    """Named like journals or parts, but no files: opening a named pipe would wait for ever."""

    @property
    def readable(self) -> tuple[Path, ...]:
        """Journals and parts, in the order to read them: a journal is removed after its parts are published."""
        return (*self.journals, *self.parts)


def list_ledger(folder: Path) -> LedgerFiles:
    """List the ledger's files; there are none when the folder is missing. Raises OSError."""
    special: set[Path] = set()
    files, folders = _entries(folder, special) if folder.exists() else ([], [])
    inner = [path for corpus in folders if is_safe_name(corpus.name) for path in _entries(corpus, special)[0]]
    journals = [path for path in files if path.name.endswith(JOURNAL)]
    parts = [path for path in inner if path.name.endswith(PART) and not path.name.startswith(".")]
    irregular = tuple(path for path in (*journals, *parts) if path in special)
    return LedgerFiles(
        journals=tuple(path for path in journals if path not in irregular),
        parts=tuple(path for path in parts if path not in irregular),
        temporary=tuple(path for path in inner if path.name.endswith(PART + TEMPORARY)),
        damaged=tuple(path for path in (*files, *inner) if path.name.endswith(DAMAGED)),
        irregular=irregular,
    )


def file_version(path: Path) -> FileVersion:
    """Return the file's present version. Raises OSError."""
    status = path.stat()
    return FileVersion(status.st_ino, status.st_size, status.st_mtime_ns)


def journal_path(folder: Path, session: str, segment: int) -> Path:
    """Return the path of a session's journal; segments count from 1."""
    return folder / (f"{session}{JOURNAL}" if segment == 1 else f"{session}.{segment}{JOURNAL}")


def belongs_to(journal: Path, session: str) -> bool:
    """Tell whether `journal` is a segment of `session`."""
    return re.fullmatch(re.escape(session) + r"(\.\d+)?" + re.escape(JOURNAL), journal.name) is not None


def unused_path(path: Path) -> Path:
    """Return `path`, or the first numbered variant that names no file: `a.parquet`, `a.2.parquet`, ..."""
    return next(candidate for candidate in _variants(path) if not candidate.exists())


def numbered_variants(path: Path) -> Iterator[Path]:
    """Iterate over `path` and its numbered variants up to the first that does not exist."""
    return takewhile(Path.exists, _variants(path))


def damaged_path(path: Path) -> Path:
    """Return an unused name under which to set `path` aside."""
    return unused_path(path.with_name(path.name + DAMAGED))


def _variants(path: Path) -> Iterator[Path]:
    return chain([path], (path.with_name(f"{path.stem}.{number}{path.suffix}") for number in count(2)))


def _entries(folder: Path, special: set[Path]) -> tuple[list[Path], list[Path]]:
    """List the files and the folders in `folder`, sorted by name; add what is not a regular file to `special`."""
    files: list[Path] = []
    folders: list[Path] = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = folder / entry.name
            (folders if entry.is_dir() else files).append(path)
            if not (entry.is_dir() or entry.is_file()):
                special.add(path)
    return files, folders


_TRAILER = 8
"""Bytes at the end of a Parquet file: the length of its footer in four bytes, then PAR1."""

# In the footer each key of the file metadata is followed by two bytes of Thrift framing and its value.
_LAST_EVENT = rb"(?s)corpuscope\.ledger\.last_event..(%b)" % EVENT_ID.encode()


def last_event_of_parts(folder: Path) -> str | None:
    """Return the greatest event id in the parts of a ledger, None when they have none. Raises OSError."""
    return max(filter(None, map(_last_event, list_ledger(folder).parts)), default=None)


def _last_event(path: Path) -> str | None:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None  # merged into another part since it was listed, which creates no new ids
    with file:
        size = file.seek(0, 2)
        file.seek(max(size - _TRAILER, 0))
        length = int.from_bytes(file.read(4), "little")
        file.seek(max(size - _TRAILER - length, 0))
        ids = re.findall(_LAST_EVENT, file.read(length))
    return max(ids).decode() if ids else None
