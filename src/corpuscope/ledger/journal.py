"""One journal file, held under the lock that tells a live session from a dead one."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpuscope.files import Files
from corpuscope.ledger.lines import Scan, encode, scan

if TYPE_CHECKING:  # made before the first frame, written to after it
    from corpuscope.ledger.record import Record

VERSION = 2
"""Version of the journal's records, in its first line. Since 2 a document's content may stand ahead of its events."""


class Journal:
    """A journal this process holds. Methods raise OSError.

    The lock is the kernel's, so it ends with the process however that ends: a journal that can be locked has
    no living session.
    """

    def __init__(self, path: Path, descriptor: int, files: Files) -> None:
        self.path = path
        self.events = 0
        """Events appended by this process."""
        self.contents: dict[str, Record] = {}
        """Hash and length of each text that stands in it ahead of its events, by document id."""
        self.size = 0
        """Bytes that are known to be durable."""
        self.sound = True
        """False after a failure that leaves open what the file holds: nothing may be appended any more."""
        self._descriptor: int | None = descriptor
        self._files = files

    @classmethod
    def create(cls, path: Path, header: "Record", files: Files) -> Self:
        """A new journal that is durable, name and header. FileExistsError when the name is taken."""
        while True:
            journal = cls(path, files.create(path), files)
            try:
                if journal._claim(wait=True):
                    journal._write(encode(header))
                    files.sync_folder(path.parent)
                    return journal
            except OSError:
                with suppress(OSError):
                    journal.remove()
                raise
            # Before it was locked another process took the empty file for a dead session's and removed it.
            journal.release()

    @classmethod
    def seize(cls, path: Path, files: Files) -> Self | None:
        """The journal of a dead session; None when its session lives or the file is gone."""
        try:
            descriptor = files.open(path)
        except (FileNotFoundError, PermissionError):
            return None  # removed since it was listed, or another user's, whose next start sees to it
        journal = cls(path, descriptor, files)
        try:
            held = journal._claim(wait=False)
        except OSError:
            journal.release()
            raise
        if held:
            return journal
        journal.release()
        return None

    def append(self, line: bytes) -> None:
        """An event, durable when it returns; after an error the file ends where it did, or is no longer `sound`."""
        self._write(line)
        self.events += 1

    def append_content(self, document_id: str, line: bytes, known: "Record") -> None:
        """The same for the line of a document's content, which `append` may then leave out of its events."""
        self._write(line)
        self.contents[document_id] = known

    def scan(self) -> Scan:
        """Everything that can be read in it."""
        return scan_file(self.path)

    def remove(self) -> None:
        """Removes the file and gives up the lock."""
        try:
            self._files.remove(self.path)
            self._files.sync_folder(self.path.parent)
        finally:
            self.release()

    def set_aside(self, path: Path) -> None:
        """Renames the file to `path`, where nobody looks for journals, and gives up the lock."""
        try:
            self._files.rename(self.path, path)
            self._files.sync_folder(path.parent)
        finally:
            self.release()

    def release(self) -> None:
        """Gives up the lock and leaves the file: to others its session is dead now."""
        if self._descriptor is not None:
            self._files.close(self._descriptor)
            self._descriptor = None

    def _claim(self, *, wait: bool) -> bool:
        """Takes the lock; False when it is another's or the name no longer means this file."""
        assert self._descriptor is not None
        return self._files.lock(self._descriptor, wait=wait) and _is(self.path, self._descriptor)

    def _write(self, line: bytes) -> None:
        assert self._descriptor is not None, "nothing is appended to a journal given up"
        try:
            self._files.write(self._descriptor, line)
        except OSError:
            self._cut()
            raise
        try:
            self._files.sync(self._descriptor)
        except OSError:
            # After a failed fsync the kernel may have marked the pages clean and dropped them: a second fsync
            # would report success for bytes that never reached the disk. Only a new file can be trusted again.
            self.sound = False
            self._cut()
            raise
        self.size += len(line)

    def _cut(self) -> None:
        """Takes back a line that is not acknowledged, so that it is never read as one."""
        assert self._descriptor is not None
        try:
            self._files.truncate(self._descriptor, self.size)
        except OSError:
            self.sound = False


def scan_file(path: Path) -> Scan:
    """Everything that can be read in the journal at `path`, whoever holds it; nothing when it is gone."""
    try:
        return scan(path.read_bytes())
    except FileNotFoundError:
        return scan(b"")


def _is(path: Path, descriptor: int) -> bool:
    """Whether `path` still names the open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
