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
        & Static { width: auto; padding: 0 1; color: $text-muted; }
        &.-open { display: block; }
    }
    """

    @dataclass
    class Wanted(Message):
        """The text to find changed, or was confirmed."""

        needle: str
        done: bool

    def compose(self) -> ComposeResult:
        """A field and a count."""
        yield Input(placeholder="find", max_length=200, compact=True)
        yield Static("", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("-open")

    def open(self) -> None:
        """Shows it, with what was sought before selected."""
        self.add_class("-open")
        field = self.query_one(Input)
        field.focus()
        field.action_select_all()

    def close(self) -> None:
        """Hides it."""
        self.remove_class("-open")

    def say(self, position: int, count: int) -> None:
        """`position` of `count` matches."""
        typed = bool(self.query_one(Input).value)
        text = f"{position} of {count:,}" if count else "no match" if typed else ""
        self.query_one(Static).update(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Finds while typing."""
        event.stop()
        self.post_message(self.Wanted(event.value, done=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the text."""
        event.stop()
        self.post_message(self.Wanted(event.value, done=True))
