"""Compose a frame from the rendered lines of widgets, without work for lines that other widgets cover."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from rich.console import Console
from textual._compositor import Compositor, LayoutUpdate  # they have no public name
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class VisiblePart(NamedTuple):
    """A run of cells of one row that shows one line of one widget."""

    widget: int
    """Index of the widget in `FramePlan.widgets`."""
    line: int
    """Index of the line among those that are rendered of the widget."""
    start: int
    """First cell of the line that is visible."""
    end: int
    """Cell after the last one that is visible."""


class FramePlan(NamedTuple):
    """What each row of the screen shows, from one layout until the next."""

    widgets: list[tuple[Widget, Region]]
    """The widgets of which anything is visible, each with the region of it to render."""
    rows: list[list[VisiblePart]]
    """The parts of each row, from left to right."""


class FrameUpdate(LayoutUpdate):
    """A whole frame. It builds the cursor movement to each row only once, not for each frame."""

    def render_segments(self, console: Console) -> str:
        """Return the frame as terminal sequences."""
        return "\n".join(
            [
                _start_of_row(y) + "".join([strip.render(console) for strip in row])
                for y, row in enumerate(self.strips)
            ]
        )


class FrameCompositor(Compositor):
    """A compositor that determines once per layout which widget each cell shows.

    Textual's own determines it for each frame: it also renders widgets that others cover, such as containers, and
    cuts each line wherever another widget begins. That takes half of the time of a frame, and each cut line keeps
    itself alive through its cache, so that only the garbage collector frees it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._plan = FramePlan([], [])
        self._planned_for: object = None

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """Return an update of the whole screen; `simplify` joins the parts of a row for a picture."""
        if simplify:
            return super().render_full_update(simplify)
        self._dirty_regions.clear()
        return FrameUpdate(self.frame(), self.size.region)

    def frame(self) -> list[Iterable[Strip]]:
        """Return the strips of each row of the screen."""
        visible = self.visible_widgets  # a new dictionary after each layout
        if self._planned_for is not visible:
            self._planned_for, self._plan = visible, self._planned(visible)
        lines = [widget.render_lines(region) for widget, region in self._plan.widgets]
        return [[_cut(lines[part.widget][part.line], part) for part in row] for row in self._plan.rows]

    def _planned(self, visible: dict[Widget, tuple[Region, Region]]) -> FramePlan:
        """Return which widget shows each cell: the first of `visible` that covers it."""
        cuts = self.cuts  # columns of each row at which a widget begins or ends
        rows: list[dict[int, VisiblePart]] = [{} for _ in cuts]
        widgets: list[tuple[Widget, Region]] = []
        for widget, (region, clip) in visible.items():  # front to back
            area = region.intersection(clip)
            left, right = area.column_span
            shows = False
            for line, y in enumerate(area.line_range):
                row, ends = rows[y], cuts[y]
                for start, end in pairwise(ends):
                    if left <= start < right and start not in row:
                        row[start] = VisiblePart(len(widgets), line, start - left, end - left)
                        shows = True
            if shows:
                widgets.append((widget, area.translate(-region.offset)))
        return FramePlan(widgets, [_joined(row[start] for start in sorted(row)) for row in rows])


def _joined(parts: Iterable[VisiblePart]) -> list[VisiblePart]:
    """Join neighbours that show the same line of the same widget."""
    joined: list[VisiblePart] = []
    for part in parts:
        if joined and joined[-1][:2] == part[:2]:
            joined[-1] = joined[-1]._replace(end=part.end)
        else:
            joined.append(part)
    return joined


def _cut(strip: Strip, part: VisiblePart) -> Strip:
    """Return the visible part of a line, usually all of it, padded when the line is narrower than its widget."""
    if not part.start and strip.cell_length == part.end:
        return strip
    return strip.crop_extend(part.start, part.end, None)


@cache
def _start_of_row(y: int) -> str:
    return f"\x1b[{y + 1};1H"
