"""The rows of a document at one width, wrapped only where somebody looks.

How many rows there are where nobody looked is estimated, and put right when it is reached.
"""

from bisect import bisect_right
from itertools import accumulate
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from corpuscope.tui.text_layout.blocks import Blocks
from corpuscope.tui.text_layout.wrapping import row_end

if TYPE_CHECKING:  # the first frame has no document
    from collections.abc import Sequence

    from corpuscope.domain.document import Section

ROW_BATCH = 32
"""Rows wrapped at once; the first so many tell how many characters a row of this document takes."""


class TextRow(NamedTuple):
    """One row on the screen."""

    start: int
    """Its first character in the text."""
    end: int
    """One past its last, the line end included; equal to `start` for a row that is not text."""
    title: str | None = None
    """Set for a row that stands before a section: the section's title, or nothing for the gap above it."""


class BlockRow(NamedTuple):
    """A row by its block, which stays the same while estimates above it are put right."""

    block: int
    """Index of the block."""
    row: int
    """Row in the block, from 0, titles included."""


class TextRows:
    """Which stretch of a text each row shows."""

    def __init__(
        self, text: str, sections: "Sequence[Section]" = (), *, width: int, exact: bool = False
    ) -> None:
        self.text = text
        """The stored text."""
        self.width = max(1, width)
        """Cells in a row."""
        self.exact = exact
        """Whether it is wrapped for the exact view."""
        self._blocks = Blocks(text, sections)
        self._wrap(0, ROW_BATCH)
        first = self._blocks[0]
        self._characters_a_row = max(1.0, (first.reached - first.start) / max(1, len(first.starts)))
        self._heights = [self._estimate(size) for size in self._blocks.sizes()]
        self._wrapped = 0  # blocks known to be complete from the start on
        self._update_heights(0)

    @property
    def count(self) -> int:
        """Rows of the whole document, as far as known."""
        return self._tops[-1]

    @property
    def complete(self) -> bool:
        """Whether every row is known and `count` no estimate."""
        while (block := self._blocks.get(self._wrapped)) is not None and block.complete:
            self._wrapped += 1
        return self._wrapped == len(self._blocks)

    def row(self, y: int) -> TextRow | None:
        """Row `y`, None outside the document."""
        if not 0 <= y < self.count:
            return None
        place = self.block_row_at(y)
        block = self._blocks[place.block]
        number = place.row - len(block.heading_rows)
        if number < 0:
            return TextRow(block.start, block.start, block.heading_rows[number])
        self._wrap(place.block, place.row + 1)
        if number >= len(block.starts):
            return None
        after = number + 1
        return TextRow(
            block.starts[number], block.starts[after] if after < len(block.starts) else block.reached
        )

    def block_row_at(self, y: int) -> BlockRow:
        """Where row `y` lies."""
        index = min(bisect_right(self._tops, y), len(self._blocks)) - 1
        return BlockRow(index, y - self._tops[index])

    def y_of(self, place: BlockRow) -> int:
        """The row at a place."""
        return self._tops[place.block] + place.row

    def y_at(self, offset: int) -> int:
        """The row that shows the character at `offset`, wrapping its block up to there."""
        index = self._blocks.index_at(offset)
        block = self._blocks[index]
        while block.reached <= offset and not block.complete:
            self._wrap(index, block.wrapped_rows + ROW_BATCH)
        self._update_heights(index)
        return self._tops[index] + len(block.heading_rows) + max(0, bisect_right(block.starts, offset) - 1)

    def wrap_visible(self, y: int, count: int, before: int | None = None) -> int:
        """Wraps what the `count` rows from `y` on show; returns the `y` that shows it now.

        `before` is the top row until now. Less than a page further up is counted from there, so scrolling into
        a stretch that turns out longer than estimated moves no row that stays in sight.
        """
        y = max(0, min(y, self.count - count))
        if before is not None and 0 < before - y < count:
            y = self._go_up(self.block_row_at(before), before - y)
        else:
            y = self._jump(y, count)
        self.wrap_ahead(y, count)
        if y + count > self.count:
            y = self._go_up(BlockRow(len(self._blocks), 0), count)
        return y

    def wrap_ahead(self, y: int, count: int) -> None:
        """Wraps `count` rows from a known one on, so that there is no estimate among them."""
        index, row = self.block_row_at(y)
        while count > 0 and index < len(self._blocks):
            self._wrap(index, row + count)
            self._update_heights(index)
            count -= self._heights[index] - row
            index, row = index + 1, 0

    def wrap_for(self, seconds: float) -> bool:
        """Goes on wrapping what nobody looked at yet for so long; True when all is known."""
        deadline = perf_counter() + seconds
        first = self._wrapped
        while not self.complete and perf_counter() < deadline:
            self._wrap(self._wrapped, self._blocks[self._wrapped].wrapped_rows + ROW_BATCH)
        self._update_heights(*range(first, min(self._wrapped + 1, len(self._blocks))))
        return self.complete

    def _jump(self, y: int, count: int) -> int:
        """The row meant by `y`, which may fall where rows are only estimated."""
        top = self.block_row_at(y)
        block = self._blocks[top.block]
        if top.row < block.wrapped_rows or block.complete:
            return y
        if y + count >= self.count:
            return self._go_up(BlockRow(len(self._blocks), 0), count)
        share = top.row / self._heights[top.block]
        self._complete(top.block)
        return self._tops[top.block] + int(share * self._heights[top.block])

    def _go_up(self, place: BlockRow, rows: int) -> int:
        """The row so many rows above a known place, wrapping the blocks between."""
        index, above = place.block, rows - place.row
        while above > 0 and index > 0:
            index -= 1
            self._complete(index)
            above -= self._heights[index]
        return max(0, self.y_of(place) - rows)

    def _complete(self, index: int) -> None:
        """Wraps all of a block."""
        self._wrap(index, self._blocks[index].end + 1)
        self._update_heights(index)

    def _wrap(self, index: int, rows: int) -> None:
        """Wraps a block until so many of its rows are known, or all."""
        block = self._blocks[index]
        text, width, exact = self.text, self.width, self.exact
        reached, end, starts = block.reached, block.end, block.starts
        for _ in range(rows - block.wrapped_rows):
            if reached >= end:
                break
            starts.append(reached)
            reached = row_end(text, reached, end, width, exact=exact)
        block.reached = reached

    def _estimate(self, characters: int) -> int:
        return int(characters / self._characters_a_row) + 1

    def _update_heights(self, *indexes: int) -> None:
        """Puts right what is known better now."""
        for index in indexes:
            block = self._blocks[index]
            rest = 0 if block.complete else self._estimate(block.end - block.reached)
            self._heights[index] = block.wrapped_rows + rest
        self._tops = [0, *accumulate(self._heights)]
