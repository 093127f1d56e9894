"""The scales of charts, on screens and on pages."""

from __future__ import annotations

import math
from collections.abc import Sequence


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
