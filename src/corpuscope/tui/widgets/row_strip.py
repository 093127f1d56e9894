"""One row of a document in its styles, and which character of the text lies under a column of it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from corpuscope.domain.visible import Span, one_line


class Mark(NamedTuple):
    """A stretch of text to show in a style of its own."""

    start: int
    """First character."""
    end: int
    """One past the last."""
    style: Style
    """What is added to the style of the text."""


def text_strip(
    spans: Sequence[Span], width: int, *, plain: Style, symbol: Style, marks: Sequence[Mark]
) -> Strip:
    """A row of text; later marks lie on top of earlier ones."""
    segments: list[Segment] = []
    for span in spans:
        style = symbol if span.symbol else plain
        if marks:
            segments += _marked(span, style, marks)
        else:
            segments.append(Segment(span.drawn, style))
    return Strip(segments).adjust_cell_length(width, plain)


def title_strip(title: str, width: int, style: Style) -> Strip:
    """The quiet line before a section; blank for the gap above it."""
    if not title:
        return Strip.blank(width, style)
    text = f"─ {one_line(title, max(0, width - 4))} "
    return Strip([Segment(text + "─" * width, style)]).adjust_cell_length(width, style)


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


def _marked(span: Span, style: Style, marks: Sequence[Mark]) -> list[Segment]:
    """A span cut where a mark begins or ends; a symbol is one piece."""
    start, end, drawn, _ = span
    cuts = [start, end]
    if _is_one_to_one(span):
        cuts[1:1] = sorted({cut for mark in marks for cut in mark[:2] if start < cut < end})
    segments: list[Segment] = []
    for first, last in pairwise(cuts):
        piece = style
        for mark in marks:
            if mark.start < last and first < mark.end:
                piece += mark.style
        text = drawn if len(cuts) == 2 else drawn[first - start : last - start]
        segments.append(Segment(text, piece))
    return segments


def _is_one_to_one(span: Span) -> bool:
    """Whether every drawn character is one of the text."""
    return not span.symbol and len(span.drawn) == span.end - span.start
