"""The data files that a path, a glob or a list of them means: one rule for all of them."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpuscope.corpora.parse import STDIN, expand_home, is_remote
from corpuscope.corpora.path_matches import (
    file_type,
    files_below,
    is_ignored,
    is_ignored_match,
    paths_matching,
    shown,
)
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError

FORMATS = {
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".txt": "text",
    ".text": "text",
}
"""Format of a file, by the extension before that of the compression."""

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd", ".bz2": "bzip2", ".xz": "xz"}
"""Compression of a file, by its extension."""

_UNCOMPRESSED = ("parquet", "arrow")
"""Formats that have a compression of their own, and are read in place."""


_SPECIAL = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
"""Kinds of files that may have no end, so that none of them is opened."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """One data file and its state when it was listed."""

    path: Path
    """Path of the file."""
    name: str
    """Path relative to the folder that all files of the corpus are in, with slashes, as in addresses."""
    format: str
    """Format: one of the values of `FORMATS`."""
    compression: str | None
    """Compression: one of the values of `COMPRESSIONS`; None for an uncompressed file."""
    size: int
    """Size of the file in bytes, before decompression."""
    modified: int
    """Modification time, in nanoseconds since 1970."""
    changed: int
    """Time of the last change of content, name or mode, in nanoseconds since 1970. No program can set it back."""


@dataclass(frozen=True, slots=True)
class DataFiles:
    """The data files of a corpus."""

    files: tuple[LocalFile, ...]
    """The files in the order of their names; never empty, and all of one format."""
    notes: tuple[str, ...] = ()
    """One sentence for each kind of file that was left out, with how many there are."""


def local_paths(corpus: Corpus) -> tuple[str, ...]:
    """Return the paths of a local corpus for the working folder.

    A relative path is one in the folder of the study, or else, as in plans of earlier versions, in the working
    folder.
    """
    return tuple(_located(path, corpus.folder) for path in corpus.paths or (corpus.path,))


def _located(path: str, folder: str) -> str:
    if path == STDIN or is_remote(path) or expand_home(path).is_absolute():
        return path
    study = Path(folder)
    if not folder or (study.exists() and study.samefile(Path())):
        return path
    in_study = study / path
    if not study.exists():  # ".." leads nowhere from a folder that will be created with its first label
        in_study = Path(os.path.normpath(in_study))
    in_folder = file_type(in_study) or next(paths_matching(in_study), None) is not None
    return str(in_study) if in_folder or not os.path.lexists(path) else path


def check_paths_exist(corpus: Corpus) -> None:
    """Raise CorpusError when a path is missing or cannot be read. A glob is searched for one match only."""
    for where in local_paths(corpus):
        if where == STDIN or is_remote(where):
            continue
        target = _target(where)
        if not file_type(target) and next(paths_matching(target), None) is None:
            raise _missing(where)


def find(*paths: str) -> DataFiles:
    """List the data files at `paths`, each a file, a folder or a glob.

    Names that begin with a dot or an underscore are left out, unless `paths` is that name alone or the pattern
    spells the character out. Linked folders are followed once. A file that several names lead to counts once.

    Raises CorpusError that names the path at fault: nothing there, no data files, several formats, a broken link,
    a FIFO, or a name that is not UTF-8.
    """
    selection = _Selection()
    for where in paths:
        target = _target(where)
        kind = file_type(target)
        if len(paths) > 1 and kind and is_ignored(target.name):
            selection.ignore(target)
        elif kind:
            selection.add(target, kind, given=len(paths) == 1)
        else:
            matches = list(paths_matching(target))
            if not matches:
                raise _missing(where)
            for path in matches:
                if is_ignored_match(path, target):
                    selection.ignore(path)
                else:
                    selection.add(path, file_type(path))
    return selection.data_files(paths)


class _Selection:
    """The files collected so far, and what was left out."""

    def __init__(self) -> None:
        self._paths: list[Path] = []
        self._ignored: dict[str, None] = {}
        self._others: dict[str, int] = {}
        self._repeated: dict[str, None] = {}
        self._identities: set[tuple[int, int]] = set()
        self._saved: dict[Path, frozenset[str] | None] = {}

    def ignore(self, path: Path) -> None:
        """Leave out a name that begins with a dot or an underscore."""
        self._ignored[os.fspath(path)] = None

    def add(self, path: Path, kind: int, *, given: bool = False) -> None:
        """Add a file, or the files of a folder; `given` means that the user named this path alone."""
        if kind == stat.S_IFDIR:
            self._add_folder(path)
        elif kind == stat.S_IFREG:
            self._add_file(path, given=given)
        elif given or _format_of(path):
            _refuse_special(path, kind)

    def _add_folder(self, folder: Path) -> None:
        for path in files_below(folder):
            if is_ignored(path.name):
                self.ignore(path)
            elif _format_of(path) or path.is_file():
                self.add(path, file_type(path))

    def _add_file(self, path: Path, *, given: bool) -> None:
        status = path.stat()
        if not _format_of(path):
            if given:
                raise CorpusError(f"{shown(path)} is not a data file", _known_formats())
            self._others[os.fspath(path)] = status.st_size
            return
        if not given and self._is_beside_saved_data(path):
            self._others[os.fspath(path)] = status.st_size
            return
        if (status.st_dev, status.st_ino) in self._identities:
            self._repeated[os.fspath(path)] = None
            return
        self._identities.add((status.st_dev, status.st_ino))
        self._paths.append(path)

    def _is_beside_saved_data(self, path: Path) -> bool:
        """Tell whether `save_to_disk` of `datasets` wrote the folder, and this file is none of its data."""
        if path.parent not in self._saved:
            self._saved[path.parent] = _saved_files(path.parent)
        saved = self._saved[path.parent]
        return path.name == "dataset_dict.json" if saved is None else path.name not in saved

    def data_files(self, paths: Sequence[str]) -> DataFiles:
        """Return the collected files, described and sorted. Raises CorpusError."""
        where = paths[0] if len(paths) == 1 else f"the {len(paths):,} paths"
        if not self._paths:
            hint = _known_formats()
            if self._ignored:
                hint += (
                    f"; {_listed(self._ignored)} begins with a dot or an underscore: name it alone to read it"
                )
            raise CorpusError(f"{where} holds no data file", hint)
        root = os.path.commonpath([os.path.abspath(path.parent) for path in self._paths])  # noqa: PTH100  links stay
        all_described = (described(path, root) for path in self._paths)
        files = sorted(filter(None, all_described), key=lambda file: file.name)
        formats = Counter(file.format for file in files)
        if len(formats) > 1:
            counts = ", ".join(f"{count} {name}" for name, count in formats.most_common())
            raise CorpusError(
                f"{where} holds several kinds of files ({counts})", "choose one with a glob, as in '*.jsonl'"
            )
        return DataFiles(tuple(files), tuple(self._notes()))

    def _notes(self) -> Iterator[str]:
        if self._ignored:
            names = _listed(self._ignored)
            yield f"left out, with a dot or an underscore first: {len(self._ignored):,} ({names})"
        if self._others:
            size = sum(self._others.values())
            yield f"left out, no known data: {len(self._others):,} of {size:,} bytes ({_listed(self._others)})"
        if self._repeated:
            names = _listed(self._repeated)
            yield f"left out, other names of the same files: {len(self._repeated):,} ({names})"


def _saved_files(folder: Path) -> frozenset[str] | None:
    """Return the data files of a folder written by `save_to_disk` of `datasets`; None for another folder."""
    try:
        state = json.loads((folder / "state.json").read_bytes())
        return frozenset(str(entry["filename"]) for entry in state["_data_files"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _target(where: str) -> Path:
    if not where.strip():
        raise CorpusError("a path is empty", "name a file, a folder or a glob")
    return expand_home(where)


def _refuse_special(path: Path, kind: int) -> None:
    what = _SPECIAL.get(kind, "no regular file")
    raise CorpusError(
        f"{shown(path)} is {what}, which cannot be read twice",
        "save its content to a file, or pipe it: ... | corpuscope sample -",
    )


def _format_of(path: Path) -> tuple[str, str | None] | None:
    """Return the format and the compression of a file by its name; None when it is not a data file."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    compression = COMPRESSIONS.get(suffixes.pop()) if suffixes and suffixes[-1] in COMPRESSIONS else None
    form = FORMATS.get(suffixes[-1]) if suffixes else None
    return None if form is None or (form in _UNCOMPRESSED and compression) else (form, compression)


def is_data_file(name: str) -> bool:
    """Tell whether a file is a data file by its name."""
    return _format_of(Path(name)) is not None


def described(path: Path, root: str) -> LocalFile | None:
    """Return the file with its name below the folder `root`; None when it is not a data file. Raises CorpusError."""
    kind = _format_of(path)
    if kind is None:
        return None
    try:
        os.fspath(path).encode()
    except UnicodeEncodeError:
        raise CorpusError(f"{shown(path)} has a name that is not UTF-8", "rename it") from None
    name = Path(os.path.relpath(path, root)).as_posix()
    status = path.stat()
    return LocalFile(path, name, *kind, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _missing(where: str) -> CorpusError:
    return CorpusError(f"there is no file {shown(Path(where))}", "check the path; put a glob in quotes")


def _known_formats() -> str:
    return f"known: {', '.join(FORMATS)}, also with {', '.join(COMPRESSIONS)}"


def _listed(paths: Iterable[str], most: int = 3) -> str:
    names = list(dict.fromkeys(shown(Path(Path(path).name)) for path in paths))
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")
