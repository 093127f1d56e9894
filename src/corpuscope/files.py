"""Write files whole and durably, or not at all, and explain an OSError to the user."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG
from threading import get_ident
from typing import BinaryIO

from corpuscope.errors import CorpuscopeError, LedgerError, LedgerNotWritable, UsageError, require_folder

_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)


class Files:
    """The operating system's files. Every method raises OSError.

    Written bytes are durable after `sync`. A created, renamed or removed name is durable after `sync_folder`.
    """

    def make_folder(self, folder: Path) -> None:
        """Create `folder` and its missing parents durably; an existing folder is made durable too."""
        if not folder.is_dir():
            if folder.parent != folder:
                self.make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
        # Even for an existing folder: its creator may have been killed before syncing the parent.
        with suppress(PermissionError):
            self.sync_folder(folder.parent)

    def create(self, path: Path) -> int:
        """Create a file and return a descriptor open for appending.

        Raises FileExistsError when the name is taken.
        """
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def open(self, path: Path) -> int:
        """Open an existing file for reading and appending, and return its descriptor."""
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)

    def open_lock(self, path: Path) -> int:
        """Open a file that only carries a lock, creating it when missing.

        Read access is enough for another user's file.
        """
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as refused:
            if refused.errno not in READ_ONLY:
                raise
            try:
                return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                raise refused from None

    def write(self, descriptor: int, data: bytes | memoryview) -> None:
        """Write all of `data`; after an error any part of it may have been written."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut the file to `size` bytes."""
        os.ftruncate(descriptor, size)

    def sync(self, descriptor: int) -> None:
        """Flush the written bytes to the disk itself."""
        if _FULL_SYNC is not None:
            # On macOS fsync leaves data in the drive's cache; only this call flushes it, where supported.
            try:
                fcntl.fcntl(descriptor, _FULL_SYNC)
            except OSError:
                os.fsync(descriptor)
        else:
            os.fsync(descriptor)

    def sync_folder(self, folder: Path) -> None:
        """Flush the names in `folder` to the disk."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self.sync(descriptor)
        except OSError as error:
            # Some network file systems cannot fsync a folder; names are durable once the server has them.
            if error.errno not in (errno.EINVAL, errno.EBADF):
                raise
        finally:
            os.close(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Rename atomically within one file system, replacing what `new` named."""
        old.replace(new)

    def rename_new(self, old: Path, new: Path) -> None:
        """Rename atomically unless `new` names a file. Raises FileExistsError then."""
        try:
            self.make_second_name(old, new)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
                raise
            # Some file systems know no second names: looking and renaming are two steps there.
            if new.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new)) from error
            self.rename(old, new)
        else:
            self.remove(old)

    def make_second_name(self, old: Path, new: Path) -> None:
        """Give a file a second name. Raises FileExistsError when it is taken."""
        os.link(old, new)

    def remove(self, path: Path) -> None:
        """Remove a name; do nothing when it is already gone."""
        path.unlink(missing_ok=True)

    def lock(self, descriptor: int, *, wait: bool) -> bool:
        """Take the exclusive lock; return False when another process has it.

        The lock ends with the descriptor or the process.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def close(self, descriptor: int) -> None:
        """Close the descriptor and release its lock."""
        os.close(descriptor)


MOST_WRITTEN_BY_HAND = 4 << 20
"""Bytes up to which a file that a person writes is read; a corpus named by mistake would fill the memory."""


def read_written_by_hand(path: Path) -> bytes:
    """Read a file that a person writes, such as categories. Raises OSError, also for a file of more than 4 MB."""
    with path.open("rb") as stream:
        data = stream.read(MOST_WRITTEN_BY_HAND + 1)
    if len(data) > MOST_WRITTEN_BY_HAND:
        # without a number of the system, so that `reason` gives these words
        raise OSError(f"it has more than {MOST_WRITTEN_BY_HAND >> 20} MB")
    return data


@contextmanager
def locked(path: Path, busy: str, files: Files | None = None) -> Iterator[None]:
    """Hold the lock in the file `path`. Raises UsageError, saying `busy`, while another process has it, and OSError."""
    files = files or Files()
    descriptor = files.open_lock(path)
    try:
        if not files.lock(descriptor, wait=False):
            raise UsageError(busy, "wait for it, or stop it")
        yield
    finally:
        files.close(descriptor)


def is_writable(path: Path) -> bool:
    """Tell whether `path` can be written or, when it is missing, be created."""
    existing = next(place for place in (path, *path.absolute().parents) if os.path.lexists(place))
    return os.access(existing, os.W_OK) and (existing == path or existing.is_dir())


@contextmanager
def replacing(
    path: Path,
    files: Files | None = None,
    *,
    temporary: Path | None = None,
    durable: bool = True,
    overwrite: bool = True,
    mode: int | None = None,
) -> Iterator[int]:
    """Yield the descriptor of a new file that gets the name `path` at the end; after an error nothing is left.

    When `durable`, the name leads to the old content or to all of the new one even after a power failure. Without
    `overwrite` a file that has the name by then stays. `temporary` is the path until then, `mode` the permission
    bits; None chooses them. Raises OSError.
    """
    files = files or Files()
    if temporary is None:  # unique among processes and threads, and not longer than a file system allows
        temporary = path.with_name(f".{path.name[:40]}.{os.getpid()}-{get_ident()}.tmp")
    files.remove(temporary)
    descriptor = files.create(temporary)
    try:
        if mode is not None:
            os.fchmod(descriptor, mode)
        yield descriptor
        if durable:
            files.sync(descriptor)
        if overwrite:
            files.rename(temporary, path)
        else:
            with suppress(FileExistsError):
                files.rename_new(temporary, path)
            files.remove(temporary)
    except BaseException:
        with suppress(OSError):
            files.remove(temporary)
        raise
    finally:
        files.close(descriptor)
    if durable:
        files.sync_folder(path.parent)


@contextmanager
def stream_of(descriptor: int) -> Iterator[BinaryIO]:
    """Yield a stream on a descriptor of `replacing`, which is flushed and left open at the end."""
    # A stream may go back to write a header, which a descriptor open for appending would not.
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) & ~os.O_APPEND)
    with open(descriptor, "wb", closefd=False) as stream:
        yield stream


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """Yield a stream whose content becomes that of `file` at the end, as a whole or not at all.

    A link is written through, and the file that is replaced hands down its permissions. A device, a pipe and an
    open descriptor such as /dev/fd/3 are written to as the content comes. Raises UsageError when the folder of
    `file` is missing, and CorpuscopeError naming the file when it cannot be written.
    """
    target = Path(os.path.realpath(file)) if file.is_symlink() else file
    try:
        if is_stream(file):
            with _opened(file) as stream:
                yield stream
            return
        _check_parent(target)
        mode = None
        with suppress(FileNotFoundError):
            mode = S_IMODE(file.stat().st_mode)
        with replacing(target, mode=mode) as descriptor, stream_of(descriptor) as stream:
            yield stream
    except OSError as fault:
        raise CorpuscopeError(f"{file}: cannot be written: {reason(fault)}") from fault


_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d+)")
_STANDARD = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}


def is_stream(file: Path) -> bool:
    """Tell whether `file` is written to as it is, not replaced: a device, a pipe or an open descriptor."""
    if _descriptor_of(file) is not None:
        return True
    try:
        mode = file.stat().st_mode
    except OSError:
        return False
    return not S_ISREG(mode) and not S_ISDIR(mode)


def _descriptor_of(file: Path) -> int | None:
    """Return the number of the open descriptor that `file` names.

    Opening /dev/stdout anew would empty a file that the shell appends to.
    """
    match = _DESCRIPTOR.fullmatch(str(file))
    return int(match[1]) if match else _STANDARD.get(str(file))


def _opened(file: Path) -> BinaryIO:
    descriptor = _descriptor_of(file)
    return file.open("wb") if descriptor is None else os.fdopen(os.dup(descriptor), "wb")


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder that becomes `folder` at the end.

    Raises UsageError when `folder` is a file, has content or has no parent folder, and CorpuscopeError when
    it cannot be written.
    """
    _check_parent(folder)
    _check_free(folder)
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        temporary.mkdir()
        yield temporary
        temporary.replace(folder)
        Files().sync_folder(folder.parent)
    except OSError as fault:
        raise CorpuscopeError(f"{folder}: cannot be written: {reason(fault)}") from fault
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _check_parent(path: Path) -> None:
    require_folder(path.parent, f"{path.name} needs a folder to be in: make it, or name another")


