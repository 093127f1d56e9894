"""Run the smallest Textual app that shows a text and answers a key, the baseline of all latencies."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Hello(App[None]):
    """Shows hello and the number of keys pressed."""

    keys = 0

    def compose(self) -> ComposeResult:
        """Yield one line."""
        yield Static("hello <0>")

    def on_key(self, event: Key) -> None:
        """Count the key and show the count."""
        event.stop()
        self.keys += 1
        self.query_one(Static).update(f"hello <{self.keys}>")


if __name__ == "__main__":
    Hello().run()
