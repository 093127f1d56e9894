"""The shares of all corpora side by side: a row per category, and count, share and interval of each corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from corpuscope.report.sentences import MOST_TIED, leaders
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import AXIS_STYLE, POINT, StyledText
from corpuscope.tui.charts.frames import Line
from corpuscope.tui.charts.shares import marks, most_of_names, name_cells, padded, share_numbers

GAP, WIDE_GAP = "  ", "    "
"""Blanks between the columns of a corpus, and before each corpus."""
FOOT = "bold colour: largest, ties included"
"""Legend of the highlighted shares."""


def side_by_side_lines(
    corpora: Sequence[CorpusSummary], styles: Mapping[str, str], width: int, order: Sequence[str] = ()
) -> list[Line]:
    """Draw as many corpora beside each other as fit into `width` cells, and the others below them.

    Counts are left out unless they fit for all corpora. `order` are all corpora, which decide the marks.
    """
    names = [one_line(share.category, most_of_names(width)) for share in corpora[0].distribution.shares]
    head = max(map(cell_len, ("category", *names))) + 2
    room = width - head
    columns = [
        _Column(corpus, mark, room, counts=True)
        for corpus, mark in zip(corpora, marks(corpora, order), strict=True)
    ]
    if sum(column.width for column in columns) > room:
        columns = [
            _Column(corpus, mark, room, counts=False)
            for corpus, mark in zip(corpora, marks(corpora, order), strict=True)
        ]
    lines: list[Line] = []
    while columns:
        fits = 1
        while fits < len(columns) and sum(column.width for column in columns[: fits + 1]) <= room:
            fits += 1
        lines += [[]] if lines else []
        lines += _block(names, columns[:fits], styles, head)
        columns = columns[fits:]
    return lines


class _Column:
    """The cells of one corpus, with a title that fits into `room` cells."""

    def __init__(self, corpus: CorpusSummary, mark: str, room: int, *, counts: bool) -> None:
        self.distribution = corpus.distribution
        self._first = 0 if counts else 1
        self._largest = {share.category for share in leaders(self.distribution)}
        if not self.distribution.n or self.distribution.pending or len(self._largest) > MOST_TIED:
            self._largest = set()
        self._cells = [share_numbers(share, self.distribution) for share in self.distribution.shares]
        self._widths = [
            max(cell_len(row[i]) for row in (("n", "%", "interval"), *self._cells)) for i in range(3)
        ]
        size = f"{self.distribution.n:,}"
        most = name_cells(room - len(WIDE_GAP) - cell_len(f"{mark}  {size}"))
        self.title = f"{mark} {one_line(corpus.corpus, most)} {size}"
        self._widths[2] += max(cell_len(self.title) - self._numbers_width, 0)

    @property
    def _numbers_width(self) -> int:
        widths = self._widths[self._first :]
        return sum(widths) + len(GAP) * (len(widths) - 1)

    @property
    def width(self) -> int:
        """Cells of the columns with the blanks before them."""
        return self._numbers_width + len(WIDE_GAP)

    @property
    def headings(self) -> str:
        """The headings of the columns."""
        return "".join(text for text, _ in self._styled(("n", "%", "interval"), ""))

    def row(self, category: int, styles: Mapping[str, str]) -> list[StyledText]:
        """Return the cells of a category; the largest ones are bold in their colours."""
        name = self.distribution.shares[category].category
        return self._styled(self._cells[category], styles.get(name, "") if name in self._largest else "")

    def foot(self, text: str) -> str:
        """Return a text below the columns."""
        return text.rjust(self.width)

    def _styled(self, cells: Sequence[str], style: str) -> list[StyledText]:
        parts = list(zip(cells, self._widths, (AXIS_STYLE, f"bold {style}".strip(), AXIS_STYLE), strict=True))
        return [
            ((GAP if i else WIDE_GAP) + " " * (width - cell_len(cell)) + cell, of)
            for i, (cell, width, of) in enumerate(parts[self._first :])
        ]


def _block(
    names: Sequence[str], columns: Sequence[_Column], styles: Mapping[str, str], head: int
) -> list[Line]:
    blank = " " * (head - 2)
    titles: list[StyledText] = [(" " * head, "")]
    titles += [(" " * (column.width - cell_len(column.title)) + column.title, "bold") for column in columns]
    headings = padded("category", head) + "".join(column.headings for column in columns)
    lines: list[Line] = [titles, [(headings, AXIS_STYLE)]]
    for i, name in enumerate(names):
        style = styles.get(columns[0].distribution.shares[i].category, "")
        cells = [cell for column in columns for cell in column.row(i, styles)]
        lines.append([(f"{POINT} ", style), (padded(name, head - 2), ""), *cells])
    if any(round(column.distribution.n_effective) < column.distribution.n for column in columns):
        effective = "".join(column.foot(f"{column.distribution.n_effective:,.0f}") for column in columns)
        lines.append([(padded("count as", len(blank)) + "  " + effective, AXIS_STYLE)])
    return lines
