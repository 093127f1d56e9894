"""Take the text to find in a document, and show how many matches it has."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class FindBar(Horizontal):
    """A text field and the number of matches, hidden until it is opened."""

    DEFAULT_CSS = """
    FindBar {
        height: 1;
        display: none;
        & Input { width: 1fr; border: none; height: 1; padding: 0 1; background: $boost; }
        & Static { width: 24; padding: 0 1; text-align: right; color: $text-muted; }
    }
    """

    @dataclass
    class SearchRequested(Message):
        """The text to find was changed or confirmed."""

        needle: str
        """Text to find; "" for none."""
        done: bool
        """Whether the text was confirmed with enter."""

    def compose(self) -> ComposeResult:
        """Yield the text field and the count."""
        # Only `open` selects the text: the focus event comes later, when keys may have been typed already.
        yield Input(placeholder="find", max_length=200, compact=True, select_on_focus=False)
        yield Static("", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether the bar is visible."""
        return self.display

    @property
    def is_typing(self) -> bool:
        """Whether the text field takes the keys."""
        # Not `has_focus`, which changes only when the field receives its focus event.
        return self.display and self.screen.focused is self.query_one(Input)

    def type(self, character: str) -> None:
        """Insert a character that was typed before the field had the focus."""
        field = self.query_one(Input)
        field.replace(character, *sorted(field.selection))

    def open(self) -> None:
        """Show the bar, select the previous text and search for it again."""
        self.display = True
        field = self.query_one(Input)
        # Set the focus now, not when the app is idle: the next key is text to find and must not label.
        self.screen.set_focus(field)
        field.action_select_all()
        if field.value:
            self.post_message(self.SearchRequested(field.value, done=False))

    def close(self) -> None:
        """Hide the bar."""
        self.display = False

    def show_count(self, number: int, count: int, *, more: bool = False) -> None:
        """Show the number of the current match, 0 for none yet, and the count; `more` if the search goes on."""
        if not self.query_one(Input).value:
            text = ""
        elif not count:
            text = "searching" if more else "no match"
        else:
            total = f"{count:,}{'+' * more}"
            text = f"{number:,} of {total}" if number else "1 match" if total == "1" else f"{total} matches"
        # The width is fixed, so the frame of a key needs no layout.
        self.query_one(Static).update(text, layout=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while the user types."""
        event.stop()
        self.post_message(self.SearchRequested(event.value, done=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Confirm the text to find."""
        event.stop()
        self.post_message(self.SearchRequested(event.value, done=True))
