"""How far a sitting has come, in the numbers of the header."""

import math
from collections import deque
from dataclasses import dataclass

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
