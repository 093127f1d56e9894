"""A remote file of which some spans are in memory already."""

import io
from bisect import bisect_right
from collections.abc import Callable, Iterable


class Window(io.RawIOBase):
    """Reads from the spans it was given, and fetches what lies outside of them when asked for it."""

    def __init__(
        self, size: int, spans: Iterable[tuple[int, bytes]], fetch: Callable[[int, int], bytes]
    ) -> None:
        super().__init__()
        self._size = size
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]
        self._fetch = fetch
        self._position = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The position in the remote file."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves the position; costs nothing."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = base + offset
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; raises what the fetch raises."""
        end = self._size if size < 0 else min(self._size, self._position + size)
        parts = []
        while self._position < end:
            parts.append(self._next(end))
            self._position += len(parts[-1])
        return b"".join(parts)

    def _next(self, end: int) -> bytes:
        at = bisect_right(self._starts, self._position) - 1
        if at >= 0:
            start, data = self._spans[at]
            if self._position < start + len(data):
                return data[self._position - start : end - start]
        following = self._starts[at + 1] if at + 1 < len(self._starts) else end
        return self._fetch(self._position, min(end, following))
