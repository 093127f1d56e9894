"""Decompressed reading of local files, as a stream or at any offset."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import IO, Any, Protocol

import zstandard

from corpuscope.corpora.local_files import LocalFile
from corpuscope.errors import CorpusError
from corpuscope.files import reason

LARGEST = 64 << 20
"""Bytes of the longest row that is read. A longer one is most likely a damaged file, and no document."""
_CHUNK = 4 << 20
"""Bytes read at a time from a file that is not compressed."""
_COMPRESSED_CHUNK = 64 << 10
"""Compressed bytes read at a time, which may decompress to a thousand times as many."""
PIECE = 1 << 20
"""Decompressed bytes in one piece, about. Without a bound 64 KB of input may grow to gigabytes."""
_ZSTD_STEP = 256
"""Compressed bytes handed to zstd at a time, since it has no bound of its own: they grow to 8 MB at most."""
_ZSTD_HEADER = 18
"""Bytes of the longest header of a zstd frame."""
_UNLIMITED = 1 << 63
"""More bytes than any file holds."""
_MAX_MEMORY = 256 << 20
"""Bytes of earlier content that a decompressor may keep in memory."""
SPACING = 8 << 20
"""Decompressed bytes between two checkpoints inside a gzip stream."""
MAX_CHECKPOINTS = 128
"""Checkpoints kept of one file, about 4 MB. Every other one is dropped when there are more."""


class Content(Protocol):
    """The decompressed bytes of one file. Thread-safe. Raises CorpusError when the file is damaged."""

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """Yield all bytes from offset `start` on, in pieces of a few MB."""
        ...


def file_content(file: LocalFile) -> Content:
    """Return the content of a file without reading any of it."""
    if file.compression is None:
        return PlainContent(file)
    fork = copy if file.compression == "gzip" else None
    return SeekableCompressedFile(file, DECOMPRESSORS[file.compression], fork=fork)


def read(content: Content, start: int, end: int) -> bytes:
    """Return the bytes from `start` up to `end`, or fewer when the content ends earlier."""
    parts: list[bytes] = []
    left = end - start
    for chunk in content.chunks(start):
        parts.append(chunk[:left])
        left -= len(parts[-1])
        if left <= 0:
            break
    return b"".join(parts)


@contextmanager
def open_stored(file: LocalFile) -> Iterator[IO[bytes]]:
    """Open the stored bytes of a file. Raises CorpusError when they cannot be read."""
    try:
        with file.path.open("rb") as stored:
            yield stored
    except OSError as error:
        raise CorpusError(f"{file.name} cannot be read: {reason(error)}") from error


class PlainContent:
    """A file that is not compressed."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """See `Content`."""
        size = _COMPRESSED_CHUNK  # most documents are small, so the first piece is too
        with open_stored(self._file) as file:
            file.seek(start)
            while chunk := file.read(size):
                yield chunk
                size = _CHUNK


class Decompressor(Protocol):
    """A decompressor of one frame, as bz2 and lzma provide it."""

    @property
    def eof(self) -> bool:
        """Whether the end of the frame was reached."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether more input is needed before there is more output."""
        ...

    @property
    def unused_data(self) -> bytes:
        """Input bytes beyond the end of the frame."""
        ...

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """Take the next input, and return up to `max_length` bytes of output; below 0 all that there is."""
        ...


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    """A position at which decompression can start."""

    plain: int
    """Offset in the decompressed content, in bytes."""
    compressed: int
    """Offset in the compressed file, in bytes."""
    decompressor: Decompressor | None
    """State of the decompressor, to be copied before use. None at the start of a frame."""


class SeekableCompressedFile:
    """A compressed file that can be read from checkpoints.

    Each start of a frame is a checkpoint. Inside a frame there are checkpoints only when `fork` can copy the
    state of a decompressor. Every pass adds checkpoints, so that later passes need not begin at the start. A
    file of one frame, which is what `zstd`, `bzip2` and `xz` write, is read from its start each time.
    """

    def __init__(
        self,
        file: LocalFile,
        start: Callable[[], Decompressor],
        *,
        fork: Callable[[Decompressor], Decompressor] | None,
        spacing: int = SPACING,
        max_checkpoints: int = MAX_CHECKPOINTS,
    ) -> None:
        self._file = file
        self._start = start
        self._fork = fork
        self._checkpoints = [_Checkpoint(0, 0, None)]
        self._spacing = spacing
        self._max_checkpoints = max_checkpoints
        self._lock = Lock()

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """See `Content`."""
        with self._lock:
            checkpoint = self._checkpoints[
                bisect_right(self._checkpoints, start, key=lambda checkpoint: checkpoint.plain) - 1
            ]
        plain = checkpoint.plain
        for piece in self._decompress_from(checkpoint):
            plain += len(piece)
            if plain > start:
                yield piece[max(0, start - plain + len(piece)) :]

    def _decompress_from(self, checkpoint: _Checkpoint) -> Iterator[bytes]:
        decompressor = self._fork(checkpoint.decompressor) if self._fork and checkpoint.decompressor else None
        plain, compressed = checkpoint.plain, checkpoint.compressed
        with open_stored(self._file) as file:
            file.seek(compressed)
            while data := file.read(_COMPRESSED_CHUNK):
                compressed += len(data)
                while data := data if decompressor else data.lstrip(b"\0"):  # frames may be padded with zeros
                    decompressor = decompressor or self._start()
                    for piece in self._decompress(decompressor, data):
                        plain += len(piece)
                        yield piece
                    data = decompressor.unused_data if decompressor.eof else b""
                    decompressor = None if decompressor.eof else decompressor
                    self._add_checkpoint(plain, compressed - len(data), decompressor)
        if decompressor is not None:
            raise CorpusError(f"{self._file.name} ends in the middle", "copy or download it again")

    def _decompress(self, decompressor: Decompressor, data: bytes) -> Iterator[bytes]:
        try:
            yield decompressor.decompress(data, PIECE)
            while not (decompressor.eof or decompressor.needs_input):
                yield decompressor.decompress(b"", PIECE)
        except (
            Exception
        ) as error:  # each decompressor has an error of its own; for gzip zstandard is not imported
            if "memory" in str(error).lower():
                raise CorpusError(
                    f"{self._file.name} takes more than {_MAX_MEMORY >> 20} MB of memory to decompress ({error})",
                    "compress it again with a smaller window or dictionary",
                ) from error
            raise CorpusError(
                f"{self._file.name} is damaged ({error})", "copy or download it again"
            ) from error

    def _add_checkpoint(self, plain: int, compressed: int, decompressor: Decompressor | None) -> None:
        with self._lock:
            if plain < self._checkpoints[-1].plain + self._spacing or (
                decompressor is not None and self._fork is None
            ):
                return
            state = self._fork(decompressor) if self._fork and decompressor else None
            self._checkpoints.append(_Checkpoint(plain, compressed, state))
            if len(self._checkpoints) > self._max_checkpoints:
                self._checkpoints = self._checkpoints[::2]
                self._spacing *= 2


