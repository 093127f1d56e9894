"""What has to be read in full although it is longer than a line: damage found, a label refused."""

from textual.content import Content
from textual.widgets import Static

from corpuscope.text.terminal_text import one_line


class Said(Static):
    """As many rows as the text needs, none while there is none."""

    DEFAULT_CSS = """
    Said {
        display: none;
        height: auto;
        max-height: 6;
        padding: 0 1;
        background: $boost;
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)

    def say(self, text: str, style: str = "") -> None:
        """Shows `text` until it is told something else; "" hides it. Lines of the text stay lines."""
        self.display = bool(text)
        if text:
            self.update(Content.styled("\n".join(map(one_line, text.splitlines())), style))
