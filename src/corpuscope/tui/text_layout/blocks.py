"""Split a text into blocks of about 16,000 characters, each located on first access.

Rows are wrapped from the start of a block, so the middle of a book is shown without wrapping the text before it.
Blocks end at a line end where there is one, so that the rows are the same as without blocks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpuscope.text.combining_marks import is_mark

if TYPE_CHECKING:  # the first frame has no document
    from corpuscope.domain.document import Section

BLOCK_SIZE = 16_384
"""Characters in a block: few enough to wrap at once, enough that few paragraphs are split between blocks."""
CUT_RANGE = BLOCK_SIZE // 2
"""Characters after the nominal end of a block that are searched for a line end, or else a space, to cut at."""


class Block:
    """A range of the text and the rows wrapped in it so far."""

    __slots__ = ("end", "ends_section", "heading_rows", "reached", "start", "starts")

    def __init__(self, start: int, end: int, heading_rows: tuple[str, ...], *, ends_section: bool) -> None:
        self.start = start
        """Offset of the first character."""
        self.end = end
        """Offset after the last character."""
        self.ends_section = ends_section
        """Whether a section or the text ends with the block."""
        self.heading_rows = heading_rows
        """Rows above the text: the title of a section and the gap before it."""
        self.starts: list[int] = []
        """Offsets at which the rows wrapped so far start; a blank row between lines has that of the next row."""
        self.reached = start
        """Offset at which the next row starts; `end` when all rows are wrapped."""

    @property
    def complete(self) -> bool:
        """Whether all rows of the block are wrapped."""
        return self.reached >= self.end

    @property
    def wrapped_rows(self) -> int:
        """Number of rows wrapped so far, heading rows included."""
        return len(self.heading_rows) + len(self.starts)


class Blocks:
    """The blocks of one text. Each section starts a new block."""

    def __init__(self, text: str, sections: Sequence[Section]) -> None:
        self._text = text
        self._nominal_starts: list[int] = []  # start of each block, before it is moved to the next line end
        self._exact_starts: dict[int, int] = {}  # of the blocks whose start is not moved, by index
        self._exact_ends: dict[int, int] = {}  # of the blocks whose end is not moved, by index
        self._heading_rows: dict[int, tuple[str, ...]] = {}  # of the blocks with an exact start
        self._blocks: dict[int, Block] = {}
        position = 0
        for section in sections:
            if position < section.start and not _is_gap(text[position : section.start]):
                self._add(position, section.start, ())
            self._add(
                section.start, section.end, ("", section.title) if self._nominal_starts else (section.title,)
            )
            position = section.end
        if position < len(text) or not self._nominal_starts:
            self._add(position, len(text), ())

    def __len__(self) -> int:
        return len(self._nominal_starts)

    def __getitem__(self, index: int) -> Block:
        block = self._blocks.get(index)
        if block is None:
            heading_rows = self._heading_rows.get(index, ())
            start, end, ends_section = self._start(index), self._end(index), index in self._exact_ends
            block = self._blocks[index] = Block(start, end, heading_rows, ends_section=ends_section)
        return block

    def get(self, index: int) -> Block | None:
        """Return a block, or None if it was never accessed."""
        return self._blocks.get(index)

    def index_at(self, offset: int) -> int:
        """Return the index of the block that holds the character at `offset`."""
        index = max(0, bisect_right(self._nominal_starts, offset) - 1)
        while index and self[index].start > offset:
            index -= 1
        return index

    def sizes(self) -> list[int]:
        """Return the approximate number of characters in each block, without locating any."""
        sizes = [BLOCK_SIZE] * len(self._nominal_starts)
        for index, end in self._exact_ends.items():
            sizes[index] = end - self._nominal_starts[index]
        return sizes

    def _add(self, start: int, end: int, heading_rows: tuple[str, ...]) -> None:
        self._exact_starts[len(self._nominal_starts)] = start
        self._heading_rows[len(self._nominal_starts)] = heading_rows
        self._nominal_starts += range(start, max(start + 1, end - BLOCK_SIZE), BLOCK_SIZE)
        self._exact_ends[len(self._nominal_starts) - 1] = end

    def _start(self, index: int) -> int:
        if index in self._exact_starts:
            return self._exact_starts[index]
        return _cut_point(self._text, self._nominal_starts[index])

    def _end(self, index: int) -> int:
        if index in self._exact_ends:
            return self._exact_ends[index]
        return _cut_point(self._text, self._nominal_starts[index + 1])


def _is_gap(text: str) -> bool:
    from corpuscope.domain.document import SECTION_GAP

    return text == SECTION_GAP


def _cut_point(text: str, nominal: int) -> int:
    """Return where to cut at or soon after `nominal`: after a line end, else a space, else before a letter."""
    for separator in "\n ":
        index = text.find(separator, nominal, nominal + CUT_RANGE)
        if index >= 0:
            return index + 1
    return next((cut for cut in range(nominal, nominal + CUT_RANGE) if not is_mark(text[cut])), nominal)