class DecompressedFile(io.RawIOBase):
    """The decompressed bytes of a file, from its start, or a ValueError after `most` of them."""

    def __init__(self, pieces: Iterator[bytes], most: int | None = None) -> None:
        super().__init__()
        self._pieces = pieces
        self._most = most
        self._room = most or 0
        self._left = memoryview(b"")
        self._failure: Exception | None = None

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401
        """Read up to the length of `buffer` bytes; 0 at the end. What failed once fails again."""
        if self._failure is not None:
            raise self._failure
        while not self._left:
            try:
                piece = next(self._pieces, None)
            except Exception as failure:
                # A generator that raised is at its end, which is not that of the file.
                self._failure = failure
                raise
            if piece is None:
                return 0
            self._left = memoryview(piece)
        if self._most is not None:
            self._room -= min(len(buffer), len(self._left))
            if self._room < 0:
                raise ValueError(f"its first rows take more than {self._most >> 20} MB")
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


class GzipDecompressor:
    """A decompressor of one gzip member. Its state can be copied."""

    def __init__(self) -> None:
        self._state = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def __copy__(self) -> GzipDecompressor:
        """Return a decompressor that goes on from the same place."""
        other = GzipDecompressor()
        other._state = self._state.copy()
        return other

    @property
    def eof(self) -> bool:
        """See `Decompressor`."""
        return self._state.eof

    @property
    def needs_input(self) -> bool:
        """See `Decompressor`."""
        return not self._state.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """See `Decompressor`."""
        return self._state.unused_data

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """See `Decompressor`."""
        return self._state.decompress(self._state.unconsumed_tail + data, max(0, max_length))


class ZstdDecompressor:
    """A decompressor of one zstd frame, of any window. One that keeps too much in memory is a MemoryError."""

    def __init__(self) -> None:
        self._state = zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()
        self._header = b""
        self._pending = b""
        self._room: int | None = None

    @property
    def eof(self) -> bool:
        """See `Decompressor`."""
        return self._state.eof

    @property
    def needs_input(self) -> bool:
        """See `Decompressor`."""
        return not self._pending

    @property
    def unused_data(self) -> bytes:
        """See `Decompressor`."""
        return self._state.unused_data + self._pending

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """See `Decompressor`. May return up to 8 MB more than `max_length`."""
        pending = memoryview(self._pending + data)
        pieces, size, position = [], 0, 0
        while position < len(pending) and not self._state.eof and (max_length < 0 or size < max_length):
            step = bytes(pending[position : position + _ZSTD_STEP])
            position += len(step)
            pieces.append(self._state.decompress(step))
            size += len(pieces[-1])
            self._check_memory(step, len(pieces[-1]))
        self._pending = bytes(pending[position:])
        return b"".join(pieces)

    def _check_memory(self, step: bytes, produced: int) -> None:
        """Raise MemoryError when a frame with a long window has produced more than may stay in memory."""
        if self._room is None:
            self._header += step
            if not (produced or self._state.eof or len(self._header) >= _ZSTD_HEADER):
                return
            window = zstandard.get_frame_parameters(self._header).window_size
            self._room = _MAX_MEMORY if window > _MAX_MEMORY else _UNLIMITED
        self._room -= produced
        if self._room < 0:
            raise MemoryError("its window takes more memory than that")


def xz_decompressor() -> Decompressor:
    """Return a decompressor for one xz stream."""
    return lzma.LZMADecompressor(memlimit=_MAX_MEMORY)


DECOMPRESSORS: Mapping[str, Callable[[], Decompressor]] = MappingProxyType(
    {
        "gzip": GzipDecompressor,
        "zstd": ZstdDecompressor,
        "bzip2": bz2.BZ2Decompressor,
        "xz": xz_decompressor,
    }
)
"""Decompressor of one frame, by the values of `COMPRESSIONS`."""
