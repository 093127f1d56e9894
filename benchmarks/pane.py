"""Run the document pane alone: each key shows another document of the kind given as an argument."""

from __future__ import annotations

import gc
import os
import sys

os.environ.setdefault("TEXTUAL_FPS", "240")  # read when Textual is imported

from textual.app import App, ComposeResult
from textual.events import Key

from corpuscope.tui.widgets.document_view import DocumentView

LINE = "The quick brown fox jumps over the lazy dog, and the text goes on for a while.\n"
KINDS = {
    "3 KB": LINE * 38,
    "100 KB": LINE * 1_266,
    "1 MB": LINE * 12_660,
    "10 MB": LINE * 126_600,
    "one 1 MB line": "x" * 1_000_000,
    "1 MB CJK and emoji": "日本語のテキスト、漢字かな交じり文😀🎉 with English 2024年。\n" * 8_000,
    "1 MB Arabic": "هذا نص عربي طويل من اليمين إلى اليسار مع 123 رقم.\n" * 11_000,
    "1 MB escapes": "\x1b[31mred\x1b[0m and \u202ebidi\u202c and \u200bzero\n" * 25_000,
}
"""Texts by name."""
DOCUMENTS = 8
"""Number of documents made ahead and shown in turn, so that making one is not measured."""


class Pane(App[None]):
    """An app that shows one document after another."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._documents = [f"<{number}> {text}" for number in range(DOCUMENTS)]
        self._shown = 0

    def compose(self) -> ComposeResult:
        """Yield only the pane."""
        yield DocumentView()

    def on_mount(self) -> None:
        """Show the first document, then stop garbage collection as the app does."""
        self._show()
        self.call_after_refresh(self._freeze)

    def _freeze(self) -> None:
        gc.collect()
        gc.freeze()
        gc.disable()

    def _show(self) -> None:
        self.query_one(DocumentView).show(self._documents[self._shown % DOCUMENTS])

    def on_key(self, event: Key) -> None:
        """Show the next document."""
        event.stop()
        self._shown += 1
        self._show()


if __name__ == "__main__":
    Pane(KINDS[sys.argv[1]]).run()
