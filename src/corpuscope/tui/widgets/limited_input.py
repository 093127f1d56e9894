"""A field of limited length that reports what it refuses and what it changes."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widgets import Input

from corpuscope.text.quantities import quantity


def one_line_of(text: str) -> tuple[str, str]:
    """Return pasted text as one line without control characters, and in words what was changed, "" for nothing."""
    lines = text.splitlines()
    joined = " ".join(lines).replace("\t", " ")
    line = "".join(
        character for character in joined if character >= " " and not "\x7f" <= character <= "\x9f"
    )
    changes = [f"{len(lines):,} lines became one"] if len(lines) > 1 else []
    if dropped := len(joined) - len(line):
        changes.append(f"{quantity(dropped, 'control character')} left out")
    return line, " · ".join(changes)


class LimitedInput(Input):
    """An input without a border. Text for which it has no room is not added, and a message says so.

    Pasted text becomes one line. Textual would add the first line and drop the others without a word.
    """

    @dataclass
    class Refused(Message):
        """A key or a paste was not added, because the text would be too long."""

        most: int
        """Most characters of the text."""
        pasted: int
        """Characters of the paste; 0 for a key."""

    @dataclass
    class PasteChanged(Message):
        """A paste was added with changes."""

        changes: str
        """The changes in words: "12 lines became one"."""

    def restricted(self) -> None:
        """Report the refusal in place of the bell, which many terminals do not sound."""
        self.post_message(self.Refused(self.max_length or 0, 0))

    def on_paste(self, event: events.Paste) -> None:
        """Add pasted text as one line, or nothing of it where it is too long."""
        event.prevent_default()
        event.stop()
        line, changes = one_line_of(event.text)
        start, end = sorted(self.selection)
        if self.max_length and len(self.value) - (end - start) + len(line) > self.max_length:
            self.post_message(self.Refused(self.max_length, len(line)))
            return
        self.replace(line, start, end)
        if changes:
            self.post_message(self.PasteChanged(changes))
