"""Take the text to find in a document, and show how many matches it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from corpuscope.tui.widgets.limited_input import LimitedInput
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine

TYPING_KEYS = (
    StatusItem("enter find", "$foreground-muted", lead=5),
    StatusItem("esc close", "$foreground-muted", action="current", lead=3),
)
"""Keys of the field, for the footer."""


def match_words(number: int, count: int, *, more: bool) -> str:
    """Return the number of the current match, 0 for none yet, and the count; `more` if the search goes on."""
    if not count:
        return "searching" if more else "no match"
    total = f"{count:,}{'+' * more}"
    if number:
        return f"{number:,} of {total}"
    return "1 match" if total == "1" else f"{total} matches"


class FindBar(Horizontal):
    """A text field and the number of matches, hidden until it is opened; it takes the place of the line `#last`."""

    DEFAULT_CSS = """
    FindBar {
        height: 1;
        display: none;
        & #find-word { width: 6; padding-left: 1; color: $accent; text-style: bold; }
        & Input { width: 1fr; max-width: 24; border: none; height: 1; padding: 0 1; background: $boost !important; }
        & #find-count { width: 22; padding: 0 1; color: $foreground; }
        & StatusLine { width: 1fr; }
    }
    Screen.-finding #last { display: none; }
    Screen.-narrow FindBar StatusLine { display: none; }
    """
    SCOPED_CSS: ClassVar[bool] = False  # the bar takes the place of another line of the screen

    @dataclass
    class SearchRequested(Message):
        """The text to find was changed or confirmed."""

        needle: str
        """Text to find; "" for none."""
        done: bool
        """Whether the text was confirmed with enter."""

    def __init__(self, keys: Sequence[StatusItem] = ()) -> None:
        """Name `keys` at the right: what moves among the matches, and what closes the bar."""
        super().__init__()
        self._keys = keys
        self._footer: tuple[Sequence[StatusItem], Sequence[StatusItem]] | None = None

    def _field(self) -> Input:
        """Return the text field, made with its surroundings at first use: the first frame shows none of it."""
        if not self.children:
            self.mount(
                Static("find", id="find-word", markup=False),
                # Only `open` selects the text: the focus event comes later, when keys may have been typed already.
                LimitedInput(placeholder="text", max_length=200, compact=True, select_on_focus=False),
                Static("", id="find-count", markup=False),
                StatusLine(),
            )
        return self.query_one(Input)

    def on_descendant_focus(self) -> None:
        """Show the keys of the field in the footer: no other works while it has the focus."""
        self.query_one(StatusLine).show(())
        line = self.screen.query_one("#keys", StatusLine)
        self._footer = self._footer or line.items
        line.show(TYPING_KEYS)

    def on_descendant_blur(self) -> None:
        """Show the keys of the screen again, and those that move among the matches."""
        self.query_one(StatusLine).show((), self._keys)
        if self._footer:
            self.screen.query_one("#keys", StatusLine).show(*self._footer)
            self._footer = None

    @property
    def is_open(self) -> bool:
        """Whether the bar is visible."""
        return self.display

    @property
    def is_typing(self) -> bool:
        """Whether the text field takes the keys."""
        # Not `has_focus`, which changes only when the field receives its focus event.
        return self.display and self.screen.focused is self.query_one(Input)

    def take(self, event: events.Key) -> bool:
        """Handle a key that was pressed before the field had the focus. Return False when none is taken now."""
        if not self.is_typing:
            return False
        field = self.query_one(Input)
        if event.key == "enter":
            event.stop()
            self.post_message(self.SearchRequested(field.value, done=True))
        elif event.is_printable and event.character:
            event.stop()
            field.replace(event.character, *sorted(field.selection))
        return True

    def open(self) -> None:
        """Show the bar, select the previous text and search for it again."""
        self.display = True
        self.screen.add_class("-finding")
        field = self._field()
        # Set the focus now, not when the app is idle: the next key is text to find and must not label.
        self.screen.set_focus(field)
        field.action_select_all()
        if field.value:
            self.post_message(self.SearchRequested(field.value, done=False))

    def close(self) -> None:
        """Hide the bar."""
        self.display = False
        self.screen.remove_class("-finding")

    def show_count(self, number: int, count: int, *, more: bool = False) -> None:
        """Show `match_words` beside a text to find."""
        text = match_words(number, count, more=more) if self.query_one(Input).value else ""
        # The width is fixed, so the frame of a key needs no layout.
        self.query_one("#find-count", Static).update(text, layout=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while the user types."""
        event.stop()
        self.post_message(self.SearchRequested(event.value, done=False))

    def on_limited_input_refused(self, message: LimitedInput.Refused) -> None:
        """Say that the text would be too long."""
        message.stop()
        self.query_one("#find-count", Static).update(f"at most {message.most:,} letters", layout=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Confirm the text to find."""
        event.stop()
        self.post_message(self.SearchRequested(event.value, done=True))
