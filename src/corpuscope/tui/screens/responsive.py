"""Base class of full screens: breakpoints and the too-small notice."""

from __future__ import annotations

from textual.screen import Screen
from textual.widgets import Static

from corpuscope.tui.widgets.painting import PlainBackground

SMALLEST = (60, 20)
"""Smallest usable size of the terminal in columns and rows."""


class TooSmall(Static):
    """The notice that takes the place of a screen while the terminal is too small."""

    def __init__(self) -> None:
        columns, rows = SMALLEST
        super().__init__(
            f"corpuscope needs {columns} columns\nand {rows} rows\n\nenlarge the window, or q to quit",
            markup=False,
        )


class ResponsiveScreen(Screen[None], PlainBackground):
    """A screen that shows a notice while the terminal is too small, and its own widgets again afterwards.

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
        """Whether only the too-small notice is shown; then no decision may be accepted."""
        return self.has_class("-too-narrow") or self.has_class("-too-low")
