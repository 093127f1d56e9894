"""The few file operations durability rests on, in one object that a test can make fail or lose power."""

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path

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
