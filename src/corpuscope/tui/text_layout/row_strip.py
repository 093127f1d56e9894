"""Style one row of a document, and map its columns back to characters of the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from corpuscope.text.terminal_text import Span, one_line

MARGIN = 2
"""Blank cells to the left of the text."""
GAP = 1
"""Blank cells between the text and the scroll bar."""
BAR = 2
"""Width of the scroll bar at the right edge, in cells: a line and a blank."""
BAR_MARKS = ("┃ ", "│ ")
"""Thumb of the scroll bar and the rest of it."""
SURROUNDINGS = MARGIN + GAP + BAR
"""Cells of a row that are not text."""


class Highlight(NamedTuple):
    """A range of the text to show in another style."""

    start: int
    """Offset of the first character."""
    end: int
    """Offset after the last character."""
    style: Style
    """Style added to that of the text."""


class RowStyles(NamedTuple):
    """Scroll position and styles shared by all rows of a frame."""

    top: int
    """Index of the row at the top of the window."""
    thumb: range
    """Lines of the window that show the thumb of the scroll bar."""
    plain: Style
    """Style of text."""
    symbol: Style
    """Style of a symbol that replaces a character which must not reach the terminal."""
    section: Style
    """Style of the title of a section."""
    bar: Style
    """Style of the thumb of the scroll bar."""
    track: Style | None
    """Style of the rest of the scroll bar; None when everything is visible."""
    marks: tuple[str, str] = BAR_MARKS
    """Thumb of the scroll bar and the rest of it."""


def text_width(width: int) -> int:
    """Return the cells left for text in a row of `width` cells, at least 1."""
    return max(1, width - SURROUNDINGS)


def text_strip(
    spans: Sequence[Span], highlights: Sequence[Highlight], width: int, styles: RowStyles, *, thumb: bool
) -> Strip:
    """Return a row of text. Later highlights cover earlier ones.

    A frame of few segments is fast, so margins and padding share a segment with the text beside them.
    """
    plain = styles.plain
    pieces: list[tuple[str, Style]] = [(" " * MARGIN, plain)]
    cells = MARGIN
    for span in spans:
        style = styles.symbol if span.symbol else plain
        cells += cell_len(span.drawn)
        if highlights:
            pieces += _highlighted(span, style, highlights)
        else:
            pieces.append((span.drawn, style))
    return _strip(pieces, cells, width, styles, thumb)


def title_strip(title: str, width: int, styles: RowStyles, *, thumb: bool) -> Strip:
    """Return the title row of a section; a blank row for an empty title, as in a gap or after the text."""
    if not title:
        return _strip([], 0, width, styles, thumb)
    text = f"─ {one_line(title, max(0, text_width(width) - 4))} "
    text += "─" * (text_width(width) - cell_len(text))
    return _strip(
        [(" " * MARGIN, styles.plain), (text, styles.section)], MARGIN + cell_len(text), width, styles, thumb
    )


def offset_in_row(spans: Sequence[Span], column: int, start: int, *, after: bool) -> int:
    """Return the offset of the character at a column of the row that starts at `start`.

    `column` counts drawn characters. Inside a symbol the offset is its start, or its end with `after`.
    """
    offset = start
    for span in spans:
        length = len(span.drawn)
        if column <= 0:
            break
        if column < length:
            if not _is_one_to_one(span):
                return span.end if after else span.start
            return span.start + column
        column -= length
        offset = span.end
    return offset


def _strip(pieces: list[tuple[str, Style]], cells: int, width: int, styles: RowStyles, thumb: bool) -> Strip:
    """Join the pieces, pad them to the width and add the scroll bar."""
    pieces.append((" " * (width - BAR - cells), styles.plain))
    if thumb:
        pieces.append((styles.marks[0], styles.bar))
    else:
        pieces.append(("  ", styles.plain) if styles.track is None else (styles.marks[1], styles.track))
    segments: list[Segment] = []
    text, style = pieces[0]
    for next_text, next_style in pieces[1:]:
        if next_style is style:
            text += next_text
        else:
            segments.append(Segment(text, style))
            text, style = next_text, next_style
    segments.append(Segment(text, style))
    return Strip(segments, width) if cells <= width - BAR else Strip(segments).crop(0, width)


def _highlighted(span: Span, style: Style, highlights: Sequence[Highlight]) -> list[tuple[str, Style]]:
    """Split a span where a highlight starts or ends. A symbol stays one piece."""
    start, end, drawn, _ = span
    cuts = [start, end]
    if _is_one_to_one(span):
        cuts[1:1] = sorted({cut for highlight in highlights for cut in highlight[:2] if start < cut < end})
    pieces: list[tuple[str, Style]] = []
    for first, last in pairwise(cuts):
        piece = style
        for highlight in highlights:
            if highlight.start < last and first < highlight.end:
                piece += highlight.style
        pieces.append((drawn if len(cuts) == 2 else drawn[first - start : last - start], piece))
    return pieces


def _is_one_to_one(span: Span) -> bool:
    """Return whether each drawn character stands for one character of the text."""
    return not span.symbol and len(span.drawn) == span.end - span.start
