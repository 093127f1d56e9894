"""Wrap and draw one row of a document, given the offset at which it starts.

No function reads further than a row is wide, so a row costs the same in a text of 3 KB and in one line of 10 MB.
Rows break after spaces and beside wide characters, or else inside a word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate

from rich.cells import cell_len, get_character_cell_size

from corpuscope.text.terminal_text import MARKS_DRAWN, TAB, Span, spans

EXACT_MARGIN = 3
"""Cells kept free at the right in the exact view, for the space and the line end after the last word."""

_LATIN = "!-~\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u05d0-\u05ea\u0620-\u064a\u1e00-\u1eff"
_PUNCTUATION = "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u21ff\u2500-\u257f"
# One cell each and drawn as themselves, so the width of such a row is its number of characters.
_NARROW = f"[ \xa0{_LATIN}{_PUNCTUATION}]*"
_NARROW_EXACT = f"[ {_LATIN}{_PUNCTUATION}]*"
_NO_ROW_START = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー」』）］｝】〉》〕…‥ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)


class _Widths(dict[str, int]):
    """Width of each character in cells, looked up once."""

    def __missing__(self, character: str) -> int:
        self[character] = cells = get_character_cell_size(character)
        return cells


_width_of = _Widths().__getitem__


@cache
def _narrow(exact: bool) -> re.Pattern[str]:
    """Return the pattern of narrow characters. Compiled at first use: the first frame shows no document."""
    return re.compile(_NARROW_EXACT if exact else _NARROW)


def row_end(text: str, start: int, end: int, width: int, *, exact: bool = False) -> int:
    """Return the end of the row that starts at `start`, line end included. `end` limits the text to wrap.

    A space that does not fit hangs over the edge, and a line end after it belongs to the same row.
    """
    if exact:
        width = max(1, width - EXACT_MARGIN)
    limit = min(start + width + 1, end)
    match = _narrow(exact).match(text, start, limit)
    narrow = match.end() if match else start
    if narrow == limit:
        if limit - start <= width:
            return end
        space = text.rfind(" ", start, limit)
        if space <= start or text[start:space].isspace():
            return limit - 1  # nothing but indentation lies before the space: break the word
        return _after_hanging_space(text, space + 1, end) if space == limit - 1 else space + 1
    if text[narrow] == "\n":
        return narrow + 1
    if text.startswith("\r\n", narrow, end):
        return narrow + 2
    return _row_end_by_cells(text, start, end, width, exact)


def draw_row(text: str, start: int, end: int, width: int, *, exact: bool = False) -> list[Span]:
    """Return the row from `start` to `end` as spans of the whole text, at most `width` cells together.

    The space that hangs over the edge of a full row is in no span.
    """
    row = text[start:end]
    if not exact and row.endswith("\n"):
        row = row[:-1].removesuffix("\r")
    drawn_spans: list[Span] = []
    cells = 0
    for first, last, drawn, symbol in spans(row, exact=exact):
        shown = " " * (TAB - cells % TAB) if drawn == "\t" else drawn
        size = cell_len(shown)
        while cells + size > width:  # a hanging space, or a symbol longer than the row
            shown = shown[:-1]
            size = cell_len(shown)
        cells += size
        hanging = 0 if symbol or drawn == "\t" else len(drawn) - len(shown)
        drawn_spans.append(Span(start + first, start + last - hanging, shown, symbol))
    return drawn_spans


def _row_end_by_cells(text: str, start: int, end: int, width: int, exact: bool) -> int:
    """Return the end of a row with wide characters, combining marks, tabs or symbols."""
    most = width * (MARKS_DRAWN + 1) + 1
    reach = width + 1
    while True:
        stop = min(end, start + reach)
        line_end = text.find("\n", start, stop)
        line = text[start:stop] if line_end < 0 else text[start:line_end].removesuffix("\r")
        sizes = _sizes(line, width, exact)
        overflow = bisect_right(list(accumulate(sizes)), width)
        if overflow < len(line):
            break
        if line_end >= 0:
            return line_end + 1
        if stop == end or reach == most:
            return stop
        reach = min(most, reach * 2)  # combining marks take no cells and left the row unfilled: read further
    if line[overflow] == " ":
        return _after_hanging_space(text, start + overflow + 1, end)
    return start + _break_before(line, sizes, overflow)


def _sizes(line: str, width: int, exact: bool) -> list[int]:
    """Return the width of each character in cells. A symbol for several has its width at the first one."""
    sizes: list[int] = []
    for start, end, drawn, symbol in spans(line, exact=exact):
        if symbol:
            sizes.append(cell_len(drawn))
            sizes += [0] * (end - start - 1)
        elif drawn == "\t":
            sizes.append(TAB - sum(sizes) % TAB)
        else:
            sizes += map(_width_of, drawn)
    if max(sizes) > width:
        return [min(size, width) for size in sizes]  # each row takes at least one character
    return sizes


def _break_before(line: str, sizes: list[int], overflow: int) -> int:
    """Return where to break a row that is full at `overflow`: after a blank, beside a wide character, or there."""
    indent = len(line) - len(line.lstrip(" \t"))
    for at in range(overflow, indent, -1):
        size, character, before = sizes[at], line[at], line[at - 1]
        if not size:
            continue  # a combining mark stays with its letter
        if before in " \t":
            return at
        beside_wide = size == 2 or sizes[at - 1] == 2
        if beside_wide and character not in _NO_ROW_START and character not in " \t":
            return at
    return overflow


def _after_hanging_space(text: str, position: int, end: int) -> int:
    """Return the end of a row whose last space hangs over the edge: after the line end that follows, if any."""
    if text.startswith("\n", position, end):
        return position + 1
    return position + 2 if text.startswith("\r\n", position, end) else position
