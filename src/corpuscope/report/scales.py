"""The scales of charts, on screens and on pages."""

from __future__ import annotations

import math
from collections.abc import Sequence

MOST_TICKS = 6
"""Most steps of the axis."""
STEPS = (1, 2, 2.5, 5, 10)
"""Steps of an axis, times a power of ten."""


def share_ticks(scale: float) -> list[float]:
    """Return the labelled shares of an axis from 0 to `scale`: every fifth of the whole."""
    return [at / 5 for at in range(6) if at / 5 <= scale + 1e-9]


def common_scale(highs: Sequence[float]) -> float:
    """Return the end of a scale for shares: 1, or the next fifth above the largest bound if that is below 0.6."""
    largest = max(highs, default=1.0)
    return 1.0 if largest >= 0.6 else max(math.ceil(largest * 5 - 1e-9) / 5, 0.2)


def symmetric_scale(ends: Sequence[float]) -> float:
    """Return the end of a scale for differences: the largest absolute bound rounded up to a twentieth, at most 1."""
    largest = max((abs(end) for end in ends), default=1.0)
    return min(math.ceil(largest * 20 - 1e-9) / 20, 1.0) or 0.05


def nice_axis(highest: float) -> tuple[float, float]:
    """Return the end of an axis that holds `highest`, and its step, of which it has `MOST_TICKS` at most."""
    highest = highest or 1.0
    power = 10.0 ** math.floor(math.log10(highest / MOST_TICKS))
    step = next(step * power for step in STEPS if math.ceil(highest / (step * power) - 1e-9) <= MOST_TICKS)
    return step * math.ceil(highest / step - 1e-9), step
