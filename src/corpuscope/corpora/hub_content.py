"""The content of files on the Hub for the readers that take local files apart."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import IO

from corpuscope.corpora.compressed import Content
from corpuscope.corpora.hub_files import ARCHIVE, HubFileSystem, file_address
from corpuscope.corpora.hub_requests import configure_hub_client
from corpuscope.corpora.hub_settings import require_online
from corpuscope.corpora.source import Shard

_CHUNK = 128 << 10
"""Bytes in one piece. The dialect of a delimited file is chosen by as many."""

_KEPT = 2 << 20
"""Bytes at the start of a file that can be read again. Readers look at 128 KB, of which a piece may have 1 MB."""

_HIDDEN = (".", "__")
"""First characters of names in an archive that hold no data, as `datasets` has it: `__MACOSX`, `.DS_Store`."""


class StreamedContent:
    """Bytes that arrive once, in order. The first of them are kept, so that they can be read again."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._kept: list[bytes] = []
        self._size = 0

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """See `Content`. Raises ValueError after the first bytes were dropped."""
        position = 0
        for piece in chain(tuple(self._kept), self._arriving()):
            position += len(piece)
            if position > start:
                yield piece[max(0, start - position + len(piece)) :]

    def _arriving(self) -> Iterator[bytes]:
        if self._size > _KEPT:
            raise ValueError("its beginning was dropped")
        for piece in self._pieces:
            self._size += len(piece)
            if self._size <= _KEPT:
                self._kept.append(piece)
            yield piece


def contents(
    dataset: str,
    revision: str,
    shard: Shard,
    *,
    read_ahead: int,
    patient: bool = False,
    most: int | None = None,
) -> Iterator[tuple[str, Content]]:
    """Yield the name and the decompressed content of a file, or of each file in an archive.

    Each content has to be read before the next one. `read_ahead`, `patient` and `most` are those of `file_address`.
    Raises our own errors for faults of the Hub, and others for damaged files.
    """
    require_online(f"{shard.name} of {dataset}")
    configure_hub_client()
    address = file_address(
        dataset,
        revision,
        shard,
        decompressed=not shard.name.lower().endswith(ARCHIVE),
        read_ahead=read_ahead,
        patient=patient,
        most=most,
    )
    with HubFileSystem().open(address) as file:
        if not shard.name.lower().endswith(ARCHIVE):
            yield shard.name, StreamedContent(_pieces(file))
            return
        with zipfile.ZipFile(file) as archive:
            for name in _data_files(archive):
                try:
                    member = archive.open(name)
                except (
                    RuntimeError
                ) as error:  # it is encrypted, or compressed in a way that Python does not know
                    raise ValueError(str(error)) from error
                with member:
                    yield name, StreamedContent(_pieces(member))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece


def _data_files(archive: zipfile.ZipFile) -> list[str]:
    """Return the files in an archive in the order of `datasets`: those of a folder, then those below it."""
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    visible = [name for name in names if not any(part.startswith(_HIDDEN) for part in name.split("/"))]
    return sorted(visible, key=_place)


def _place(name: str) -> list[tuple[bool, str]]:
    *folders, file = name.split("/")
    return [*((True, folder) for folder in folders), (False, file)]
