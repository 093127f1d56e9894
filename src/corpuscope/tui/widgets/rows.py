"""The rows of a document at one width, wrapped only where somebody looks.

The text is cut into blocks of some 16,000 characters, at line ends where there are any. A block is wrapped
from its start as far as it was looked at; how many rows the rest has is estimated, until it is reached.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import ceil
from time import perf_counter
from typing import NamedTuple

from corpuscope.domain.document import SECTION_GAP, Section
from corpuscope.domain.marks import is_mark
from corpuscope.tui.widgets.wrapping import row_end

BLOCK = 16_384
"""Characters in a block: few enough to wrap in one go, so many that most paragraphs are never cut by it."""
SAMPLE = 64
"""Rows wrapped at once to learn how many characters a row of this document takes."""


class Row(NamedTuple):
    """One row on the screen."""

    start: int
    """Its first character in the text."""
    end: int
    """One past its last, the line end included; equal to `start` for a row that is not text."""
    title: str | None = None
    """Set for a row that stands before a section: the section's title, or nothing for the gap above it."""


class Place(NamedTuple):
    """A row by block, which stays the same while estimates above it are put right."""

    block: int
    """Index of the block."""
    row: int
    """Row in the block, from 0, titles included."""


class _Block:
    """A stretch of text with the rows found in it so far."""

    __slots__ = ("end", "heads", "reached", "start", "starts")

    def __init__(self, start: int, end: int, heads: tuple[str, ...] = ()) -> None:
        self.start = start
        self.end = end
        self.heads = heads
        self.starts: list[int] = []
        self.reached = start

    @property
    def complete(self) -> bool:
        """Whether all of it is wrapped."""
        return self.reached >= self.end

    @property
    def known(self) -> int:
        """Rows found so far, titles included."""
        return len(self.heads) + len(self.starts)


