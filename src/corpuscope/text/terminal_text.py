"""What of a text from the web is drawn as itself, and what as a symbol that cannot act on a terminal.

Only the picture is made here; the stored text is never changed. Drawn as a symbol: every control except
newline and tab, lone surrogates, every format character (bidi, zero-width, tags), blanks that pass for
letters (Hangul fillers, empty braille), private use and noncharacters. Line ends are `\\n` and `\\r\\n`; a
lone `\\r` is none.

Three choices, because terminals differ and a width they disagree on breaks the whole row:

- Joiners are always drawn, inside emoji and in Persian or Indic words too, as one narrow sign: ``+`` joins,
  ``¦`` and ``-`` (the soft hyphen) part. A family becomes its members, which every terminal measures alike.
- One variation selector after a symbol that takes one (the red heart) is left out: it only asks for colour.
  Any other, and any second one, is drawn, for a flood of them can carry a hidden message.
- Of the marks on one letter eight are drawn and the others counted; no living script stacks more.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from corpuscope.text.combining_marks import is_mark, mark_class

TAB = 4
"""Columns between tab stops: enough to see a table, little enough to leave indented code its width."""
MARKS_DRAWN = 8
"""How many combining marks on one letter are drawn."""

_QUIET = {"\xad": "-", "\u200b": "¦", "\u200c": "¦", "\u200d": "+", "\u2060": "+"}
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
    "\U0001d159"  # a note head that is blank
    "\U000e0000-\U0010ffff"  # tags, selectors, private use
    + "".join(f"{chr(plane << 16 | 0xFFFE)}-{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 14))
)
_PICTORIAL = "#*0-9©®‼⁉™ℹ↔-↪⌀-⏿Ⓜ①-⓿▪-◿☀-➿⤴⤵⬀-⯿〰〽㊗㊙\U0001f000-\U0001faff"

_PLAIN = re.compile(
    "[\n -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u3001-\u3029\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff]*"
)
_PLAIN_EXACT = re.compile("[!-~\xa1-\xac\xae-\u02ff]*")


class Span(NamedTuple):
    """A stretch of text and its picture."""

    start: int
    """First character in the text."""
    end: int
    """One past the last."""
    drawn: str
    """What to draw: as many characters as the text has unless it is a symbol; a tab is left to whoever knows
    the column."""
    symbol: bool
    """Whether `drawn` stands for something else, and should look different from text."""


@cache
def _special(exact: bool) -> re.Pattern[str]:
    """Everything not drawn as itself; compiled at its first use, for it takes 5 ms.

    One set of characters comes first, so that passing over the rest of a text is a loop in C; what was found
    follows from looking back. Characters past U+FFFF enter that set as one range: `re` tries theirs in turn.
    """
    bmp = _HIDDEN + _SELECTORS + (f"\n\t {_BLANKS}" if exact else "\t")
    hidden = bmp + _HIDDEN_ASTRAL
    mark = mark_class()
    colour = "" if exact else f"(?P<colour>(?<=[{_PICTORIAL}][\ufe0e\ufe0f])(?![{_SELECTORS}]))|"
    return re.compile(
        f"[{bmp}{mark_class(0xFFFF)}{_ASTRAL}](?:(?P<end>(?<=\r)\n)|{colour}(?P<hidden>(?<=[{hidden}]))"
        r"|(?<![^\W\u1160-\u11ff\ud7b0-\ud7ff].)(?:"  # most marks are on a letter and done with here
        f"(?P<bare>(?<=\\A[{mark}])|(?<=[\n\t{_HIDDEN}{_HIDDEN_ASTRAL}][{mark}]))"
        f"|(?P<flood>(?<=[{mark}]{{{MARKS_DRAWN + 1}}})[{mark}]*)))"
    )


@cache
def _symbol(character: str) -> str:
    """The picture of one hidden character: a control picture or its code point."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"‹U+{code:04X}›"


def _drawn(match: re.Match[str]) -> tuple[str, bool]:
    """The picture of what `_special` found, and whether it is a symbol."""
    found = match.group()
    match match.lastgroup:
        case "end":
            return "\n", False
        case "colour":
            return "", True
        case "bare":
            return "◌" + found, True
        case "flood":
            return f"‹+{len(found)} marks›", True
        case _:
            return (found, False) if found == "\t" else (_QUIET.get(found) or _symbol(found), True)


def _drawn_exactly(match: re.Match[str]) -> tuple[str, bool]:
    """The picture in the exact view: spaces, line ends and every code point."""
    found = match.group()
    match match.lastgroup:
        case "end":
            return "␍␊", True
        case "bare":
            return "◌" + found, True
        case "flood":
            return "".join(map(_symbol, found)), True
        case _:
            return {" ": "·", "\t": "→", "\n": "␊"}.get(found) or _symbol(found), True


def spans(text: str, *, exact: bool = False) -> Iterator[Span]:
    """The text as stretches drawn as they are and stretches drawn as something else, without gaps."""
    if (_PLAIN_EXACT if exact else _PLAIN).fullmatch(text):
        if text:
            yield Span(0, len(text), text, False)
        return
    picture = _drawn_exactly if exact else _drawn
    position = 0
    for match in _special(exact).finditer(text):
        start, end = match.span()
        if start > position:
            yield Span(position, start, text[position:start], False)
        yield Span(start, end, *picture(match))
        position = end
    if position < len(text):
        yield Span(position, len(text), text[position:], False)


def printable(text: str) -> str:
    """The text as it may reach a terminal: symbols, tabs expanded, `\\n` the only line end."""
    if _PLAIN.fullmatch(text) or not _special(False).search(text):
        return text
    return _special(False).sub(lambda match: _drawn(match)[0], text).expandtabs(TAB)


def exact_view(text: str) -> str:
    """As `printable`, with spaces, tabs, line ends and every other blank seen too, by code point."""
    return "".join(
        span.drawn + "\n" if text.endswith("\n", span.start, span.end) and span.symbol else span.drawn
        for span in spans(text, exact=True)
    )


def styled_runs(text: str) -> list[tuple[str, bool]]:
    """`printable(text)` in pieces that say whether they are symbols, so that these can be drawn dim."""
    found: list[tuple[str, bool]] = []
    column = 0
    for _, _, drawn, symbol in spans(text):
        shown = " " * (TAB - column % TAB) if drawn == "\t" and not symbol else drawn
        line_start = shown.rfind("\n") + 1
        column = len(shown) - line_start if line_start else column + len(shown)
        if found and found[-1][1] == symbol:
            found[-1] = (found[-1][0] + shown, symbol)
        elif shown:
            found.append((shown, symbol))
    return found


def one_line(text: str, width: int | None = None) -> str:
    """The text in one row, for tables, titles, notifications and errors: line ends as ␤, tabs as one space.

    `width` is in terminal cells; what does not fit is cut and ends in …
    """
    if width is not None:
        # A row's worth is enough to clean: each cell is one letter and its marks at most.
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


def cell_width(character: str) -> int:
    """Cells of one drawable character: none for a mark, two for a wide one."""
    if is_mark(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