def _check_free(folder: Path) -> None:
    """Raise UsageError unless `folder` is missing or empty: anything in it may be somebody's work."""
    try:
        taken = any(folder.iterdir())
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise UsageError(f"{folder}: is a file", "name a folder that is not there yet") from None
    except OSError as fault:
        raise CorpuscopeError(f"{folder}: cannot be read: {reason(fault)}") from fault
    if taken:
        raise UsageError(f"{folder}: is not empty", "name a folder that is not there yet")


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Error numbers that mean the disk or the quota is full."""

READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
"""Error numbers that mean a file or a folder may not be written."""

_HINTS = {
    **dict.fromkeys(NO_ROOM, "make room on that disk, then go on; no label saved before is lost"),
    **dict.fromkeys(READ_ONLY, "make the folder writable or choose another one with --labels"),
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
    """Return the operating system's description of `error`, or its own words where it has no number of the system."""
    return os.strerror(error.errno) if error.errno else str(error)


def explained(error: OSError, path: Path, what: str) -> LedgerError:
    """Return the error to show: `what` failed at `path`, why, and what to do next."""
    kind = LedgerNotWritable if error.errno in READ_ONLY else LedgerError
    return kind(f"{what}: {reason(error)} ({path})", advice(error))


def advice(error: OSError) -> str:
    """Return what to do about an error in the labels folder."""
    return _HINTS.get(error.errno or 0, "check the disk, then try again; no label saved before is lost")


def digest(*parts: object) -> bytes:
    """Return the 32-byte BLAKE2b digest of `parts`, whose `str` has to be the same on every machine."""
    import hashlib

    text = "\x1f".join(str(part) for part in parts)
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=32).digest()