class Rows:
    """Which stretch of a text each row shows."""

    def __init__(
        self, text: str, sections: Sequence[Section] = (), *, width: int, exact: bool = False
    ) -> None:
        self.text = text
        self.width = max(1, width)
        self.exact = exact
        self._blocks = list(_cut(text, sections))
        self._starts = [block.start for block in self._blocks]
        self._incomplete = 0
        self._density = 0.0
        self._wrap(0, SAMPLE)
        first = self._blocks[0]
        self._density = max(1.0, (first.reached - first.start) / max(1, len(first.starts)))
        self._heights = [self._height(block) for block in self._blocks]
        self._tops = [0, *accumulate(self._heights)]

    @property
    def count(self) -> int:
        """Rows of the whole document, as far as known."""
        return self._tops[-1]

    @property
    def complete(self) -> bool:
        """Whether every row is known and `count` no estimate."""
        while self._incomplete < len(self._blocks) and self._blocks[self._incomplete].complete:
            self._incomplete += 1
        return self._incomplete == len(self._blocks)

    def row(self, y: int) -> Row | None:
        """Row `y`, None past the end of the document."""
        if not 0 <= y < self.count:
            return None
        index, number = self.place(y)
        block = self._blocks[index]
        if number < len(block.heads):
            return Row(block.start, block.start, block.heads[number])
        self._wrap(index, number + 1)
        number -= len(block.heads)
        if number >= len(block.starts):
            return None
        after = number + 1
        return Row(block.starts[number], block.starts[after] if after < len(block.starts) else block.reached)

    def place(self, y: int) -> Place:
        """Where row `y` lies."""
        index = min(bisect_right(self._tops, y), len(self._blocks)) - 1
        while index and not self._heights[index]:
            index -= 1
        return Place(index, y - self._tops[index])

    def y_of(self, place: Place) -> int:
        """The row at a place."""
        return self._tops[place.block] + place.row

    def y_at(self, offset: int) -> int:
        """The row that shows the character at `offset`, wrapping its block up to there."""
        index = max(0, bisect_right(self._starts, offset) - 1)
        block = self._blocks[index]
        while block.reached <= offset and not block.complete:
            self._wrap(index, block.known + SAMPLE)
        self._settle_heights(index)
        return self._tops[index] + len(block.heads) + max(0, bisect_right(block.starts, offset) - 1)

    def settle(self, y: int, count: int) -> int:
        """Wraps what the `count` rows from `y` on show; returns the `y` that shows it now.

        Rows that were known before stay where they are in the window, so scrolling up into a stretch that
        turns out longer than estimated moves nothing on the screen.
        """
        y = max(0, min(y, self.count - count))
        top = self.place(y)
        if top.row >= self._blocks[top.block].known:
            y = self._settle_unknown(y, count, top)
        self._fill(self.place(y), count)
        return max(0, min(y, self.count - count))

    def measure(self, seconds: float) -> bool:
        """Goes on wrapping what nobody looked at yet for so long; True when all is known."""
        deadline = perf_counter() + seconds
        first = self._incomplete
        while not self.complete and perf_counter() < deadline:
            self._wrap(self._incomplete, self._blocks[self._incomplete].known + SAMPLE)
        self._settle_heights(*range(first, min(self._incomplete + 1, len(self._blocks))))
        return self.complete

    def _settle_unknown(self, y: int, count: int, top: Place) -> int:
        """`y` after wrapping the block it fell into, which was only estimated there."""
        last = len(self._blocks) - 1
        if y + count >= self.count:
            # At the end of the document: the last row is the one that stays.
            return self._settle_upwards(last, count)
        following = top.block + 1
        if following <= last and self._tops[following] < y + count and self._blocks[following].known:
            return self._settle_upwards(top.block, self._tops[following] - y)
        # A jump: as far into the block as was asked for.
        block = self._blocks[top.block]
        share = top.row / max(1, self._heights[top.block])
        self._complete(top.block)
        return self._tops[top.block] + min(block.known - 1, round(share * block.known))

    def _settle_upwards(self, index: int, above: int) -> int:
        """The row that lies `above` rows before the end of a block, wrapping what that takes."""
        self._complete(index)
        while self._tops[index + 1] - self._tops[index] < above and index:
            above -= self._tops[index + 1] - self._tops[index]
            index -= 1
            self._complete(index)
        return max(0, self._tops[index + 1] - above)

    def _fill(self, top: Place, count: int) -> None:
        """Wraps `count` rows from a known one on."""
        index, row = top
        while count > 0 and index < len(self._blocks):
            self._wrap(index, row + count)
            self._settle_heights(index)
            count -= self._heights[index] - row
            index, row = index + 1, 0

    def _complete(self, index: int) -> None:
        block = self._blocks[index]
        while not block.complete:
            self._wrap(index, block.known + SAMPLE)
        self._settle_heights(index)

    def _wrap(self, index: int, rows: int) -> None:
        """Wraps a block until so many of its rows are known, or all."""
        block = self._blocks[index]
        text, width, exact = self.text, self.width, self.exact
        reached, end, starts = block.reached, block.end, block.starts
        for _ in range(rows - block.known):
            if reached >= end:
                break
            starts.append(reached)
            reached = row_end(text, reached, end, width, exact=exact)
        block.reached = reached

    def _height(self, block: _Block) -> int:
        if block.complete:
            return block.known
        return block.known + max(1, ceil((block.end - block.reached) / self._density))

    def _settle_heights(self, *indexes: int) -> None:
        changed = False
        for index in indexes:
            height = self._height(self._blocks[index])
            changed = changed or height != self._heights[index]
            self._heights[index] = height
        if changed:
            self._tops = [0, *accumulate(self._heights)]


def _cut(text: str, sections: Sequence[Section]) -> "list[_Block]":
    """The blocks of a text; what lies between two sections is drawn only when it is not the usual gap."""
    blocks: list[_Block] = []
    position = 0
    for section in sections:
        if position < section.start and text[position : section.start] != SECTION_GAP:
            blocks += _cut_evenly(text, position, section.start)
        heads = ("", section.title) if blocks else (section.title,)
        blocks += _cut_evenly(text, section.start, section.end, heads)
        position = section.end
    if position < len(text) or not blocks:
        blocks += _cut_evenly(text, position, len(text))
    return blocks


def _cut_evenly(text: str, start: int, end: int, heads: tuple[str, ...] = ()) -> "list[_Block]":
    """A stretch of text as blocks."""
    blocks: list[_Block] = []
    while end - start > 2 * BLOCK:
        cut = _cut_point(text, start + BLOCK)
        blocks.append(_Block(start, cut, heads))
        start, heads = cut, ()
    blocks.append(_Block(start, end, heads))
    return blocks


def _cut_point(text: str, position: int) -> int:
    """A place to cut at or soon after `position`: behind a line end, else a space, else before a letter."""
    found = text.find("\n", position, position + BLOCK // 2)
    if found < 0:
        found = text.find(" ", position, position + BLOCK // 2)
    if found >= 0:
        return found + 1
    for cut in range(position, position + BLOCK // 2):
        if not is_mark(text[cut]):
            return cut
    return position
