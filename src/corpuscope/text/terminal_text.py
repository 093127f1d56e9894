"""Escaping of web text for a terminal: characters that could act on it are drawn as symbols.

Only the drawing is made here; the stored text is never changed. These are drawn as a symbol: every control except
newline and tab, lone surrogates, every format character (bidi, zero-width, tags), blanks that pass for
letters (Hangul fillers, empty braille), private use and noncharacters. Line ends are `\\n` and `\\r\\n`. A
lone `\\r` is a control.

Terminals measure some characters differently, and a width they disagree on breaks the whole row. Hence:

- Joiners are always drawn as one narrow sign, inside emoji and in Persian or Indic words too. ``+`` joins;
  ``¦`` and ``-`` (the soft hyphen) separate. A family becomes its members, whose widths are never in doubt.
- One variation selector after a symbol that takes one (the red heart) is left out, since it only asks for colour.
  Any other, and any second one, is drawn, since a series of them can carry a hidden message.
- At most eight marks on one letter are drawn, and the others are counted. No living script stacks more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from corpuscope.text.combining_marks import is_mark, mark_class

TAB = 4
"""Columns between tab stops: enough to show a table, few enough to leave room for indented code."""
MARKS_DRAWN = 8
"""Combining marks drawn on one letter."""

_VISIBLE_JOINERS = {"\xad": "-", "\u200b": "¦", "\u200c": "¦", "\u200d": "+", "\u2060": "+"}
_BLANKS = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SELECTORS = "\ufe00-\ufe0f"
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 less tab and newline, DEL, C1
    "\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180b-\u180f"  # format characters
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"  # zero width, separators, bidi, annotations
    "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # fillers
    "\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, private use, noncharacters
)
_ASTRAL = "\U00010000-\U0010ffff"
_HIDDEN_ASTRAL = (
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # format characters
    "\U0001d159"  # a blank note head
    "\U000e0000-\U0010ffff"  # tags, selectors, private use
    + "".join(f"{chr(plane << 16 | 0xFFFE)}-{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 14))
)
_PICTORIAL = "#*0-9©®‼⁉™ℹ↔-↪⌀-⏿Ⓜ①-⓿▪-◿☀-➿⤴⤵⬀-⯿〰〽㊗㊙\U0001f000-\U0001faff"

UNSAFE = f"[{_HIDDEN}{_ASTRAL}](?<=[{_HIDDEN}{_HIDDEN_ASTRAL}])"
"""Regular expression of one character that a terminal may act on or hide.

It begins with one set whose last part is one range, so that `re` skips the rest of a text in a C loop.
"""

_PLAIN = "[\n -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u3001-\u3029\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff]*"
_PLAIN_EXACT = "[!-~\xa1-\xac\xae-\u02ff]*"


class Span(NamedTuple):
    """A range of a text and the characters drawn for it."""

    start: int
    """Index of the first character in the text."""
    end: int
    """Index one past the last character."""
    drawn: str
    """The characters to draw, as many as in the text unless they are a symbol. A tab stays a tab, since only
    the caller knows its column."""
    symbol: bool
    """Whether `drawn` stands for other characters, and should look different from text."""


@cache
def _plain(exact: bool) -> re.Pattern[str]:
    """Return the pattern of texts drawn as they are. Compiled at first use: the first frame needs none."""
    return re.compile(_PLAIN_EXACT if exact else _PLAIN)


@cache
def _special(exact: bool) -> re.Pattern[str]:
    """Return the pattern of everything not drawn as itself. Compiled at first use, since it takes 5 ms.

    The pattern begins with one set of characters, so that `re` skips the rest of a text in a C loop. Lookbehinds
    then classify the match. Characters past U+FFFF are one range of the set, since `re` tries such ranges in turn.
    """
    bmp = _HIDDEN + _SELECTORS + (f"\n\t {_BLANKS}" if exact else "\t")
    hidden = bmp + _HIDDEN_ASTRAL
    mark = mark_class()
    colour = "" if exact else f"(?P<colour>(?<=[{_PICTORIAL}][\ufe0e\ufe0f])(?![{_SELECTORS}]))|"
    return re.compile(
        f"[{bmp}{mark_class(0xFFFF)}{_ASTRAL}](?:(?P<end>(?<=\r)\n)|{colour}(?P<hidden>(?<=[{hidden}]))"
        r"|(?<![^\W\u1160-\u11ff\ud7b0-\ud7ff].)(?:"  # most marks are on a letter, and this rules them out
        f"(?P<bare>(?<=\\A[{mark}])|(?<=[\n\t{_HIDDEN}{_HIDDEN_ASTRAL}][{mark}]))"
        f"|(?P<flood>(?<=[{mark}]{{{MARKS_DRAWN + 1}}})[{mark}]*)))"
    )


@cache
def _symbol(character: str) -> str:
    """Return the symbol of one hidden character: a control picture or its code point."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"‹U+{code:04X}›"


