"""Draw shares, differences and their intervals as lines of cells, whose ends are exact to half a cell."""

from __future__ import annotations

import math
from collections.abc import Sequence

from corpuscope.report.scales import share_ticks

FULL, LEFT_HALF, RIGHT_HALF, LIGHT = "━", "╸", "╺", "─"
"""Cells inside an interval: whole, its last half, its first half, and of a difference that is not established."""
POINT, HOLLOW = "●", "○"
"""Cell of an estimate; of a category without labels, and of a difference that is not established."""
ZERO, GRID, ZERO_CROSSED, ZERO_CROSSED_HEAVY = "│", "┊", "┼", "┿"
"""Cells of zero, of another line of the grid, and of zero inside an interval."""
AXIS_STYLE = "$foreground-muted"
"""Textual style of the axis and of differences that are not established."""
FRAME_STYLE = "$frame"
"""Textual style of frames and of the line of zero."""
GRID_STYLE = "$grid"
"""Textual style of the other lines of the grid."""

MIN_HALF = 12
"""Fewest cells on each side of zero for a label halfway to the end of the scale."""

StyledText = tuple[str, str]
"""Text and its Textual style."""


def share_bar(
    low: float,
    share: float,
    high: float,
    width: int,
    scale: float,
    *,
    mark: str = POINT,
    style: str = "",
    ticks: Sequence[float] | None = None,
) -> list[StyledText]:
    """Draw an interval from 0 to `scale` in `width` cells, with `mark` at the share: "━━●━╸".

    The first cell stands for 0 and the last one for `scale`. A share of 0 has a hollow mark. Bounds off the scale are
    cut off. `ticks` are the lines of the grid, by default those of `share_ticks`.
    """
    if width < 1 or scale <= 0:
        return []

    def column(value: float) -> float:
        return min(max(value / scale, 0), 1) * (width - 1)

    cells = _line(column(low), column(high), width)
    cells[round(column(share))] = mark if share else HOLLOW
    return _over_grid(cells, _share_lines(width, scale, ticks), style, width)


def share_grid(width: int, scale: float, ticks: Sequence[float] | None = None) -> list[StyledText]:
    """Draw the lines of the grid alone."""
    return _over_grid({}, _share_lines(width, scale, ticks), "", width)


def _share_lines(width: int, scale: float, ticks: Sequence[float] | None) -> dict[int, str]:
    at = share_ticks(scale) if ticks is None else ticks
    return {round(tick / scale * (width - 1)): GRID for tick in at} | {0: ZERO}


def share_axis(width: int, scale: float) -> str:
    """Return the labels above share bars, in percent, each centred above its line of the grid where there is room."""
    return labelled_axis(width, scale, [(at, f"{100 * at:.0f}") for at in share_ticks(scale)])


def labelled_axis(width: int, scale: float, labels: Sequence[tuple[float, str]]) -> str:
    """Return labels from 0 to `scale`, each centred above its place where there is room."""
    return _labels([(at / scale * (width - 1), text) for at, text in labels], width)


def difference_bar(
    low: float,
    difference: float,
    high: float,
    width: int,
    scale: float,
    *,
    established: bool,
    style: str = "",
) -> list[StyledText]:
    """Draw an interval from -`scale` to +`scale` with zero in the middle. An even `width` leaves the last cell empty.

    An established difference is a heavy line in `style`, another one a light, muted line with a hollow mark. Bounds
    off the scale are cut off.
    """
    half = (width - 1) // 2
    if half < 1 or scale <= 0:
        return [(" " * max(width, 0), "")]

    def column(value: float) -> float:
        return half + min(max(value / scale, -1), 1) * half

    if established:
        cells = _line(column(low), column(high), width)
    else:
        start, end = round(column(low)), round(column(high))
        cells = dict.fromkeys(range(start, end + 1), LIGHT)
    if half in cells:
        cells[half] = ZERO_CROSSED_HEAVY if established else ZERO_CROSSED
    cells[round(column(difference))] = POINT if established else HOLLOW
    line = f"bold {style}".strip() if established else AXIS_STYLE
    return _over_grid(cells, _difference_lines(half), line, width)


def difference_grid(width: int) -> list[StyledText]:
    """Draw the lines of the grid of differences alone."""
    return _over_grid({}, _difference_lines((width - 1) // 2), "", width)


def _difference_lines(half: int) -> dict[int, str]:
    return {round(half + at * half): GRID for at in (-1, -0.5, 0.5, 1)} | {half: ZERO}


def difference_axis(width: int, scale: float) -> str:
    """Return the labels above difference bars, in percentage points: zero, both ends, and their halves if round."""
    half = (width - 1) // 2
    if half < len(f"−{100 * scale:.0f}"):
        return " " * max(width, 0)
    ticks = (-1, -0.5, 0, 0.5, 1) if round(100 * scale) % 2 == 0 and half >= MIN_HALF else (-1, 0, 1)
    return _labels([(half + at * half, _signed(100 * scale * at)) for at in ticks], 2 * half + 1).ljust(width)


def _signed(points: float) -> str:
    return f"{points:+.0f}".replace("-", "−") if points else "0"


def _line(start: float, end: float, width: int) -> dict[int, str]:
    """Return the cells of a heavy line between two columns, none without a length; column 0 is a cell's middle."""
    if math.isclose(start, end, abs_tol=1e-6):
        return {}
    first = round(2 * (start + 0.5))
    last = max(round(2 * (end + 0.5)) - 1, first)
    cells = {}
    for at in range(max(first // 2, 0), min(last // 2, width - 1) + 1):
        left, right = first <= 2 * at <= last, first <= 2 * at + 1 <= last
        cells[at] = FULL if left and right else LEFT_HALF if left else RIGHT_HALF
    return cells


def _over_grid(cells: dict[int, str], grid: dict[int, str], style: str, width: int) -> list[StyledText]:
    """Join cells and the grid between them to runs of one style."""
    runs: list[StyledText] = []
    for at in range(width):
        if at in cells:
            text, of = cells[at], style
        else:
            text = grid.get(at, " ")
            of = FRAME_STYLE if text == ZERO else GRID_STYLE
        if runs and runs[-1][1] == of:
            text = runs.pop()[0] + text
        runs.append((text, of))
    return runs


def _labels(labels: Sequence[tuple[float, str]], width: int) -> str:
    """Centre labels above their columns, inside the width; one that would touch the one before is left out."""
    line = ""
    for column, label in labels:
        start = min(max(round(column) - (len(label) - 1) // 2, 0), width - len(label))
        if start > len(line) or not line:
            line = line.ljust(start) + label
    return line.ljust(width)
