"""Wrap a document into rows of one width, only where the window has been.

The number of rows elsewhere is an estimate, which is corrected when they are wrapped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from corpuscope.tui.text_layout.blocks import Block, Blocks
from corpuscope.tui.text_layout.wrapping import row_end

if TYPE_CHECKING:  # the first frame has no document
    from corpuscope.domain.document import Section

LONG_LINE = 80
"""Characters from which a line is a paragraph rather than a verse, an item of a list or a line of code."""
PARAGRAPH_SHARE = 1 / 3
"""Share of the characters in long lines from which the lines of a text are paragraphs."""
PARAGRAPH_SAMPLE = 16_384
"""Characters at the start of a text that decide whether its lines are paragraphs."""


def has_paragraphs(text: str) -> bool:
    """Return whether the lines of a text are paragraphs, which a blank row between them makes easier to read."""
    sample = text[:PARAGRAPH_SAMPLE]
    long = sum(len(line) for line in sample.split("\n") if len(line) > LONG_LINE)
    return long > len(sample) * PARAGRAPH_SHARE


_BLANK_LINE = re.compile(r"[ \t\r]*\n")

ROW_BATCH = 32
"""Rows wrapped at once. The first batch also gives the estimate of characters per row."""


class TextRow(NamedTuple):
    """One row of the window, as a range of the text."""

    start: int
    """Offset of the first character."""
    end: int
    """Offset after the last character, line end included; equal to `start` for a row that is not text."""
    title: str | None = None
    """Title of the section that follows, "" for the gap above a title or between lines, None for a row of text."""


class BlockRow(NamedTuple):
    """A row as counted from its block, which does not change when estimates above it are corrected."""

    block: int
    """Index of the block."""
    row: int
    """Index of the row in the block, heading rows included."""


class TextRows:
    """The rows of one text at one width."""

    def __init__(
        self,
        text: str,
        sections: Sequence[Section] = (),
        *,
        width: int,
        exact: bool = False,
        gap_from: int | None = None,
    ) -> None:
        """Wrap the first rows.

        A blank row stands between two stored lines, neither of them blank, when one of them has more than `gap_from`
        characters; None is no such row.
        """
        self.text = text
        """The stored text."""
        self.width = max(1, width)
        """Width of a row in cells."""
        self.exact = exact
        """Whether the rows are wrapped for the exact view."""
        self._gap_from = gap_from
        self._blocks = Blocks(text, sections)
        self._wrap(0, ROW_BATCH)
        first = self._blocks[0]
        self._characters_a_row = max(1.0, (first.reached - first.start) / max(1, len(first.starts)))
        self._heights = [self._estimate(size) for size in self._blocks.sizes()]
        self._complete_blocks = 0  # number of blocks from the start that are wrapped to their end
        self._update_heights(0)

    @property
    def count(self) -> int:
        """Number of rows of the document; an estimate until `complete`."""
        return self._tops[-1]

    @property
    def complete(self) -> bool:
        """Whether every row is wrapped, so that `count` is exact."""
        while (block := self._blocks.get(self._complete_blocks)) is not None and block.complete:
            self._complete_blocks += 1
        return self._complete_blocks == len(self._blocks)

    def row(self, y: int) -> TextRow | None:
        """Return row `y`, or None outside the document."""
        if not 0 <= y < self.count:
            return None
        block_row = self.block_row_at(y)
        block = self._blocks[block_row.block]
        index = block_row.row - len(block.heading_rows)
        if index < 0:
            return TextRow(block.start, block.start, block.heading_rows[index])
        self._wrap(block_row.block, block_row.row + 1)
        if index >= len(block.starts):
            return None
        start = block.starts[index]
        end = block.starts[index + 1] if index + 1 < len(block.starts) else block.reached
        return TextRow(start, end) if start < end else TextRow(start, end, "")

    def block_row_at(self, y: int) -> BlockRow:
        """Return the block and the row in it that row `y` is."""
        index = min(bisect_right(self._tops, y), len(self._blocks)) - 1
        return BlockRow(index, y - self._tops[index])

    def y_of(self, block_row: BlockRow) -> int:
        """Return the present index of a row of a block."""
        return self._tops[block_row.block] + block_row.row

    def y_at(self, offset: int) -> int:
        """Return the index of the row with the character at `offset`, after wrapping its block up to it."""
        index = self._blocks.index_at(offset)
        block = self._blocks[index]
        while block.reached <= offset and not block.complete:
            self._wrap(index, block.wrapped_rows + ROW_BATCH)
        self._update_heights(index)
        return self._tops[index] + len(block.heading_rows) + max(0, bisect_right(block.starts, offset) - 1)

    def wrap_visible(self, y: int, count: int, before: int | None = None) -> int:
        """Wrap the `count` rows of the window from row `y` on. Return the index that its top row has afterwards.

        `before` is the previous top row. Scrolling up by less than a window counts from it, so rows that stay
        visible do not move when the text above has more rows than estimated.
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
        """Wrap `count` rows from the wrapped row `y` on, so that their number is exact."""
        index, row = self.block_row_at(y)
        while count > 0 and index < len(self._blocks):
            self._wrap(index, row + count)
            self._update_heights(index)
            count -= self._heights[index] - row
            index, row = index + 1, 0

    def wrap_for(self, seconds: float) -> bool:
        """Wrap rows from the start of the document for about `seconds`. Return whether all are wrapped."""
        deadline = perf_counter() + seconds
        first = self._complete_blocks
        while not self.complete and perf_counter() < deadline:
            index = self._complete_blocks
            self._wrap(index, self._blocks[index].wrapped_rows + ROW_BATCH)
        self._update_heights(*range(first, min(self._complete_blocks + 1, len(self._blocks))))
        return self.complete

    def _jump(self, y: int, count: int) -> int:
        """Return the exact index of row `y`, which may lie where rows are only estimated."""
        top = self.block_row_at(y)
        block = self._blocks[top.block]
        if top.row < block.wrapped_rows or block.complete:
            return y
        if y + count >= self.count:
            return self._go_up(BlockRow(len(self._blocks), 0), count)
        share = top.row / self._heights[top.block]
        self._complete(top.block)
        return self._tops[top.block] + int(share * self._heights[top.block])

    def _go_up(self, block_row: BlockRow, rows: int) -> int:
        """Return the index of the row `rows` above a wrapped row, after wrapping the blocks between."""
        index, above = block_row.block, rows - block_row.row
        while above > 0 and index > 0:
            index -= 1
            self._complete(index)
            above -= self._heights[index]
        return max(0, self.y_of(block_row) - rows)

    def _complete(self, index: int) -> None:
        """Wrap a whole block."""
        self._wrap(index, self._blocks[index].end + 1)
        self._update_heights(index)

    def _wrap(self, index: int, rows: int) -> None:
        """Wrap a block until `rows` of its rows, heading rows included, or all are wrapped."""
        block = self._blocks[index]
        text, width, exact = self.text, self.width, self.exact
        reached, end, starts = block.reached, block.end, block.starts
        spaced = self._gap_from is not None
        for _ in range(rows - block.wrapped_rows):
            if reached >= end:
                break
            starts.append(reached)
            reached = row_end(text, reached, end, width, exact=exact)
            if spaced and text[reached - 1] == "\n" and self._ends_paragraph(block, starts[-1], reached):
                starts.append(reached)  # a row without characters
        block.reached = reached

    def _ends_paragraph(self, block: Block, start: int, end: int) -> bool:
        """Return whether a blank row follows the row from `start` to `end`, which ends a line of the text."""
        if (block.ends_section and end == block.end) or not self._is_long_at(end):
            return False
        return not (self.text[start:end].isspace() or _BLANK_LINE.match(self.text, end))

    def _is_long_at(self, line_end: int) -> bool:
        """Return whether the line that ends at `line_end`, or the next one, is long enough for a gap."""
        text, length = self.text, self._gap_from or 0
        if not length:
            return True
        before = line_end - 1 - length
        return (before > 0 and text.find("\n", before, line_end - 1) < 0) or (
            line_end + length < len(text) and text.find("\n", line_end, line_end + length) < 0
        )

    def _estimate(self, characters: int) -> int:
        return int(characters / self._characters_a_row) + 1

    def _update_heights(self, *indexes: int) -> None:
        """Correct the number of rows of these blocks."""
        for index in indexes:
            block = self._blocks[index]
            rest = 0 if block.complete else self._estimate(block.end - block.reached)
            self._heights[index] = block.wrapped_rows + rest
        self._tops = [0, *accumulate(self._heights)]
