"""A share and its interval as a bar of cells: numbers and a width in, characters out."""

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
