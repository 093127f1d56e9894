"""The pace of an annotator: the median reading time of the last labels."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

PACE_LABELS = 30
"""Number of the last labels whose median time is the pace."""
FEW_TIMES = 3
"""Reading times below which no pace is given."""


def median_seconds(times: Iterable[int | None]) -> float | None:
    """Return the median of reading times, given in milliseconds or None, in seconds; None for fewer than FEW_TIMES."""
    measured = sorted(time for time in times if time is not None)
    return measured[len(measured) // 2] / 1000 if len(measured) >= FEW_TIMES else None


class Pace:
    """The median reading time over a window of the last labels."""

    def __init__(self, window: int = PACE_LABELS) -> None:
        self._times: deque[int] = deque(maxlen=window)

    def add(self, reading_ms: int | None) -> None:
        """Add the reading time of a label in milliseconds; None is ignored."""
        if reading_ms is not None:
            self._times.append(reading_ms)

    @property
    def seconds(self) -> float | None:
        """Median of the window in seconds; None before the third label."""
        return median_seconds(self._times)
