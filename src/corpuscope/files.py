"""The one way a file is written: whole, durable, or not at all; and what an OSError means to a person."""

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

from corpuscope import __version__
from corpuscope.errors import CorpuscopeError, LedgerError, UsageError, require_folder

_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)


class Files:
    """The operating system's files. Every method raises OSError.

    A written byte is durable after `sync`; a created, renamed or removed name after `sync_folder`.
    """

    def make_folder(self, folder: Path) -> None:
        """Makes sure that `folder` is there, durably, and creates what is missing of its parents."""
        if not folder.is_dir():
            if folder.parent != folder:
                self.make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
        # Also when it was there: whoever created it may have been killed before this.
        with suppress(PermissionError):
            self.sync_folder(folder.parent)

    def create(self, path: Path) -> int:
        """A descriptor of a new file, open for appending; FileExistsError when the name is taken."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def open(self, path: Path) -> int:
        """A descriptor of an existing file, open for reading and appending."""
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)

    def open_lock(self, path: Path) -> int:
        """A descriptor of a file that only carries a lock; created when missing, another user's is good enough."""
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as refused:
            if refused.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise
            try:
                return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                raise refused from None

    def write(self, descriptor: int, data: bytes | memoryview) -> None:
        """Writes all of `data`; after an error any part of it may have been written."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]

    def truncate(self, descriptor: int, size: int) -> None:
        """Cuts the file to `size` bytes."""
        os.ftruncate(descriptor, size)

    def sync(self, descriptor: int) -> None:
        """Returns when what was written is on the disk itself."""
        if _FULL_SYNC is not None:
            # On macOS fsync leaves data in the drive's cache; only this flushes it, where the volume knows it.
            try:
                fcntl.fcntl(descriptor, _FULL_SYNC)
            except OSError:
                os.fsync(descriptor)
        else:
            os.fsync(descriptor)

    def sync_folder(self, folder: Path) -> None:
        """Returns when the names in `folder` are on the disk."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self.sync(descriptor)
        except OSError as error:
            # Some network file systems know no fsync of folders; there names are durable once the server has them.
            if error.errno not in (errno.EINVAL, errno.EBADF):
                raise
        finally:
            os.close(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Renames within one file system, at once or not at all; replaces what `new` named."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """Removes a name; nothing happens when it is gone already."""
        path.unlink(missing_ok=True)

    def lock(self, descriptor: int, *, wait: bool) -> bool:
        """Takes the exclusive lock that ends with the descriptor or the process; False when another holds it."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def close(self, descriptor: int) -> None:
        """Closes the descriptor and gives up its lock."""
        os.close(descriptor)


def cached_json(folder: Path, *of: object) -> Any | None:  # noqa: ANN401 - whatever JSON was remembered
    """What `cache_json` was told of exactly these contents, by this version of corpuscope; None when nothing was."""
    whole = _whole(of)
    try:
        kept = json.loads(_place(folder, whole).read_bytes())
        return kept["value"] if kept["of"] == whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def cache_json(folder: Path, value: object, *of: object) -> None:
    """Keeps a value that JSON can say. All of `folder` may be deleted at any time; a full disk costs only time."""
    whole = _whole(of)
    place = _place(folder, whole)
    temporary = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"of": whole, "value": value}))
        temporary.replace(place)


def _whole(of: tuple[object, ...]) -> str:
    return repr((__version__, *of))


def _place(folder: Path, whole: str) -> Path:
    # Compared whole when read, so a short sum will do; loading hashlib takes milliseconds of every start.
    return folder / f"{crc32(whole.encode()):08x}.json"


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """What is written becomes `file` at the end, through a temporary name beside it.

    Raises UsageError when there is no folder for it, CorpuscopeError naming the file when it cannot be written;
    what was there before stays then.
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
    """What is put into the folder given becomes `folder` at the end.

    Raises UsageError when something is there already or there is no folder for it, CorpuscopeError when it cannot
    be written.
    """
    import shutil

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
    """An empty folder may be replaced; anything else may be somebody's work."""
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


def keep_cached(path: Path, content: bytes) -> None:
    """Writes a cache file whole or not at all; a full or read-only disk only makes the next start slower."""
    import tempfile

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
    """A short file name that stands for `parts`."""
    import hashlib

    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def digest(*parts: object) -> bytes:
    """A 32-byte key from anything that prints the same everywhere."""
    import hashlib

    text = "\x1f".join(str(part) for part in parts)
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=32).digest()
