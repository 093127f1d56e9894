"""Simulate power failures: the real files as programs see them, and a model of what is on the disk."""

from __future__ import annotations

import os
import random
from pathlib import Path

from corpuscope.files import Files


class PowerCut(OSError):
    """The power is off: this operation and all later ones did not happen."""


class Identity:
    """The content of one file, independent of its names and inode number."""

    def __init__(self) -> None:
        self.durable = b""
        """Content at the last fsync."""
        self.written = b""
        """Content now."""


Names = dict[str, Identity | None]
"""Names in a folder; None for a folder."""


DiskContent = dict[Path, bytes | None]
"""Content of files by path below the root, in order; None for a folder."""


def write_disk(content: DiskContent, target: Path) -> Path:
    """Write files and folders to the new folder `target`."""
    target.mkdir(parents=True)
    for path, data in content.items():
        if data is None:
            (target / path).mkdir()
        else:
            (target / path).write_bytes(data)
    return target


class PowerFiles(Files):
    """Files in `root` until the power fails at operation number `cut_at`.

    Bytes are durable only after `sync`, and names only after `sync_folder`, however much time or other
    operations follow.
    """

    def __init__(self, root: Path, cut_at: int | None = None) -> None:
        self.operations = 0
        """Number of operations so far that changed something or made it durable."""
        self._root = root
        self.cut_at = cut_at
        """Number of the first operation without power; None for a machine that stays on."""
        self._by_inode: dict[int, Identity] = {}
        self._durable_names: dict[Path, Names] = {}

    def make_folder(self, folder: Path) -> None:
        self._step()
        super().make_folder(folder)

    def create(self, path: Path) -> int:
        self._step()
        descriptor = super().create(path)
        # The file system may reuse the inode of a removed file: start a new identity.
        self._by_inode[os.fstat(descriptor).st_ino] = Identity()
        return descriptor

    def write(self, descriptor: int, data: bytes | memoryview) -> None:
        self._step()
        super().write(descriptor, data)
        self._identity(descriptor).written += bytes(data)

    def truncate(self, descriptor: int, size: int) -> None:
        self._step()
        super().truncate(descriptor, size)
        file = self._identity(descriptor)
        file.written = file.written[:size]

    def sync(self, descriptor: int) -> None:
        self._step()
        if (file := self._by_inode.get(os.fstat(descriptor).st_ino)) is not None:
            file.durable = file.written

    def sync_folder(self, folder: Path) -> None:
        self._step()
        self._durable_names[folder] = self._names(folder)

    def rename(self, old: Path, new: Path) -> None:
        self._step()
        super().rename(old, new)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)

    def durable(self) -> DiskContent:
        """Return what the disk holds when only what was synced survives."""
        content: DiskContent = {}
        folders = [self._root]
        for folder in folders:
            for name, file in self._durable_names.get(folder, {}).items():
                path = folder / name
                content[path.relative_to(self._root)] = None if file is None else file.durable
                if file is None:
                    folders.append(path)
        return content

    def disk(self, target: Path, luck: random.Random | None = None) -> Path:
        """Write the disk's content after the power failure to the new folder `target`.

        Without `luck` only what was synced survives. With it, unsynced names and bytes survive at random.
        """
        self._restore(self._root, target, luck)
        return target

    def _restore(self, folder: Path, target: Path, luck: random.Random | None) -> None:
        target.mkdir(parents=True)
        names = dict(self._durable_names.get(folder, {}))
        now = self._names(folder)
        for name in sorted(names.keys() | now.keys()):
            if luck is not None and names.get(name, 0) is not now.get(name, 0) and luck.random() < 0.5:
                if name in now:
                    names[name] = now[name]
                else:
                    del names[name]
        for name, file in names.items():
            if file is None:
                self._restore(folder / name, target / name, luck)
            else:
                (target / name).write_bytes(_bytes_left(file, luck))

    def _names(self, folder: Path) -> Names:
        names: Names = {}
        for entry in os.scandir(folder) if folder.is_dir() else ():
            if entry.is_dir():
                names[entry.name] = None
            elif (file := self._by_inode.get(entry.inode())) is not None:
                names[entry.name] = file
        return names

    def _identity(self, descriptor: int) -> Identity:
        return self._by_inode[os.fstat(descriptor).st_ino]

    def _step(self) -> None:
        if self.cut_at is not None and self.operations >= self.cut_at:
            raise PowerCut(5, "the power failed")
        self.operations += 1


def _bytes_left(file: Identity, luck: random.Random | None) -> bytes:
    if luck is None or not file.written.startswith(file.durable):
        return file.durable
    unsure = file.written[len(file.durable) :]
    return file.durable + unsure[: luck.randint(0, len(unsure))]
