"""The dialog that edits one line of text, such as the note on a document."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from corpuscope.tui.widgets.limited_input import LimitedInput


class NoteScreen(ModalScreen[str | None]):
    """Edit a note, or another text with its own `title`, `placeholder` and `hint`.

    The result is the text, or None when escape was pressed.
    """

    DEFAULT_CSS = """
    NoteScreen {
        align: center middle;
        & > Vertical {
            width: 80%;
            max-width: 100;
            height: auto;
            border: round $accent;
            border-title-color: $accent;
            background: $surface;
            padding: 0 1;
        }
        & Input { border: none; height: 1; padding: 0 1; background: $boost !important; }
        & Static { color: $foreground-muted; margin-top: 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave as it was")]

    def __init__(
        self,
        note: str,
        title: str = "note on this document",
        placeholder: str = "what to remember about it",
        hint: str = "enter saves · esc cancels · leave empty to delete",
    ) -> None:
        super().__init__()
        self._note = note
        self._title = title
        self._placeholder = placeholder
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Yield the field and its hint."""
        with Vertical() as box:
            box.border_title = self._title
            yield LimitedInput(self._note, placeholder=self._placeholder, max_length=2000, compact=True)
            yield Static(self._hint, markup=False)

    def on_limited_input_refused(self, message: LimitedInput.Refused) -> None:
        """Say that the text would be too long."""
        message.stop()
        pasted = f"{message.pasted:,} pasted characters " if message.pasted else ""
        self.query_one(Static).update(f"{pasted}not added: at most {message.most:,} characters")

    def on_limited_input_paste_changed(self, message: LimitedInput.PasteChanged) -> None:
        """Say what became of a paste."""
        message.stop()
        self.query_one(Static).update(f"{self._hint} · {message.changes}")

    def on_input_changed(self) -> None:
        """Show the hint again."""
        self.query_one(Static).update(self._hint)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the note."""
        event.stop()
        self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        """Leave the note unchanged."""
        self.dismiss(None)
