"""Write files whole and durably, or not at all, and explain an OSError to the user."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache as once_for_each
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

from corpuscope import __version__
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


def is_writable(path: Path) -> bool:
    """Whether `path` can be written or, when it is missing, be created."""
    existing = next(place for place in (path, *path.absolute().parents) if os.path.lexists(place))
    return os.access(existing, os.W_OK) and (existing == path or existing.is_dir())


@once_for_each
def writable_folder(folder: Path) -> Path:
    """Return `folder` if it can be written, else a temporary one of this process, which is removed at exit."""
    if is_writable(folder) and not folder.is_file():
        return folder
    import atexit

    temporary = Path(tempfile.mkdtemp(prefix="corpuscope-cache-"))
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return temporary


def cached_json(folder: Path, *of: object) -> Any | None:  # noqa: ANN401 - any JSON value
    """Return the value that this version of corpuscope cached under the key `of`; None when there is none."""
    key = _json_key(of)
    try:
        entry = json.loads(_json_path(folder, key).read_bytes())
        return entry["value"] if entry["of"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def cache_json(folder: Path, value: object, *of: object) -> None:
    """Cache a JSON value under the key `of`.

    `folder` may be deleted at any time; a full disk only costs time.
    """
    key = _json_key(of)
    path = _json_path(folder, key)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"of": key, "value": value}))
        temporary.replace(path)


def _json_key(of: tuple[object, ...]) -> str:
    return repr((__version__, *of))


def _json_path(folder: Path, key: str) -> Path:
    # A short checksum is enough, since the whole key is compared on reading. Loading hashlib would cost every
    # start some milliseconds.
    return folder / f"{crc32(key.encode()):08x}.json"


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """Yield a stream whose content replaces `file` at the end, from a temporary file beside it.

    Raises UsageError when the folder of `file` is missing, and CorpuscopeError naming the file when it cannot
    be written. After an error the old content of `file` is still in place.
    """
    _check_parent(file)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
        Files().sync_folder(file.parent)
    except OSError as fault:
        raise CorpuscopeError(f"{file}: cannot be written: {fault.strerror or fault}") from fault
    finally:
        with suppress(OSError):
            temporary.unlink()


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
        raise CorpuscopeError(f"{folder}: cannot be written: {fault.strerror or fault}") from fault
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
        raise CorpuscopeError(f"{folder}: cannot be read: {fault.strerror or fault}") from fault
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
    """Return the operating system's description of `error`."""
    return os.strerror(error.errno) if error.errno else str(error)


def explained(error: OSError, path: Path, what: str) -> LedgerError:
    """Return the error to show: `what` failed at `path`, why, and what to do next."""
    hint = _HINTS.get(error.errno or 0, "check the disk, then try again; no label saved before is lost")
    kind = LedgerNotWritable if error.errno in READ_ONLY else LedgerError
    return kind(f"{what}: {reason(error)} ({path})", hint)


def keep_cached(path: Path, content: bytes) -> None:
    """Write a cache file atomically.

    A full or read-only disk is logged and only makes the next start slower.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        import logging

        logging.getLogger(__name__).warning("%s was not cached: %s", path, error)


def cache_key(*parts: str) -> str:
    """Return 32 hex digits that identify `parts`, for the name of a cache file."""
    import hashlib

    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def digest(*parts: object) -> bytes:
    """Return the 32-byte BLAKE2b digest of `parts`, whose `str` has to be the same on every machine."""
    import hashlib

    text = "\x1f".join(str(part) for part in parts)
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=32).digest()
