"""Standard output for data: exact in a pipe, drawn on a terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from corpuscope.files import whole_file
from corpuscope.text.terminal_text import printable


class DrawnStream(io.RawIOBase):
    """Binary stream that draws UTF-8 text on a terminal line by line, so that nothing in it acts on the terminal."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._line = bytearray()

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Draw the lines that are complete."""
        end = data.rfind(b"\n") + 1
        if end:
            self._draw(bytes(self._line) + data[:end])
            self._line.clear()
        self._line += data[end:]
        return len(data)

    def flush(self) -> None:
        """Draw the line that is not complete."""
        if self._line:
            self._draw(bytes(self._line))
            self._line.clear()
        self._stream.flush()

    def _draw(self, data: bytes) -> None:
        self._stream.write(printable(data.decode("utf-8", "replace")).encode("utf-8", "replace"))


def data_stream() -> BinaryIO:
    """Return standard output for bytes of data: as they are in a pipe, drawn on a terminal."""
    exact = sys.stdout.buffer
    return cast("BinaryIO", DrawnStream(exact)) if sys.stdout.isatty() else exact


@contextmanager
def output_stream(output: Path | None) -> Iterator[BinaryIO]:
    """Yield the stream of a file to write, or of standard output when `output` is None.

    What goes to a terminal is drawn. Raises like `whole_file`.
    """
    if output is None:
        stream = data_stream()
        yield stream
        stream.flush()
        return
    with whole_file(output) as stream:
        if not stream.isatty():
            yield stream
            return
        drawn = DrawnStream(stream)
        yield cast("BinaryIO", drawn)
        drawn.flush()


def print_text(text: str) -> None:
    """Print text that ends in a line end: exact in a pipe, drawn on a terminal."""
    sys.stdout.flush()
    stream = data_stream()
    stream.write(text.encode("utf-8", "replace"))
    stream.flush()
