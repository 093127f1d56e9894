"""Tests of the checkpoints of a compressed file: how much is decompressed again for a read, and how many are kept."""

from __future__ import annotations

import gzip
import lzma
import zlib
from collections.abc import Callable
from copy import copy
from pathlib import Path

import pytest
import zstandard

from corpuscope.corpora.compressed import (
    PIECE,
    SeekableCompressedFile,
    ZstdDecompressor,
    file_content,
    read,
)
from corpuscope.corpora.local_files import find
from corpuscope.errors import CorpusError

KB = 1 << 10


class Frame:
    """A decompressor of frames of `size` bytes that are stored as they are, which counts what passes through it."""

    def __init__(self, size: int, log: list[int], seen: int = 0) -> None:
        self._size = size
        self._log = log
        self._seen = seen
        self.unused_data = b""
        self.needs_input = True

    def __copy__(self) -> Frame:
        return Frame(self._size, self._log, self._seen)

    @property
    def eof(self) -> bool:
        return self._seen == self._size

    def decompress(self, data: bytes, _max_length: int = -1, /) -> bytes:
        taken = data[: self._size - self._seen]
        self._seen += len(taken)
        self._log.append(len(taken))
        self.unused_data = data[len(taken) :]
        return taken


def cost_of_reads(
    folder: Path, *, frame: int, fork: Callable[..., Frame] | None, most: int = 100
) -> list[int]:
    """Read a file of 1 MB once, then one byte at each 128 KB; return the KB that each read decompressed."""
    plain = bytes(n % 251 + 1 for n in range(1024 * KB))
    path = folder / "web.txt.gz"
    path.write_bytes(plain)
    log: list[int] = []
    content = SeekableCompressedFile(
        find(str(path)).files[0], lambda: Frame(frame, log), fork=fork, spacing=128 * KB, max_checkpoints=most
    )
    assert b"".join(content.chunks()) == plain
    costs = []
    for start in range(0, len(plain), 128 * KB):
        log.clear()
        assert read(content, start, start + 1) == plain[start : start + 1]
        costs.append(sum(log) // KB)
    return costs


def test_a_read_decompresses_from_the_checkpoint_before_it(tmp_path: Path) -> None:
    assert cost_of_reads(tmp_path, frame=1024 * KB, fork=copy) == [64] * 8


def test_of_too_many_checkpoints_every_other_one_is_dropped(tmp_path: Path) -> None:
    assert cost_of_reads(tmp_path, frame=1024 * KB, fork=copy, most=4) == [64, 192, 320, 448] * 2


def test_a_state_that_cannot_be_copied_leaves_checkpoints_only_between_frames(tmp_path: Path) -> None:
    assert cost_of_reads(tmp_path, frame=1024 * KB, fork=None) == [64 + 128 * n for n in range(8)]
    assert cost_of_reads(tmp_path, frame=256 * KB, fork=None) == [64, 192] * 4


def zstd_frame(*, window_log: int, size: int) -> bytes:
    """Return a frame of zeros in runs of 128 KB, by RFC 8878, section 3.1.1."""
    header = b"\x28\xb5\x2f\xfd" + bytes([0, (window_log - 10) << 3])
    run, last_run = ((128 * KB << 3 | 1 << 1 | last).to_bytes(3, "little") + b"\0" for last in (0, 1))
    return header + run * (size // (128 * KB) - 1) + last_run


def test_a_zstd_frame_with_a_window_of_more_than_256_mb_is_read_up_to_that_size() -> None:
    decompressor, left = ZstdDecompressor(), 256 * KB * KB
    frame = zstd_frame(window_log=29, size=left + 128 * KB)
    with pytest.raises(MemoryError):
        while piece := decompressor.decompress(frame, PIECE):
            assert PIECE <= len(piece) < PIECE + 8 * KB * KB
            frame, left = b"", left - len(piece)
    assert 0 <= left < PIECE + 8 * KB * KB


def test_a_file_that_takes_too_much_memory_to_decompress_is_named_with_what_to_do(tmp_path: Path) -> None:
    stored = bytearray(lzma.compress(b"some text\n"))
    header = stored[12 : 12 + 8]
    assert header[2:4] == b"\x21\x01"  # the LZMA2 filter, then the size of its dictionary
    header[4] = 34  # 512 MB
    stored[12:24] = header + zlib.crc32(header).to_bytes(4, "little")
    (tmp_path / "web.txt.xz").write_bytes(stored)
    with pytest.raises(
        CorpusError, match=r"^web\.txt\.xz takes more than 256 MB of memory to decompress"
    ) as fault:
        list(file_content(find(str(tmp_path / "web.txt.xz")).files[0]).chunks())
    assert fault.value.hint == "compress it again with a smaller window or dictionary"


def test_a_read_ends_with_the_content(tmp_path: Path) -> None:
    for suffix, compress in ((".gz", gzip.compress), (".zst", zstandard.compress), ("", bytes)):
        path = tmp_path / f"web.txt{suffix}"
        path.write_bytes(compress(b"0123456789"))
        content = file_content(find(str(path)).files[0])
        assert [read(content, start, end) for start, end in ((0, 3), (3, 3), (8, 12), (10, 12))] == [
            b"012",
            b"",
            b"89",
            b"",
        ]
