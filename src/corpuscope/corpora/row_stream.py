"""The rows of a file as a stream, for readers that locate rows in a stream of bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

Starts = Iterator[tuple[bytes, int]]
"""Starts of rows as little-endian 64-bit numbers, each time with the offset up to which rows are known."""


def rows_of(
    chunks: Iterable[bytes],
    locate: Callable[[Iterable[bytes]], Starts],
    *,
    skips_blank_lines: bool = False,
) -> Iterator[bytes]:
    """Yield the bytes of one row after the other. Only what belongs to rows not yet yielded is in memory.

    `chunks` are the bytes of a file from its start, among which `locate` finds where rows begin. With
    `skips_blank_lines`, lines between rows hold nothing.
    """
    recent = bytearray()
    base = 0

    def watched() -> Iterator[bytes]:
        for chunk in chunks:
            recent.extend(chunk)
            yield chunk

    begin: int | None = None
    end = 0
    for starts, position in locate(watched()):
        end = position
        for start in np.frombuffer(starts, "<u8").tolist():
            if begin is not None:
                yield bytes(recent[begin - base : start - base])
            begin = start
        if skips_blank_lines and not starts and recent.endswith(b"\n"):
            # Nothing but blank lines since the last row, and perhaps gigabytes of them follow.
            if begin is not None:
                yield bytes(recent[begin - base :])
            begin = None
            recent.clear()
            base = position
        elif begin is not None:
            del recent[: begin - base]
            base = begin
    if begin is not None:
        yield bytes(recent[begin - base : end - base])
