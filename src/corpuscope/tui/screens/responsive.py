"""Base class of full screens: breakpoints and the too-small notice."""

from __future__ import annotations

import logging
import traceback
from typing import ClassVar, Self

from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from corpuscope.config.actions import KeyGroup
from corpuscope.errors import CorpuscopeError
from corpuscope.text.quantities import quantity
from corpuscope.tui.messages import WorkerFailed
from corpuscope.tui.widgets.compositor import FrameCompositor

SMALLEST = (60, 20)
"""Smallest usable size of the terminal in columns and rows."""


class TooSmall(Static):
    """The notice that takes the place of a screen while the terminal is too small."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def on_resize(self) -> None:
        """Say what is needed, and what is there."""
        columns, rows = SMALLEST
        self.update(
            f"corpuscope needs {columns} columns and {rows} rows\n"
            f"this window has {self.screen.size.width:,} and {self.screen.size.height:,}\n\n"
            "enlarge the window, or q to quit"
        )


def pasted_words(text: str) -> str:
    """Say that pasted text did nothing, since it is no keys."""
    return f"{quantity(len(text), 'pasted character')} ignored: no field is open"


class ResponsiveScreen(Screen[None]):
    """A screen that shows a notice while the terminal is too small, and its own widgets again afterwards.

    Subclasses yield a `TooSmall` in `compose`; it is the only child with rows while there is no room.
    """

    DEFAULT_CSS = """
    ResponsiveScreen {
        & > TooSmall { display: none; width: 1fr; height: 1fr; content-align: center middle; text-align: center; }
        &.-too-narrow > *, &.-too-low > * { display: none; max-height: 0; }
        &.-too-narrow > TooSmall, &.-too-low > TooSmall { display: block; max-height: 100%; }
    }
    """

    KEYS: ClassVar[KeyGroup]
    """The actions of this screen."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it as an instance's
        (0, "-too-narrow"),
        (SMALLEST[0], "-narrow"),
        (80, "-normal"),
        (120, "-wide"),
        (134, "-roomy"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (SMALLEST[1], "-high"), (30, "-tall")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self._compositor = FrameCompositor()

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Request a frame, unless one of the whole screen was requested already: a label changes six widgets."""
        if self._repaint_required and self.is_mounted and not (layout or recompose):
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def paint(self) -> None:
        """Paint a requested frame at once. Textual would wait until it is idle, then for a timer.

        Only for changes that need neither a layout nor a style sheet: they would come a frame later.
        """
        if self._repaint_required:
            self._on_timer_update()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show a fault that a worker did not expect; else the screen would wait for its result for ever."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and error is not None:
            event.stop()
            logging.getLogger("corpuscope").error("".join(traceback.format_exception(error)))
            message = f"an unexpected fault: {type(error).__name__}: {error}"
            hint = "no label is lost; `corpuscope doctor` looks for the cause, and the log has the details"
            self.post_message(WorkerFailed(CorpuscopeError(message, hint)))

    @property
    def key_group(self) -> KeyGroup:
        """The actions that the keys run now."""
        return self.KEYS

    @property
    def too_small(self) -> bool:
        """Whether only the too-small notice is shown; then no decision may be accepted."""
        return self.has_class("-too-narrow") or self.has_class("-too-low")
