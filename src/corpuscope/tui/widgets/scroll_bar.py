"""Draw Textual's scroll bars as thin as the one of a document: a heavy line on a light one."""

from __future__ import annotations

from math import ceil

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

THUMB, TRACK = "┃", "│"
"""What is drawn in the rows that the bar shows as visible, and in the others."""


class LineScrollBar(ScrollBarRender):
    """Render a vertical scroll bar as a line; a horizontal one is left as Textual draws it."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = Color.parse("default"),  # noqa: B008 - of the base class
        bar_color: Color = Color.parse("default"),  # noqa: B008 - of the base class
    ) -> Segments:
        """Return one segment per row, which a click grabs or scrolls by a page."""
        if not vertical:
            return super().render_bar(
                size, virtual_size, window_size, position, thickness, vertical, back_color, bar_color
            )
        hidden = virtual_size - window_size
        if not (window_size and size and hidden > 0):
            return Segments([Segment(" " * thickness)] * int(size), new_lines=True)
        thumb = max(1, ceil(size * window_size / virtual_size))
        start = round((size - thumb) * position / hidden)
        rows = [
            Segment(THUMB.center(thickness), Style(color=bar_color, meta={"@mouse.down": "grab"}))
            if start <= y < start + thumb
            else Segment(
                TRACK.center(thickness),
                Style(color=back_color, meta={"@mouse.down": "scroll_up" if y < start else "scroll_down"}),
            )
            for y in range(int(size))
        ]
        return Segments(rows, new_lines=True)
