"""Progress and reading time of a session."""

from __future__ import annotations

from dataclasses import dataclass

from corpuscope.domain.clock import Clock


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of the annotator in the corpora of a session."""

    labelled: int
    """Number of labels so far, skips excluded."""
    target: int
    """Number of labels planned."""
    widest: float | None
    """Half-width of the widest 95 % interval of the corpora, in points; None while it says nothing."""
    pace: float | None
    """Median seconds per label in this session; None before the third label."""

    @property
    def minutes_left(self) -> float | None:
        """Minutes to the target at the current pace; None without a pace or when the target is reached."""
        if self.pace is None or self.labelled >= self.target:
            return None
        return (self.target - self.labelled) * self.pace / 60


IDLE_SECONDS = 60.0
"""Maximum number of seconds without a key, scroll or click that count as reading."""

BREAK_SECONDS = 300.0
"""Minimum number of seconds without a key, scroll or click that count as a break."""


class ReadingTimer:
    """Measures the reading time of one document at a time, and the time since the last break."""

    def __init__(self, clock: Clock, idle: float = IDLE_SECONDS) -> None:
        self._clock = clock
        self._idle = idle
        self._reading = 0.0
        self._last_activity: float | None = None
        self._work_began: float | None = None

    def start(self) -> None:
        """Start measuring: a document was painted."""
        self._reading = 0.0
        self._last_activity = self._clock.monotonic()
        if self._work_began is None:
            self._work_began = self._last_activity

    def activity(self) -> None:
        """Record activity other than a decision: scrolling, searching, opening the guide."""
        if self._last_activity is not None:
            now = self._clock.monotonic()
            self._reading += min(now - self._last_activity, self._idle)
            if now - self._last_activity >= BREAK_SECONDS:
                self._work_began = now
            self._last_activity = now

    def elapsed(self) -> int | None:
        """Return the milliseconds read since `start`; None before it. The timer keeps running."""
        if self._last_activity is None:
            return None
        self.activity()
        return round(self._reading * 1000)

    @property
    def unbroken(self) -> float:
        """Seconds of work since the start or the last break."""
        return 0.0 if self._work_began is None else self._clock.monotonic() - self._work_began

    def stop(self) -> None:
        """Stop measuring: the document was decided."""
        self._last_activity = None
