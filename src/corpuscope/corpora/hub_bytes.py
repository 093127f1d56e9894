"""A file of the Hub as bytes: ranges are fetched ahead, spans are kept in memory, and content is decompressed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar

from fsspec.caching import BaseCache, register_cache
from fsspec.spec import AbstractBufferedFile

from corpuscope.corpora.compressed import DECOMPRESSORS, PIECE, DecompressedFile, Decompressor
from corpuscope.corpora.local_files import COMPRESSIONS

_MAX_READ_AHEAD = 4 << 20
"""Bytes read ahead of a long sequential read: at 20 MB/s two thirds of the time go to the transfer."""


class SpanCache(BaseCache):  # type: ignore[misc]  # fsspec has no types
    """Spans of a file in memory. What is read outside of them is fetched, and read ahead by `blocksize` bytes.

    The number of bytes read ahead doubles as long as reads follow each other.
    """

    name: ClassVar[str] = "corpuscope-spans"

    def __init__(
        self,
        blocksize: int,
        fetcher: Callable[[int, int], bytes],
        size: int,
        spans: dict[int, bytes] | None = None,
    ) -> None:
        super().__init__(blocksize, fetcher, size)
        self._read_ahead = blocksize
        self._spans = sorted((spans or {}).items())
        self._starts = [start for start, _ in self._spans]
        self._ahead = (0, b"")

    def _fetch(self, start: int | None, stop: int | None) -> bytes:
        position, end = start or 0, self.size if stop is None else min(stop, self.size)
        parts = []
        while position < end:
            parts.append(self._next(position, end))
            position += len(parts[-1])
        return b"".join(parts)

    def _next(self, position: int, end: int) -> bytes:
        """Return at least one byte from `position` on, and at most those before `end`."""
        before = bisect_right(self._starts, position) - 1
        spans = [self._ahead] if before < 0 else [self._ahead, self._spans[before]]
        for start, data in spans:
            if start <= position < start + len(data):
                return data[position - start : end - start]
        limit = self._starts[before + 1] if before + 1 < len(self._starts) else self.size
        start, data = self._ahead
        if data and position == start + len(data):
            self._read_ahead = min(_MAX_READ_AHEAD, 2 * self._read_ahead)
        self._ahead = position, self.fetcher(position, min(limit, max(end, position + self._read_ahead)))
        return self._ahead[1][: end - position]


class HubFile(AbstractBufferedFile):  # type: ignore[misc]
    """One file of a dataset, of which ranges are fetched."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        data: bytes = self.fs.fetch(self.path, start, end)
        return data


def compression(name: str) -> str:
    """Return the extension of the compression of a file; "" when it is not compressed."""
    _, dot, extension = name.lower().rpartition(".")
    return dot + extension if dot + extension in COMPRESSIONS else ""


def decompressed_file(file: HubFile, most: int | None = None) -> DecompressedFile:
    """Return the decompressed content of a file, which ends with a ValueError after `most` bytes.

    Decompressed here and not by `datasets`, which reads the first frame of several in .zst only.
    """
    size = min(64 << 10, file.blocksize)
    return DecompressedFile(_decompress(file.path, iter(lambda: file.read(size), b"")), most)


def _decompress(name: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the decompressed bytes of a file, which may consist of several frames. Raises ValueError or EOFError."""
    extension = compression(name)
    if not extension:
        yield from blocks
        return
    start = DECOMPRESSORS[COMPRESSIONS[extension]]
    decompressor: Decompressor | None = None
    for block in blocks:
        data = block
        while data or (decompressor and not decompressor.needs_input):
            if decompressor is None and not (data := data.lstrip(b"\0")):  # frames may be padded with zeros
                break
            decompressor = decompressor or start()
            try:
                piece = decompressor.decompress(data, PIECE)
            except Exception as error:  # each decompressor has an error of its own
                raise ValueError(str(error)) from error
            yield piece
            data = decompressor.unused_data if decompressor.eof else b""
            decompressor = None if decompressor.eof else decompressor
    if decompressor is not None:
        raise EOFError("it ends in the middle")


register_cache(SpanCache, clobber=True)
