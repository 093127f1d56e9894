"""Shares, differences and their intervals as bars of cells: numbers and a width in, characters out."""

import math
from collections.abc import Sequence

SURE, UNSURE, POINT, EMPTY = "█", "▒", "┃", " "
"""Below the interval; inside it; the share itself; beyond it."""


def interval_bar(low: float, share: float, high: float, width: int, scale: float = 1.0) -> str:
    """`width` cells for 0 to `scale`: full up to `low`, shaded to `high`, a stroke at `share`."""
    if width <= 0 or scale <= 0:
        return ""

    def cell(value: float) -> int:
        return min(round(value / scale * width), width)

    full, end = cell(low), max(cell(high), 1)
    bar = SURE * full + UNSURE * (end - full) + EMPTY * (width - end)
    at = min(max(cell(share) - 1, 0), width - 1)
    return bar[:at] + POINT + bar[at + 1 :]


def common_scale(highs: Sequence[float]) -> float:
    """A scale that fits every interval of a picture: the next tenth above the largest, at most 1."""
    largest = max(highs, default=1.0)
    return min(-(-largest * 10 // 1) / 10, 1.0) or 1.0


ZERO = "│"
"""Where nothing differs."""


def difference_bar(low: float, difference: float, high: float, width: int, scale: float) -> str:
    """Cells from -scale to +scale with zero in the middle one; an even `width` leaves its last cell empty.

    Shaded from `low` to `high`, a stroke at `difference`; full from zero to the nearer end when the interval
    leaves zero out: at least so much it is. Ends beyond the scale are cut off.
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
    """What stands above such bars: the ends of the scale in percentage points, and zero."""
    half = (width - 1) // 2
    left, right = f"-{100 * scale:.0f}", f"+{100 * scale:.0f}"
    if half < len(left):
        return EMPTY * max(width, 0)
    return (left.ljust(half) + "0" + right.rjust(half)).ljust(width)


def symmetric_scale(ends: Sequence[float]) -> float:
    """A scale that fits both ends of every interval: the next twentieth above the largest, at most 1."""
    largest = max((abs(end) for end in ends), default=1.0)
    return min(math.ceil(largest * 20 - 1e-9) / 20, 1.0) or 0.05
