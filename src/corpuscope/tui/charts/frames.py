"""Frames around lines of styled text, and lines beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from corpuscope.report.sentences import Phrase
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line, wrapped
from corpuscope.tui.charts.bars import AXIS_STYLE, FRAME_STYLE, StyledText

Line = Sequence[StyledText]
"""One line of styled text."""
FRAME_WIDTH, FRAME_HEIGHT = 4, 2
"""Cells that a frame takes from the width, with a blank at each side, and rows that it takes from the height."""


LEAST_BEGINNING = 20
"""Fewest cells of the beginning of a warning that has no room."""
WARNING_STYLE = "$text-warning"
"""Style of warnings."""


class PageTop(NamedTuple):
    """What stands at the top of a page."""

    lines: list[Line]
    """Sentences and warnings."""
    warnings: list[Line]
    """Every warning in full, for the end of the page, where the lines hold only some of them; empty otherwise."""


def framed(lines: Sequence[Line], title: str, foot: str, width: int, height: int = 0) -> list[Line]:
    """Draw a round frame of `width` cells around lines, with a title at the top left and a foot at the bottom right.

    Blank lines fill a frame of less than `height` rows.
    """
    title = one_line(title, width - FRAME_WIDTH - 2)
    rows: list[Line] = [
        [("╭─ ", FRAME_STYLE), (title, ""), (f" {'─' * (width - cell_len(title) - 5)}╮", FRAME_STYLE)]
    ]
    blank = [()] * (height - len(lines) - FRAME_HEIGHT)
    for line in (*lines, *blank):
        room = width - FRAME_WIDTH - line_width(line)
        rows.append([("│ ", FRAME_STYLE), *line, (" " * room + " │", FRAME_STYLE)])
    if not foot:
        return [*rows, [(f"╰{'─' * (width - 2)}╯", FRAME_STYLE)]]
    foot = one_line(foot, width - FRAME_WIDTH - 2)
    start = f"╰{'─' * (width - cell_len(foot) - 5)} "
    return [*rows, [(start, FRAME_STYLE), (foot, AXIS_STYLE), (" ─╯", FRAME_STYLE)]]


def line_width(line: Line) -> int:
    """Return the width of a line in cells."""
    return sum(cell_len(text) for text, _ in line)


def beside(left: Sequence[Line], right: Sequence[Line], width: int) -> list[Line]:
    """Put lines at the right of others, which are `width` cells wide."""
    return [
        [*line, (" " * (width - line_width(line)), ""), *other]
        for line, other in zip_longest(left, right, fillvalue=())
    ]


def flowed(runs: Line, width: int) -> list[Line]:
    """Wrap styled text between words into lines of `width` cells."""
    styles = [style for text, style in runs for _ in text]
    lines: list[Line] = []
    start = 0
    plain = "".join(text for text, _ in runs)
    for line in wrapped(plain, width):
        start += start > 0 and plain[start] == " "
        parts: list[StyledText] = []
        for character, style in zip(line, styles[start:], strict=False):
            if parts and parts[-1][1] == style:
                parts[-1] = (parts[-1][0] + character, style)
            else:
                parts.append((character, style))
        lines.append(parts)
        start += len(line)
    return lines


def styled(phrases: Sequence[Phrase], styles: Mapping[str, str]) -> list[StyledText]:
    """Return the phrases of a sentence, corpora bold and categories in their colours."""
    return [
        (one_line(phrase.text), f"bold {styles.get(phrase.text, '')}".strip() if phrase.role else "")
        for phrase in phrases
    ]


def indented(lines: Sequence[Line]) -> list[Line]:
    """Move lines to the right by a cell, so that they begin where those in a frame do."""
    return [[(" ", ""), *line] for line in lines]


def page_top(
    sentences: Sequence[Line], warnings: Sequence[str], width: int, room: int, *, roomy: bool, key: str = "m"
) -> PageTop:
    """Wrap the sentences at the top of a page and the warnings below, with blank rows around both if it is roomy.

    Warnings that do not fit into `room` rows with the sentences are only counted, beside the `key` that shows them.
    """
    outcome = [line for sentence in sentences for line in flowed(sentence, width - roomy)]
    blanks = 1 + bool(outcome) + bool(warnings) if roomy else 0
    shown, rest = _folded(warnings, width - roomy, max(room - len(outcome) - blanks, 1), key)
    if not roomy:
        return PageTop([*outcome, *shown], rest)
    blocks = [block for block in (outcome, shown) if block]
    return PageTop([[], *(line for block in blocks for line in (*indented(block), []))], indented(rest))


def _folded(warnings: Sequence[str], width: int, rows: int, key: str) -> tuple[list[Line], list[Line]]:
    """Return the warnings that `rows` rows hold, and all of them where these are not all."""
    texts = [one_line(f"! {warning}") for warning in warnings]
    wrapped_texts = [flowed([(text, WARNING_STYLE)], width) for text in texts]
    every = [line for lines in wrapped_texts for line in lines]
    if len(every) <= rows:
        return every, []
    shown: list[Line] = []
    whole = 0
    while len(shown) + len(wrapped_texts[whole]) < rows:
        shown += wrapped_texts[whole]
        whole += 1
    count = quantity(len(texts) - whole, "more warning" if whole else "warning")
    words = f"! {count}, key {key}" if len(texts) > 1 else f"key {key}"
    if not whole:
        words = f"{one_line(texts[0], max(width - cell_len(words) - 2, LEAST_BEGINNING))}  {words}"
    return [*shown, [(words, WARNING_STYLE)]], every


def joined(lines: Sequence[Line]) -> Content:
    """Join lines to one text."""
    return Content("\n").join(Content.assemble(*line) for line in lines)
