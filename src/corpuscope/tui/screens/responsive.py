"""What every whole screen has in common: how it behaves when the terminal is narrow, wide or too small."""

from textual.screen import Screen
from textual.widgets import Static

from corpuscope.tui.widgets.painting import PlainBackground

SMALLEST = (60, 20)
"""Columns and rows below which nothing useful fits."""


class TooSmall(Static):
    """Covers a screen that has no room."""

    def __init__(self) -> None:
        columns, rows = SMALLEST
        super().__init__(
            f"corpuscope needs {columns} columns\nand {rows} rows\n\nenlarge the window, or q to quit",
            markup=False,
        )


class ResponsiveScreen(Screen[None], PlainBackground):
    """Says when the terminal is too small, and is as it was when there is room again.

    Subclasses yield a `TooSmall` in `compose`; it is the only child shown while there is no room.
    """

    DEFAULT_CSS = """
    ResponsiveScreen {
        & > TooSmall { display: none; width: 1fr; height: 1fr; content-align: center middle; text-align: center; }
        &.-too-narrow > *, &.-too-low > * { display: none; }
        &.-too-narrow > TooSmall, &.-too-low > TooSmall { display: block; }
    }
    """

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it as an instance's
        (0, "-too-narrow"),
        (SMALLEST[0], "-narrow"),
        (80, "-normal"),
        (150, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (SMALLEST[1], "-high")]  # noqa: RUF012

    @property
    def too_small(self) -> bool:
        """Whether nothing is shown for want of room; then nothing may be decided either."""
        return self.has_class("-too-narrow") or self.has_class("-too-low")
