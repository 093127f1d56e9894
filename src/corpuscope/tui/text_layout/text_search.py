"""Search a document for a string, in slices short enough not to delay a key."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from time import perf_counter

SLICE_SIZE = 65_536
"""Characters searched between two checks of the clock."""
MAX_STEP_SECONDS = 0.05
"""Seconds that one step may search unsearched text for the next occurrence. The next step continues."""
MAX_OCCURRENCES = 100_000
"""Occurrences after which the search stops counting."""


class Finder:
    """The occurrences of one string in a text, in order. The search ignores case."""

    def __init__(self, text: str, needle: str) -> None:
        self.needle = needle
        """The string to search for, taken literally."""
        self.starts: list[int] = []
        """Offsets of the occurrences counted so far."""
        self.current: int | None = None
        """Offset of the current occurrence; None before the first step."""
        self.complete = not needle
        """Whether the whole text was searched or `MAX_OCCURRENCES` was reached."""
        self._text = text
        self._pattern = re.compile(re.escape(needle), re.IGNORECASE)
        self._reached = 0

    @property
    def number(self) -> int:
        """Number of the current occurrence, from 1; 0 before the first step."""
        return 0 if self.current is None else bisect_right(self.starts, self.current)

    @property
    def more(self) -> bool:
        """Whether part of the text is unsearched, so that there may be more occurrences."""
        return bool(self.needle) and self._reached < len(self._text)

    def advance(self, seconds: float) -> bool:
        """Continue the search for about `seconds`. Return whether it is complete."""
        deadline = perf_counter() + seconds
        while not self.complete:
            self._search_slice()
            if perf_counter() >= deadline:
                break
        return self.complete

    def step(self, direction: int, origin: int) -> int:
        """Go to the next occurrence, or to the previous one with `direction` -1. Return its number, from 1.

        The first step starts from the offset `origin`. Steps wrap around at both ends. Return 0 without occurrences.
        """
        position = origin if self.current is None else self.current + direction
        if not self.complete and (not self.starts or self.starts[-1] < position):
            self.advance(MAX_STEP_SECONDS)
        if not self.starts:
            return 0
        after = (
            bisect_left(self.starts, position) if direction > 0 else bisect_right(self.starts, position) - 1
        )
        self.current = self.starts[after % len(self.starts)]
        return self.number

    def between(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield start and end of each occurrence that overlaps a range of the text, searched or not."""
        length = len(self.needle)
        if not length:
            return
        if end <= self._reached:
            for index in range(bisect_left(self.starts, start - length + 1), len(self.starts)):
                if self.starts[index] >= end:
                    return
                yield self.starts[index], self.starts[index] + length
            return
        for match in self._pattern.finditer(self._text, max(0, start - length + 1), end + length - 1):
            yield match.span()

    def _search_slice(self) -> None:
        """Search one slice for the occurrences that start in it."""
        stop = self._reached + SLICE_SIZE
        for match in self._pattern.finditer(self._text, self._reached, stop + len(self.needle) - 1):
            self.starts.append(match.start())
        self._reached = max(stop, self.starts[-1] + len(self.needle) if self.starts else 0)
        self.complete = self._reached >= len(self._text) or len(self.starts) >= MAX_OCCURRENCES
