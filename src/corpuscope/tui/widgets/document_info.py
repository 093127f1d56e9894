"""Show statistics of a document and, unless the annotator is blind to it, its origin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Region

from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.painting import StyledRows, StyledRun

if TYPE_CHECKING:  # the first frame has no document
    from corpuscope.domain.document import Document
    from corpuscope.domain.text_statistics import TextStatistics

FIRST_METADATA = ("url", "date", "timestamp", "language", "dump")
"""Metadata fields shown before all others, in this order."""


def statistics_lines(statistics: TextStatistics, room: int) -> list[str]:
    """Return the statistics of a text, one per line, or two on a line where `room` cells hold both."""
    about = "" if statistics.exact else "about "
    token_word = f"token{'s' * (statistics.tokens != 1)}"
    lines = f"{about}{statistics.lines:,} line{'s' * (statistics.lines != 1)}"
    short = f"({100 * statistics.short_lines:.0f} % under 30 chars)"
    words = f"{about}{statistics.words:,} word{'s' * (statistics.words != 1)}"
    tokens = f"{'' if statistics.tokens_given else '~'}{statistics.tokens:,} {token_word}"
    characters = f"{statistics.characters:,} char{'s' * (statistics.characters != 1)}"
    return [*_together(words, tokens, " · ", room), characters, *_together(lines, short, " ", room)]


def _together(one: str, other: str, gap: str, room: int) -> list[str]:
    """Return two texts on one line where `room` cells hold both, else on two."""
    both = f"{one}{gap}{other}"
    return [both] if cell_len(both) <= room else [one, *wrap(other, room)]


HIDDEN = ["source hidden", "until you label"]
"""Lines in place of the source while the annotator is blind to it."""
NOTE_ROWS = 5
"""Most rows of a note."""


class DocumentInfo(StyledRows):
    """Statistics and origin of one document."""

    DEFAULT_CSS = """
    DocumentInfo {
        height: 1fr;
        border: round $border-blurred;
        border-title-color: $foreground;
        border-title-style: none;
        color: $foreground;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.head = "this document"
        self._document: Document | None = None
        self._blind = False
        self._marks: tuple[bool, str] = False, ""
        self._lines: list[StyledRun] = []
        self._counted: tuple[Document, TextStatistics] | None = None

    def prepare(self, document: Document, *, blind: bool) -> None:
        """Compute and render the lines of the document likely to be shown next."""
        for line in self._lines_of(document, blind=blind):
            self.rendered(self.row(self._runs_of(line)))

    def show(
        self, document: Document | None, *, blind: bool, bookmarked: bool = False, note: str = ""
    ) -> None:
        """Show `document` with its bookmark and note, or nothing for None. With `blind` its source stays hidden."""
        self._document, self._blind, self._marks = document, blind, (bookmarked, note)
        previous, self._lines = self._lines, self._all_lines()
        # Repaint only the rows that change: the panel is as high as the screen, and a key has to fit into one frame.
        for y, (old, new) in enumerate(zip_longest(previous, self._lines)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def on_resize(self) -> None:
        """Cut long addresses to the new width."""
        self._lines = self._all_lines()
        self.refresh()

    def runs(self, y: int) -> Sequence[StyledRun]:
        """Return line `y`, cut to the width of the panel."""
        return self._runs_of(self._lines[y]) if y < len(self._lines) else ()

    @property
    def text(self) -> str:
        """The text currently shown."""
        return "\n".join(text for text, _ in self._lines)

    @property
    def _room(self) -> int:
        return max(self.size.width - 2, 1)

    def _runs_of(self, line: StyledRun) -> Sequence[StyledRun]:
        text, style = line
        return ((" " + one_line(text, self._room), style),)

    def _all_lines(self) -> list[StyledRun]:
        """Return bookmark and note, then the lines of the document."""
        if self._document is None:
            return []
        bookmarked, note = self._marks
        lines: list[StyledRun] = [("★ bookmarked", "bold $accent"), ("", "")] if bookmarked else []
        if note:
            wrapped = wrap(one_line(note), self._room)
            cut = [*wrapped[:NOTE_ROWS], *["…"] * (len(wrapped) > NOTE_ROWS)]
            lines += [("note", "$foreground-muted"), *((text, "") for text in cut), ("", "")]
        return lines + self._lines_of(self._document, blind=self._blind)

    def _lines_of(self, document: Document | None, *, blind: bool) -> list[StyledRun]:
        if document is None:
            return []
        if self._counted is None or self._counted[0] is not document:
            from corpuscope.domain.text_statistics import statistics_of

            self._counted = document, statistics_of(document.text, document.tokens)
        lines: list[StyledRun] = [(line, "") for line in statistics_lines(self._counted[1], self._room)]
        source = HIDDEN if blind else [f"draw {document.draw:,}", *self._metadata(document, self._room)]
        return [*lines, ("", ""), *((line, "$foreground-muted") for line in source)]

    def _metadata(self, document: Document, width: int) -> list[str]:
        metadata = {name: value for name, value in document.metadata.items() if value is not None}
        first = [name for name in FIRST_METADATA if name in metadata]
        lines = []
        for name in first + [name for name in metadata if name not in FIRST_METADATA]:
            value = metadata[name]
            text = f"{value:.3g}" if isinstance(value, float) else str(value)
            if name == "url":
                clean = one_line(text.removeprefix("https://").removeprefix("http://"))
                lines += [clean[i : i + width] for i in range(0, min(len(clean), 3 * width), max(width, 1))]
            else:
                lines.append(f"{name} {text}")
        return lines
