"""One row of a document in its styles, and which character of the text lies under a column of it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from corpuscope.text.terminal_text import Span, one_line

MARGIN = 1
"""Blank cells before the text and behind it."""
BAR = 1
"""Cells of the scroll bar at the right edge."""


class Highlight(NamedTuple):
    """A stretch of text to show in a style of its own."""

    start: int
    """First character."""
    end: int
    """One past the last."""
    style: Style
    """What is added to the style of the text."""


class RowStyles(NamedTuple):
    """What all rows of a frame have in common."""

    top: int
    """The row at the top of the window."""
    thumb: range
    """Lines of the window with the scroll bar's thumb."""
    plain: Style
    """Text."""
    symbol: Style
    """What stands for a character that is not drawn."""
    section: Style
    """The line before a section."""
    bar: Style
    """The scroll bar's thumb."""


def text_width(width: int) -> int:
    """Cells for text in a row of so many."""
    return max(1, width - 2 * MARGIN - BAR)


def text_strip(
    spans: Sequence[Span], highlights: Sequence[Highlight], width: int, styles: RowStyles, *, thumb: bool
) -> Strip:
    """A row of text; later highlights lie on top of earlier ones.

    Few segments make a fast frame: margins and fill are one with the text beside them.
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
    """The quiet line before a section; blank for the gap above it and below the end of the text."""
    if not title:
        return _strip([], 0, width, styles, thumb)
    text = f"─ {one_line(title, max(0, text_width(width) - 4))} "
    text += "─" * (text_width(width) - cell_len(text))
    return _strip(
        [(" " * MARGIN, styles.plain), (text, styles.section)], MARGIN + cell_len(text), width, styles, thumb
    )


def offset_in_row(spans: Sequence[Span], column: int, start: int, *, after: bool) -> int:
    """The character at a column of a row that starts at `start`, counted in drawn characters.

    Inside a symbol it is where the symbol starts, or where it ends with `after`.
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
    """The pieces, filled up to the width, with the scroll bar at the edge."""
    pieces.append((" " * (width - BAR - cells), styles.plain))
    pieces.append(("▐" * BAR, styles.bar) if thumb else (" " * BAR, styles.plain))
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
    """A span cut where a highlight begins or ends; a symbol is one piece."""
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
    """Whether every drawn character is one of the text."""
    return not span.symbol and len(span.drawn) == span.end - span.start
