"""The line in which text to find is typed."""

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class FindBar(Horizontal):
    """Hidden until wanted; says how many matches there are."""

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
        """The text to find changed, or was confirmed."""

        needle: str
        done: bool

    def compose(self) -> ComposeResult:
        """A field and a count."""
        # selected by `open` alone: the news of the focus comes later, when something may be typed already
        yield Input(placeholder="find", max_length=200, compact=True, select_on_focus=False)
        yield Static("", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.display

    @property
    def is_typing(self) -> bool:
        """Whether keys belong to it."""
        # not `has_focus`, which is set only when the field has been told
        return self.display and self.screen.focused is self.query_one(Input)

    def type(self, character: str) -> None:
        """Adds what was typed before the field could receive it."""
        field = self.query_one(Input)
        field.replace(character, *sorted(field.selection))

    def open(self) -> None:
        """Shows it, with what was sought before selected and sought again."""
        self.display = True
        field = self.query_one(Input)
        # at once, not when the app is idle: what is typed next is sought, it must not label
        self.screen.set_focus(field)
        field.action_select_all()
        if field.value:
            self.post_message(self.SearchRequested(field.value, done=False))

    def close(self) -> None:
        """Hides it."""
        self.display = False

    def show_count(self, number: int, count: int, *, more: bool = False) -> None:
        """Which match the reader went to, 0 for none yet, and how many there are; `more` when that is not all."""
        if not self.query_one(Input).value:
            text = ""
        elif not count:
            text = "searching" if more else "no match"
        else:
            known = f"{count:,}{'+' * more}"
            text = f"{number:,} of {known}" if number else "1 match" if known == "1" else f"{known} matches"
        # as wide as before: no layout in the frame of a key
        self.query_one(Static).update(text, layout=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Finds while typing."""
        event.stop()
        self.post_message(self.SearchRequested(event.value, done=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the text."""
        event.stop()
        self.post_message(self.SearchRequested(event.value, done=True))
