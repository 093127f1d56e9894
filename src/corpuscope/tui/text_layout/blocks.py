"""A text in blocks of some 16,000 characters, each cut out only when it is asked for.

Rows are wrapped from the start of a block, so that the middle of a book is reached without wrapping what lies
before. Blocks end at a line end where there is one, so that wrapping is the same as without them.
"""

from bisect import bisect_right
from typing import TYPE_CHECKING

from corpuscope.text.combining_marks import is_mark

if TYPE_CHECKING:  # the first frame has no document
    from collections.abc import Sequence

    from corpuscope.domain.document import Section

BLOCK_SIZE = 16_384
"""Characters in a block: few enough to wrap in one go, so many that few paragraphs are cut by it."""
CUT_RANGE = BLOCK_SIZE // 2
"""How far behind its place a cut is moved to find a line end, else a space."""


class Block:
    """A stretch of text with the rows found in it so far."""

    __slots__ = ("end", "heading_rows", "reached", "start", "starts")

    def __init__(self, start: int, end: int, heading_rows: tuple[str, ...]) -> None:
        self.start = start
        """Its first character."""
        self.end = end
        """One past its last."""
        self.heading_rows = heading_rows
        """Rows above the text: the title of a section and the gap before it."""
        self.starts: list[int] = []
        """Where the rows found so far start."""
        self.reached = start
        """Where the next row starts; `end` when all are found."""

    @property
    def complete(self) -> bool:
        """Whether all of its rows are found."""
        return self.reached >= self.end

    @property
    def wrapped_rows(self) -> int:
        """Rows found so far, titles included."""
        return len(self.heading_rows) + len(self.starts)


class Blocks:
    """The blocks of one text; sections begin one of their own."""

    def __init__(self, text: str, sections: "Sequence[Section]") -> None:
        self._text = text
        self._nominal_starts: list[int] = []  # where each block starts, to be moved to the next line end
        self._edges: dict[
            int, tuple[int, tuple[str, ...]]
        ] = {}  # blocks that start exactly, and their heading_rows
        self._ends: dict[int, int] = {}  # blocks that end exactly
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
            heading_rows = self._edges[index][1] if index in self._edges else ()
            block = self._blocks[index] = Block(self._start(index), self._end(index), heading_rows)
        return block

    def get(self, index: int) -> Block | None:
        """The block if it was ever asked for."""
        return self._blocks.get(index)

    def index_at(self, offset: int) -> int:
        """The block that holds a character."""
        index = max(0, bisect_right(self._nominal_starts, offset) - 1)
        while index and self[index].start > offset:
            index -= 1
        return index

    def sizes(self) -> list[int]:
        """Characters of every block, more or less."""
        sizes = [BLOCK_SIZE] * len(self._nominal_starts)
        for index, end in self._ends.items():
            sizes[index] = end - self._nominal_starts[index]
        return sizes

    def _add(self, start: int, end: int, heading_rows: tuple[str, ...]) -> None:
        self._edges[len(self._nominal_starts)] = (start, heading_rows)
        self._nominal_starts += range(start, max(start + 1, end - BLOCK_SIZE), BLOCK_SIZE)
        self._ends[len(self._nominal_starts) - 1] = end

    def _start(self, index: int) -> int:
        if index in self._edges:
            return self._edges[index][0]
        return _cut_point(self._text, self._nominal_starts[index])

    def _end(self, index: int) -> int:
        if index in self._ends:
            return self._ends[index]
        return _cut_point(self._text, self._nominal_starts[index + 1])


def _is_gap(text: str) -> bool:
    from corpuscope.domain.document import SECTION_GAP

    return text == SECTION_GAP


def _cut_point(text: str, place: int) -> int:
    """Where to cut at or soon after `place`: behind a line end, else a space, else before a letter."""
    for separator in "\n ":
        found = text.find(separator, place, place + CUT_RANGE)
        if found >= 0:
            return found + 1
    return next((cut for cut in range(place, place + CUT_RANGE) if not is_mark(text[cut])), place)
