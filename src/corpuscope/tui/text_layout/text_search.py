"""Where a string occurs in a document, found in slices short enough that no key waits for them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from time import perf_counter

SLICE_SIZE = 65_536
"""Characters searched between two looks at the clock."""
MAX_STEP_SECONDS = 0.05
"""Seconds a key waits for the next occurrence in a part not searched yet; the next press goes on."""
MAX_OCCURRENCES = 100_000
"""Occurrences after which counting stops."""


class Finder:
    """The occurrences of one string, upper and lower case alike, in the order of the text."""

    def __init__(self, text: str, needle: str) -> None:
        self.needle = needle
        """What is sought, literally."""
        self.starts: list[int] = []
        """Where it was found so far."""
        self.current: int | None = None
        """Where the occurrence starts that the reader went to; None before the first step."""
        self.complete = not needle
        """Whether the whole text was searched, or `MAX_OCCURRENCES` reached."""
        self._text = text
        self._pattern = re.compile(re.escape(needle), re.IGNORECASE)
        self._reached = 0

    @property
    def number(self) -> int:
        """Which occurrence is the current one, from 1; 0 before the first step."""
        return 0 if self.current is None else bisect_right(self.starts, self.current)

    @property
    def more(self) -> bool:
        """Whether some of the text was not searched, so that there may be more of them."""
        return bool(self.needle) and self._reached < len(self._text)

    def advance(self, seconds: float) -> bool:
        """Searches on for so long; True when complete."""
        deadline = perf_counter() + seconds
        while not self.complete:
            self._search_slice()
            if perf_counter() >= deadline:
                break
        return self.complete

    def step(self, direction: int, origin: int) -> int:
        """Makes the next occurrence the current one, or with -1 the one before, and says which it is, from 1.

        The first step starts at `origin`; steps go round at both ends. 0 when there is none.
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
        """The occurrences that touch a stretch of text, whether the search got there or not."""
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
        """Searches one slice for occurrences that start in it."""
        stop = self._reached + SLICE_SIZE
        for match in self._pattern.finditer(self._text, self._reached, stop + len(self.needle) - 1):
            self.starts.append(match.start())
        self._reached = max(stop, self.starts[-1] + len(self.needle) if self.starts else 0)
        self.complete = self._reached >= len(self._text) or len(self.starts) >= MAX_OCCURRENCES
