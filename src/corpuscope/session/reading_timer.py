"""How long a document was really read: from its paint to the key, with idle stretches trimmed."""

from corpuscope.domain.clock import Clock

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
