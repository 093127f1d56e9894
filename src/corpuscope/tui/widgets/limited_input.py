"""A field of limited length that reports what it refuses."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message
from textual.widgets import Input


class LimitedInput(Input):
    """An input without a border. Text for which it has no room is not added, and a message says so."""

    @dataclass
    class Refused(Message):
        """A key or a paste was not added, because the text would be too long."""

        most: int
        """Most characters of the text."""

    def restricted(self) -> None:
        """Report the refusal in place of the bell, which many terminals do not sound."""
        self.post_message(self.Refused(self.max_length or 0))
