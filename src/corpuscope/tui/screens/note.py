"""The dialog that edits the note on one document."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class NoteScreen(ModalScreen[str | None]):
    """Edit a note; the result is its text, or None when escape was pressed."""

    DEFAULT_CSS = """
    NoteScreen {
        align: center middle;
        & > Vertical {
            width: 80%;
            max-width: 100;
            height: auto;
            border: round $accent;
            background: $surface;
            padding: 0 1;
        }
        & Static { color: $text-muted; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave as it was")]

    def __init__(self, note: str) -> None:
        super().__init__()
        self._note = note

    def compose(self) -> ComposeResult:
        """Yield the field and its hint."""
        with Vertical():
            yield Input(
                self._note, placeholder="what should be remembered about this document?", max_length=2000
            )
            yield Static("enter keeps it · esc leaves it as it was · empty removes it", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the note."""
        event.stop()
        self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        """Leave the note unchanged."""
        self.dismiss(None)
