"""The files that a path, a folder or a glob leads to on a disk."""

from __future__ import annotations

import errno
import glob
import os
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from corpuscope.errors import CorpusError
from corpuscope.files import reason

_IGNORED = "._"
"""First characters of names that hold no data by convention: `.git`, `.ipynb_checkpoints`, `_SUCCESS`."""

_DOTS = (".", "..")


def file_type(path: Path) -> int:
    """Return the type bits of a file's mode, links followed; 0 when there is nothing.

    Raises CorpusError for a link that leads nowhere and for a path that cannot be read.
    """
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        if path.is_symlink():
            target = os.fsdecode(path.readlink())
            hint = "mend or remove the link"
            raise CorpusError(f"{shown(path)} is a link to {target}, which is not there", hint) from None
        return 0
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise CorpusError(f"{shown(path)} is a link that leads back to itself", "remove it") from None
        if error.errno == errno.ENAMETOOLONG:
            return 0
        raise CorpusError(f"{shown(path)} cannot be read: {reason(error)}") from error


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files under `folder` in a fixed order, and ignored names without what is in them.

    Linked folders come last, so that a file keeps its own name where a link leads to it too.
    """
    visited: set[tuple[int, int]] = set()
    folders = deque([folder])
    while folders:
        current = folders.popleft()
        try:
            status = current.stat()
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError as error:
            raise CorpusError(f"{shown(current)} cannot be read: {reason(error)}") from error
        if (status.st_dev, status.st_ino) in visited:
            continue
        visited.add((status.st_dev, status.st_ino))
        inner = []
        for entry in entries:
            path = Path(entry.path)
            if is_ignored(entry.name):
                yield path
            elif entry.is_dir(follow_symlinks=False):
                inner.append(path)
            elif entry.is_symlink() and path.is_dir():
                folders.append(path)
            else:
                yield path
        folders.extendleft(reversed(inner))


def paths_matching(target: Path) -> Iterator[Path]:
    """Yield the paths that match a pattern. Its leading parts that exist are taken literally, brackets and all."""
    parts = target.parts
    base = Path(target.anchor)
    start = 1 if target.anchor else 0
    while start < len(parts) - 1 and (base / parts[start]).is_dir():
        base /= parts[start]
        start += 1
    rest = parts[start:]
    deep = rest.index("**") if "**" in rest else len(rest)
    if deep == len(rest):
        for match in sorted(glob.iglob(os.path.join(*rest), root_dir=base)):  # noqa: PTH118, PTH207  any root
            yield base / match
        return
    heads = sorted(glob.iglob(os.path.join(*rest[:deep]), root_dir=base)) if deep else [""]  # noqa: PTH118, PTH207
    for head in heads:
        for path in files_below(base / head) if (base / head).is_dir() else ():
            is_pruned = is_ignored(path.name) and path.is_dir()
            if is_pruned or _fits(path.relative_to(base / head).parts, rest[deep:]):
                yield path


def _fits(parts: Sequence[str], patterns: Sequence[str]) -> bool:
    """Tell whether the parts of a path match those of a pattern, in which ** stands for any number of folders."""
    if not patterns:
        return not parts
    if patterns[0] == "**":
        return _fits(parts, patterns[1:]) or (bool(parts) and _fits(parts[1:], patterns))
    return bool(parts) and fnmatchcase(parts[0], patterns[0]) and _fits(parts[1:], patterns[1:])


def is_ignored(name: str) -> bool:
    """Tell whether a name begins with a dot or an underscore, and so holds no data by convention."""
    return name.startswith(tuple(_IGNORED))


def is_ignored_match(path: Path, pattern: Path) -> bool:
    """Tell whether a match has an ignored name in it that the pattern does not spell out."""
    spelled = {part[0] for part in pattern.parts if part not in _DOTS}
    return any(part[0] in _IGNORED and part[0] not in spelled and part not in _DOTS for part in path.parts)


def shown(path: Path) -> str:
    """Return the path for a message, with bytes that are no UTF-8 as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
