"""Says that the terminal is too small, until it is not."""

from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static


class TooSmallScreen(ModalScreen[None]):
    """Covers everything; labels nothing."""

    DEFAULT_CSS = """
    TooSmallScreen { align: center middle; background: $background; }
    TooSmallScreen Static { width: auto; text-align: center; }
    """

    def __init__(self, smallest: tuple[int, int]) -> None:
        super().__init__()
        self._smallest = smallest

    def compose(self) -> ComposeResult:
        """One sentence."""
        columns, rows = self._smallest
        yield Static(
            f"corpuscope needs {columns} columns\nand {rows} rows\n\nenlarge the window, or q to quit",
            markup=False,
        )
