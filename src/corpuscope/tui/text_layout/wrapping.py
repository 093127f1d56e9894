"""Where one row of a document ends, and what it looks like.

A row is known by where it starts; nothing here looks further than the row is wide, so a row costs the same in
a text of 3 KB and in one line of 10 MB. Rows break after spaces and beside wide characters, else in the word.
"""

import re
from bisect import bisect_right
from itertools import accumulate

from rich.cells import cell_len, get_character_cell_size

from corpuscope.text.terminal_text import MARKS_DRAWN, TAB, Span, spans

EXACT_MARGIN = 3
"""Cells the exact view keeps free at the right, for a space and the line end that follow the last word."""

_LATIN = "!-~\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u05d0-\u05ea\u0620-\u064a\u1e00-\u1eff"
_PUNCTUATION = "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u21ff\u2500-\u257f"
# One cell each and drawn as themselves: a row of these is measured by counting.
_NARROW = re.compile(f"[ \xa0{_LATIN}{_PUNCTUATION}]*")
_NARROW_EXACT = re.compile(f"[ {_LATIN}{_PUNCTUATION}]*")
_NO_ROW_START = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー」』）］｝】〉》〕…‥ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)


class _Widths(dict[str, int]):
    """Cells by character, each looked up once."""

    def __missing__(self, character: str) -> int:
        self[character] = cells = get_character_cell_size(character)
        return cells


_width_of = _Widths().__getitem__


def row_end(text: str, start: int, end: int, width: int, *, exact: bool = False) -> int:
    """Where the row that starts at `start` ends, its line end included; `end` bounds the text to wrap.

    A space that no longer fits hangs over the edge, and the line end behind it belongs to the same row.
    """
    if exact:
        width = max(1, width - EXACT_MARGIN)
    limit = min(start + width + 1, end)
    match = (_NARROW_EXACT if exact else _NARROW).match(text, start, limit)
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
    """The picture of the row `start` to `end` as spans of the whole text; never more than `width` cells.

    The space that hangs behind a full row is in no span.
    """
    row = text[start:end]
    if not exact and row.endswith("\n"):
        row = row[:-1].removesuffix("\r")
    found: list[Span] = []
    cells = 0
    for first, last, drawn, symbol in spans(row, exact=exact):
        shown = " " * (TAB - cells % TAB) if drawn == "\t" else drawn
        size = cell_len(shown)
        while cells + size > width:  # a hanging space, or a symbol longer than the row
            shown = shown[:-1]
            size = cell_len(shown)
        cells += size
        hanging = 0 if symbol or drawn == "\t" else len(drawn) - len(shown)
        found.append(Span(start + first, start + last - hanging, shown, symbol))
    return found


def _row_end_by_cells(text: str, start: int, end: int, width: int, exact: bool) -> int:
    """The same for a row with characters that are wide, marks, tabs or symbols."""
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
        reach = min(most, reach * 2)  # half of it were marks
    if line[overflow] == " ":
        return _after_hanging_space(text, start + overflow + 1, end)
    return start + _break_before(line, sizes, overflow)


def _sizes(line: str, width: int, exact: bool) -> list[int]:
    """Cells by character; a symbol that stands for several has its cells at the first."""
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
        return [min(size, width) for size in sizes]  # a row takes at least one
    return sizes


def _break_before(line: str, sizes: list[int], overflow: int) -> int:
    """Where to break a row with room up to `overflow`: after a blank, beside a wide character, or there."""
    indent = len(line) - len(line.lstrip(" \t"))
    for at in range(overflow, indent, -1):
        size, character, before = sizes[at], line[at], line[at - 1]
        if not size:
            continue  # a mark stays with its letter
        if before in " \t":
            return at
        beside_wide = size == 2 or sizes[at - 1] == 2
        if beside_wide and character not in _NO_ROW_START and character not in " \t":
            return at
    return overflow


def _after_hanging_space(text: str, position: int, end: int) -> int:
    """The end of a row whose last space hangs: behind the line end that follows, if one does."""
    if text.startswith("\n", position, end):
        return position + 1
    return position + 2 if text.startswith("\r\n", position, end) else position
