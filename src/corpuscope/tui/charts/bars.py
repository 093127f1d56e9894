"""Draw shares, differences and their intervals as bars of cells."""

from __future__ import annotations

import math
from collections.abc import Sequence

SURE, UNSURE, POINT, EMPTY = "█", "▒", "┃", " "
"""Cells below the interval, inside the interval, at the estimate, and above the interval."""


def interval_bar(low: float, share: float, high: float, width: int, scale: float = 1.0) -> str:
    """Return a bar of `width` cells from 0 to `scale`: full up to `low`, shaded to `high`, a stroke at `share`."""
    if width <= 0 or scale <= 0:
        return ""

    def cell(value: float) -> int:
        return min(round(value / scale * width), width)

    full, end = cell(low), max(cell(high), 1)
    bar = SURE * full + UNSURE * (end - full) + EMPTY * (width - end)
    at = min(max(cell(share) - 1, 0), width - 1)
    return bar[:at] + POINT + bar[at + 1 :]


def common_scale(highs: Sequence[float]) -> float:
    """Return the end of a scale for shares: the largest upper bound rounded up to a tenth, at most 1."""
    largest = max(highs, default=1.0)
    return min(-(-largest * 10 // 1) / 10, 1.0) or 1.0


ZERO = "│"
"""Cell of a difference of zero."""


def difference_bar(low: float, difference: float, high: float, width: int, scale: float) -> str:
    """Return a bar from -`scale` to +`scale` with zero in its middle. An even `width` leaves the last cell empty.

    The bar is shaded from `low` to `high`, with a stroke at `difference`. It is full from zero to the nearer bound
    of an interval that excludes zero: the difference is at least that large. Bounds off the scale are cut off.
    """
    half = (width - 1) // 2
    if half < 1 or scale <= 0:
        return EMPTY * max(width, 0)

    def cell(value: float) -> int:
        return half + max(-half, min(half, round(value / scale * half)))

    bar = [EMPTY] * width
    start, end, zero = cell(low), cell(high), half
    bar[start : end + 1] = UNSURE * (end + 1 - start)
    if low > 0:
        bar[zero:start] = SURE * (start - zero)
    if high < 0:
        bar[end + 1 : zero + 1] = SURE * (zero - end)
    bar[zero] = ZERO
    bar[cell(difference)] = POINT
    return "".join(bar)


def difference_axis(width: int, scale: float) -> str:
    """Return the axis of difference bars: both ends of the scale, in percentage points, and zero."""
    half = (width - 1) // 2
    left, right = f"-{100 * scale:.0f}", f"+{100 * scale:.0f}"
    if half < len(left):
        return EMPTY * max(width, 0)
    return (left.ljust(half) + "0" + right.rjust(half)).ljust(width)


def symmetric_scale(ends: Sequence[float]) -> float:
    """Return the end of a scale for differences: the largest absolute bound rounded up to a twentieth, at most 1."""
    largest = max((abs(end) for end in ends), default=1.0)
    return min(math.ceil(largest * 20 - 1e-9) / 20, 1.0) or 0.05
