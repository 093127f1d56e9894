"""What is known of the document beside its text: sizes always, origin only when nothing has to stay blind."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.geometry import Region

from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.painting import StyledRows, StyledRun

if TYPE_CHECKING:  # the first frame has no document
    from corpuscope.domain.document import Document
    from corpuscope.domain.text_statistics import TextStatistics

FIRST_METADATA = ("url", "date", "timestamp", "language", "dump")
"""Metadata people look at first."""


def statistics_lines(statistics: "TextStatistics", room: int) -> list[str]:
    """The sizes of a text, one a line, two where they have room."""
    about = "" if statistics.exact else "about "
    token_word = f"token{'s' * (statistics.tokens != 1)}{'' if statistics.tokens_given else ' (est.)'}"
    lines = f"{about}{statistics.lines:,} line{'s' * (statistics.lines != 1)}"
    short = f"{100 * statistics.short_lines:.0f} % short"
    return [
        f"{about}{statistics.words:,} word{'s' * (statistics.words != 1)}",
        f"{statistics.characters:,} char{'s' * (statistics.characters != 1)}",
        *([f"{lines}, {short}"] if len(lines) + len(short) + 2 <= room else [lines, short]),
        f"{statistics.tokens:,} {token_word}",
    ]


class DocumentInfo(StyledRows):
    """Sizes and origin of one document."""

    DEFAULT_CSS = """
    DocumentInfo {
        height: 1fr;
        border-top: solid $primary-muted;
        border-title-color: $text-muted;
        color: $text-muted;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.head = "facts"
        self._document: Document | None = None
        self._blind = False
        self._lines: list[str] = []
        self._counted: tuple[Document, TextStatistics] | None = None

    def prepare(self, document: "Document", *, blind: bool) -> None:
        """Counts and draws ahead what `show` will be asked to say of `document`."""
        for line in self._described(document, blind=blind):
            self.rendered(self.row(self._runs_of(line)))

    def show(self, document: "Document | None", *, blind: bool) -> None:
        """Describes `document` from now on; `blind` keeps where it comes from hidden."""
        self._document, self._blind = document, blind
        before, self._lines = self._lines, self._described(document, blind=blind)
        # only the rows that change: the panel is as high as the screen, and a key has one frame
        for y, (old, new) in enumerate(zip_longest(before, self._lines)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def on_resize(self) -> None:
        """Long addresses are cut to the new width."""
        self._lines = self._described(self._document, blind=self._blind)

    def runs(self, y: int) -> Sequence[StyledRun]:
        """One fact a row, cut to the panel."""
        return self._runs_of(self._lines[y]) if y < len(self._lines) else ()

    @property
    def text(self) -> str:
        """What it says now."""
        return "\n".join(self._lines)

    @property
    def _room(self) -> int:
        return max(self.size.width - 2, 1)

    def _runs_of(self, line: str) -> Sequence[StyledRun]:
        return ((" " + one_line(line, self._room), ""),)

    def _described(self, document: "Document | None", *, blind: bool) -> list[str]:
        if document is None:
            return []
        if self._counted is None or self._counted[0] is not document:
            from corpuscope.domain.text_statistics import statistics_of

            self._counted = document, statistics_of(document.text, document.tokens)
        lines = statistics_lines(self._counted[1], self._room)
        if blind:
            lines += ["", "origin hidden", "until the key"]
        else:
            lines += ["", f"draw {document.draw:,}", *self._metadata(document, self._room)]
        return lines

    def _metadata(self, document: "Document", width: int) -> list[str]:
        given = {k: v for k, v in document.metadata.items() if v is not None}
        names = [k for k in FIRST_METADATA if k in given] + [k for k in given if k not in FIRST_METADATA]
        lines = []
        for name in names:
            value = given[name]
            text = f"{value:.3g}" if isinstance(value, float) else str(value)
            if name == "url":
                clean = one_line(text.removeprefix("https://").removeprefix("http://"))
                lines += [clean[i : i + width] for i in range(0, min(len(clean), 3 * width), max(width, 1))]
            else:
                lines.append(f"{name} {text}")
        return lines