def _draw(match: re.Match[str]) -> tuple[str, bool]:
    """Return how a match of `_special` is drawn, and whether that is a symbol."""
    matched = match.group()
    match match.lastgroup:
        case "end":
            return "\n", False
        case "colour":
            return "", True
        case "bare":
            return "◌" + matched, True
        case "flood":
            return f"‹+{len(matched)} marks›", True
        case _:
            return (
                (matched, False)
                if matched == "\t"
                else (_VISIBLE_JOINERS.get(matched) or _symbol(matched), True)
            )


def _draw_exactly(match: re.Match[str]) -> tuple[str, bool]:
    """Return how a match is drawn in the exact view, with spaces, line ends and every code point."""
    matched = match.group()
    match match.lastgroup:
        case "end":
            return "␍␊", True
        case "bare":
            return "◌" + matched, True
        case "flood":
            return "".join(map(_symbol, matched)), True
        case _:
            return {" ": "·", "\t": "→", "\n": "␊"}.get(matched) or _symbol(matched), True


def spans(text: str, *, exact: bool = False) -> Iterator[Span]:
    """Split the text into spans drawn as they are and spans drawn otherwise, without gaps."""
    if _plain(exact).fullmatch(text):
        if text:
            yield Span(0, len(text), text, False)
        return
    draw = _draw_exactly if exact else _draw
    position = 0
    for match in _special(exact).finditer(text):
        start, end = match.span()
        if start > position:
            yield Span(position, start, text[position:start], False)
        yield Span(start, end, *draw(match))
        position = end
    if position < len(text):
        yield Span(position, len(text), text[position:], False)


def printable(text: str) -> str:
    """Return the text safe for a terminal, with symbols, expanded tabs and `\\n` as the only line end."""
    if (text.isascii() and text.isprintable()) or _plain(False).fullmatch(text):
        return text
    if not _special(False).search(text):
        return text
    return _special(False).sub(lambda match: _draw(match)[0], text).expandtabs(TAB)


def one_line(text: str, width: int | None = None) -> str:
    """Return the text as one row for tables, titles, notifications and errors: line ends as ␤, tabs as a space.

    `width` is in terminal cells. A longer text is cut and ends in …
    """
    if width is not None:
        # Escape no more than a row can show: each cell is at most one letter and its marks.
        text = text[: (width + 1) * (MARKS_DRAWN + 2)]
    row = printable(text.replace("\t", " ")).replace("\n", "␤")
    if width is None or (len(row) <= width and row.isascii()):
        return row
    cells = 0
    fits = 0
    for index, character in enumerate(row):
        cells += cell_width(character)
        if cells > width:
            return row[:fits] + "…" if width > 0 else ""
        if cells < width:
            fits = index + 1
    return row


def wrapped(text: str, width: int) -> list[str]:
    """Wrap a line of drawable characters between words into lines of `width` cells; a longer word is split."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and _cells(lines[-1]) + 1 + _cells(word) <= width:
            lines[-1] += f" {word}"
            continue
        if not lines[-1]:
            lines.pop()
        lines += _pieces(word, width)
    return lines


def _pieces(word: str, width: int) -> list[str]:
    """Split a word into pieces of at most `width` cells."""
    pieces, cells = [""], 0
    for character in word:
        cells += cell_width(character)
        if cells > width and pieces[-1]:
            pieces.append("")
            cells = cell_width(character)
        pieces[-1] += character
    return pieces


def _cells(text: str) -> int:
    return len(text) if text.isascii() else sum(map(cell_width, text))


def cell_width(character: str) -> int:
    """Return the terminal cells of one drawable character: 0 for a mark, 2 for a wide one."""
    if is_mark(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
