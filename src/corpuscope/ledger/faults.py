"""What an operating system's error means for a reader, in words that say what to do."""

import errno
import os
from pathlib import Path

from corpuscope.errors import LedgerError

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Errors that go away when there is room again."""

_HINTS = {
    **dict.fromkeys(NO_ROOM, "make room on that disk, then go on; no label saved before is lost"),
    **dict.fromkeys(
        (errno.EROFS, errno.EACCES, errno.EPERM),
        "make the folder writable or choose another one with --labels",
    ),
    **dict.fromkeys(
        (errno.ENOTDIR, errno.EEXIST), "a file is in the way: move it or choose another folder with --labels"
    ),
    **dict.fromkeys(
        (errno.ENOLCK, errno.EOPNOTSUPP),
        "this file system knows no locks: choose a folder on a local disk with --labels",
    ),
    errno.EIO: "the disk reports errors: save the folder elsewhere and choose another one with --labels",
    errno.EMFILE: "too many files are open: close some programs and try again",
}


def reason(error: OSError) -> str:
    """The system's own words for `error`."""
    return os.strerror(error.errno) if error.errno else str(error)


def explained(error: OSError, path: Path, what: str) -> LedgerError:
    """The error to show: `what` failed at `path`, why, and what to do next."""
    hint = _HINTS.get(error.errno or 0, "check the disk, then try again; no label saved before is lost")
    return LedgerError(f"{what}: {reason(error)} ({path})", hint)
