"""How far a sitting has come, and how long a document was really read."""

import math
from collections import deque
from dataclasses import dataclass

from corpuscope.domain.clock import Clock

Z95 = 1.959963984540054
"""Two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where this annotator stands with the corpora of this sitting."""

    labelled: int
    """Labels so far, skips not counted."""
    target: int
    """Labels planned."""
    smallest: int
    """Labels of the corpus that has the fewest; its interval is the widest."""
    pace: float | None
    """Median seconds a label in this sitting, None before the third."""

    @property
    def half_width(self) -> float | None:
        """Half the widest 95 % Wilson interval a share can have at `smallest` labels, in percentage points.

        The widest is at a share of one half, where Wilson's half-width is z / (2 sqrt(n + z^2)).
        """
        if not self.smallest:
            return None
        return 50 * Z95 / math.sqrt(self.smallest + Z95**2)

    @property
    def minutes_left(self) -> float | None:
        """Minutes to the target at the present pace, None without a pace or when the target is reached."""
        if self.pace is None or self.labelled >= self.target:
            return None
        return (self.target - self.labelled) * self.pace / 60


class Pace:
    """The median reading time of the last labels, in seconds."""

    def __init__(self, window: int = 30) -> None:
        self._times: deque[int] = deque(maxlen=window)

    def add(self, reading_ms: int | None) -> None:
        """One more label; None is left out."""
        if reading_ms is not None:
            self._times.append(reading_ms)

    @property
    def seconds(self) -> float | None:
        """Median of the window, None before the third label."""
        if len(self._times) < 3:
            return None
        return sorted(self._times)[len(self._times) // 2] / 1000


IDLE_SECONDS = 60.0
"""A stretch without any key, scroll or click counts at most this long; a reader who left is not reading."""

BREAK_SECONDS = 300.0
"""A stretch without any key, scroll or click that counts as a break."""


class ReadingTimer:
    """Measures one document at a time."""

    def __init__(self, clock: Clock, idle: float = IDLE_SECONDS) -> None:
        self._clock = clock
        self._idle = idle
        self._read = 0.0
        self._last: float | None = None
        self._fresh: float | None = None

    def start(self) -> None:
        """A document was painted."""
        self._read = 0.0
        self._last = self._clock.monotonic()
        if self._fresh is None:
            self._fresh = self._last

    def activity(self) -> None:
        """The reader did something that is not a decision: scrolled, searched, opened the guide."""
        if self._last is not None:
            now = self._clock.monotonic()
            self._read += min(now - self._last, self._idle)
            if now - self._last >= BREAK_SECONDS:
                self._fresh = now
            self._last = now

    def elapsed(self) -> int | None:
        """Milliseconds read since `start`; None when nothing was painted. Goes on measuring."""
        if self._last is None:
            return None
        self.activity()
        return round(self._read * 1000)

    @property
    def unbroken(self) -> float:
        """Seconds since the reader began, or came back from a break."""
        return 0.0 if self._fresh is None else self._clock.monotonic() - self._fresh

    def stop(self) -> None:
        """The document was decided."""
        self._last = None
