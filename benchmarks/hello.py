"""The smallest Textual app that shows a text and answers a key: what every latency is measured against."""

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Hello(App[None]):
    """Says hello, then how many keys it saw."""

    keys = 0

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static("hello <0>")

    def on_key(self, event: Key) -> None:
        """Counts."""
        event.stop()
        self.keys += 1
        self.query_one(Static).update(f"hello <{self.keys}>")


if __name__ == "__main__":
    Hello().run()
