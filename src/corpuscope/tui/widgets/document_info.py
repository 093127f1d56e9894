"""Show statistics of a document and, unless the annotator is blind to it, its origin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Region

from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line, wrapped
from corpuscope.tui.widgets.painting import StyledRows, StyledRun

if TYPE_CHECKING:  # the first frame has no document
    from corpuscope.domain.document import Document
    from corpuscope.domain.text_statistics import TextStatistics

FIRST_METADATA = ("date", "timestamp", "url", "language", "dump")
"""Metadata fields shown before all others, in this order."""
MOMENTS = ("date", "timestamp")
"""Metadata fields of which a narrow panel shows the day only."""
DAY = 10
"""Characters of a day in ISO 8601."""
NAME_WIDTH = 9
"""Cells of the names of metadata in a wide panel; a longer name moves its value to the right."""
WIDE = 28
"""Cells of a panel in which names of metadata stand in a column."""
ADDRESS_ROWS = 3
"""Most rows of an address."""
InfoLine = tuple[StyledRun, ...]
"""A line of the panel."""


def statistics_lines(statistics: TextStatistics, room: int) -> list[str]:
    """Return the statistics of a text, one per line, or two on a line where `room` cells hold both.

    A narrow panel leaves out the characters.
    """
    about = "" if statistics.exact else "about "
    lines = f"{about}{quantity(statistics.lines, 'line')}"
    short = f"{100 * statistics.short_lines:.0f} % under 30 chars"
    words = f"{about}{quantity(statistics.words, 'word')}"
    tokens = f"{'' if statistics.tokens_given else '~'}{quantity(statistics.tokens, 'token')}"
    characters = quantity(statistics.characters, "char")
    long = [characters] if room >= WIDE else []
    return [*_together(words, tokens, " · ", room), *long, *_together(lines, short, " · ", room)]


def _together(one: str, other: str, gap: str, room: int) -> list[str]:
    """Return two texts on one line where `room` cells hold both, else on two."""
    both = f"{one}{gap}{other}"
    return [both] if cell_len(both) <= room else [one, *wrapped(other, room)]


MUTED = "$foreground-muted"
"""Style of names, and of what is known of a source."""
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
        self._lines: list[InfoLine] = []
        self._counted: tuple[Document, TextStatistics] | None = None
        self._described: tuple[Document, bool, int, list[InfoLine]] | None = None

    def prepare(self, document: Document, *, blind: bool) -> None:
        """Compute and render the lines of the document likely to be shown next."""
        self.check_appearance()
        for line in self._lines_of(document, blind=blind):
            self.finished_row(self._runs_of(line))

    def show(
        self, document: Document | None, *, blind: bool, bookmarked: bool = False, note: str = ""
    ) -> None:
        """Show `document` with its bookmark and note, or nothing for None. With `blind` its source stays hidden."""
        self._document, self._blind, self._marks = document, blind, (bookmarked, note)
        previous, self._lines = self._lines, self._all_lines()
        # Repaint only the rows that change: the panel is as high as the screen, and a key has to fit into one frame.
        pairs = enumerate(zip_longest(previous, self._lines))
        if changed := [Region(0, y, self.size.width, 1) for y, (old, new) in pairs if old != new]:
            self.refresh(*changed)

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
        return "\n".join("".join(text for text, _ in line) for line in self._lines)

    @property
    def _room(self) -> int:
        return max(self.size.width - 2, 1)

    def _runs_of(self, line: InfoLine) -> Sequence[StyledRun]:
        return ((" ", ""), *((one_line(text, self._room), style) for text, style in line))

    def _all_lines(self) -> list[InfoLine]:
        """Return bookmark and note, then the lines of the document."""
        if self._document is None:
            return []
        bookmarked, note = self._marks
        lines: list[InfoLine] = [(("★ bookmarked", "bold $accent"),), ()] if bookmarked else []
        if note:
            rows = wrapped(one_line(note), self._room)
            cut = [*rows[:NOTE_ROWS], *["…"] * (len(rows) > NOTE_ROWS)]
            lines += [(("note", MUTED),), *(((text, ""),) for text in cut), ()]
        return lines + self._lines_of(self._document, blind=self._blind)

    def _lines_of(self, document: Document, *, blind: bool) -> list[InfoLine]:
        """Return the lines of a document; those of the last one are kept, since it was prepared."""
        last, room = self._described, self._room
        if last is None or last[0] is not document or last[1:3] != (blind, room):
            last = self._described = document, blind, room, self._describe(document, blind=blind)
        return last[3]

    def _describe(self, document: Document, *, blind: bool) -> list[InfoLine]:
        if self._counted is None or self._counted[0] is not document:
            from corpuscope.domain.text_statistics import statistics_of

            self._counted = document, statistics_of(document.text, document.tokens)
        lines: list[InfoLine] = [((line, ""),) for line in statistics_lines(self._counted[1], self._room)]
        if blind:
            return [*lines, (), *(((line, MUTED),) for line in HIDDEN)]
        return [*lines, (), *source_lines(document, self._room)]


def source_lines(document: Document, room: int) -> list[InfoLine]:
    """Return draw and metadata of a document in lines of `room` cells; in a wide panel names have a column."""
    metadata = {name: value for name, value in document.metadata.items() if value is not None}
    first = [name for name in FIRST_METADATA if name in metadata]
    lines = [_named("draw", f"{document.draw:,}", room)]
    for name in first + [name for name in metadata if name not in FIRST_METADATA]:
        value = metadata[name]
        if name == "url":
            lines += _address_lines(str(value), room)
        elif name in MOMENTS and room < WIDE:
            lines.append(((str(value)[:DAY], MUTED),))
        else:
            lines.append(_named(name, f"{value:.3g}" if isinstance(value, float) else str(value), room))
    return lines


def _named(name: str, value: str, room: int) -> InfoLine:
    if room < WIDE:
        return ((f"{name} {value}", MUTED),)
    label = one_line(name, room // 2).ljust(NAME_WIDTH) + " "
    return (label, MUTED), (one_line(value, room - cell_len(label)), "")


def _address_lines(url: str, room: int) -> list[InfoLine]:
    """Return an address without its scheme, broken before a slash where that leaves no short row."""
    rest = one_line(url.removeprefix("https://").removeprefix("http://"))
    width = room - NAME_WIDTH - 1 if room >= WIDE else max(room, 1)
    rows: list[str] = []
    while rest and len(rows) < ADDRESS_ROWS:
        end = max(len(wrapped(rest, width)[0]), 1)
        slash = rest.rfind("/", 1, end + 1) if end < len(rest) else -1
        end = slash if slash > width // 3 else end
        rows.append(rest[:end])
        rest = rest[end:]
    if rest:
        rows[-1] = one_line(rows[-1] + rest, width)
    if room < WIDE:
        return [((row, MUTED),) for row in rows]
    labels = ["url", *[""] * len(rows)]
    return [
        ((label.ljust(NAME_WIDTH) + " ", MUTED), (row, "")) for label, row in zip(labels, rows, strict=False)
    ]
