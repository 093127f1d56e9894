"""One chart of the shares of all corpora: categories as groups of rows, all intervals on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from corpuscope.report.scales import common_scale
from corpuscope.stats.distribution import Distribution, Share
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import (
    AXIS_STYLE,
    HOLLOW,
    StyledText,
    share_axis,
    share_bar,
    share_grid,
)

MARKS = "●■▲▼◆"
"""Marks of the corpora, in their order."""
WIDEST_NAME = 24
"""Most cells for the name of a category or a corpus."""
LEAST_NAME = 6
"""Fewest cells for the name of a category or a corpus."""
SHARE_OF_NAMES = 0.4
"""Fraction of the width that the columns of names may take: categories, and corpora where rows name them."""
WITH_COUNTS = 100
"""Width in cells from which labels are counted beside the shares."""
WITH_NAMES = 70
"""Width in cells from which each row names its corpus; below, only the marks of the legend do."""
LEAST_PLOT = 12
"""Fewest cells for the intervals."""
LEGEND_MARGIN = 2
"""Cells that the legend leaves free at the foot of a frame."""
MOST_GAPS = 2
"""Most blank rows between two categories."""


def most_of_names(width: int, columns: int = 1) -> int:
    """Return the most cells of a name in a chart of `width` cells with so many columns of names."""
    return name_cells(int(width * SHARE_OF_NAMES / columns))


def name_cells(room: int) -> int:
    """Return the cells of a name where `room` cells are left for it."""
    return max(min(room, WIDEST_NAME), LEAST_NAME)


class ShareChart:
    """The chart of `corpora`, laid out for a width. Corpora without labels or estimates are left out."""

    def __init__(
        self,
        corpora: Sequence[CorpusSummary],
        styles: Mapping[str, str],
        width: int,
        interval: str = "interval",
        order: Sequence[str] = (),
    ) -> None:
        """`interval` is the heading of the intervals; `order` are all corpora, which decide the marks."""
        self._corpora = [
            corpus for corpus in corpora if corpus.distribution.n and not corpus.distribution.pending
        ]
        self._styles = styles
        self._width = width
        self._marks = marks(self._corpora, order)
        distributions = [corpus.distribution for corpus in self._corpora]
        self._scale = common_scale(
            [share.interval.high for shares in distributions for share in shares.shares]
        )
        columns_of_names = 2 if len(self._corpora) > 1 and width >= WITH_NAMES else 1
        widest = most_of_names(width, columns_of_names)
        categories = distributions[0].categories if distributions else ()
        self._names = [one_line(name, widest) for name in categories]
        self._corpus_names = [one_line(corpus.corpus, widest) for corpus in self._corpora]
        self.names_corpora = width >= WITH_NAMES
        """Whether each row names its corpus; if not, the legend belongs on screen."""
        self._cells = [[share_numbers(share, shares) for share in shares.shares] for shares in distributions]
        self._counts = width >= WITH_COUNTS
        self._headings = ("n", "%", interval)
        self._widths = [
            max([len(heading), *(cell_len(row[i]) for rows in self._cells for row in rows)])
            for i, heading in enumerate(self._headings)
        ]
        columns = [*self._widths[not self._counts :]]
        self._head = max(map(cell_len, self._names), default=0) + 2
        if len(self._corpora) > 1:
            self._head += 2 + self._names_width
        self._plot = max(width - self._head - sum(columns) - 2 * len(columns), LEAST_PLOT)

    @property
    def _names_width(self) -> int:
        return max(map(cell_len, self._corpus_names)) + 1 if self.names_corpora else 0

    @property
    def row_count(self) -> int:
        """Rows of the chart without axis and gaps; 0 when no corpus has an estimate."""
        return len(self._names) * len(self._corpora)

    @property
    def axis_text(self) -> str:
        """The labels of the axis and the headings of the numbers."""
        labels = " " * self._head + share_axis(self._plot, self._scale)
        return labels + "".join(text for text, _ in self._styled_numbers(self._headings))

    @property
    def axis(self) -> list[StyledText]:
        """The labels and headings as a line of the chart."""
        return [(self.axis_text, AXIS_STYLE)]

    @property
    def legend(self) -> str:
        """Marks, names and sizes of the corpora, and what a hollow mark means, in as few words as the width allows."""
        corpora = list(zip(self._marks, self._corpus_names, self._corpora, strict=True))
        zero = any(not share.share for corpus in self._corpora for share in corpus.distribution.shares)
        legend = ""
        hollow = f"{HOLLOW} none seen"
        for size, note in (("n = ", f"{hollow}: upper end only"), ("n = ", hollow), ("", hollow), ("", "")):
            parts = [f"{mark} {name} {size}{corpus.distribution.n:,}" for mark, name, corpus in corpora]
            legend = "   ".join([*parts, *[note] * (zero and bool(note))])
            if cell_len(legend) <= self._width - LEGEND_MARGIN:
                break
        return legend

    def gaps_in(self, rows: int) -> int:
        """Return the blank rows between two categories, at most MOST_GAPS, that `rows` spare rows allow."""
        return max(min(rows // max(len(self._names) - 1, 1), MOST_GAPS), 0)

    def rows(self, gaps: int = 0) -> list[list[StyledText]]:
        """Return the rows, the categories in scheme order, with `gaps` rows of the grid alone between them."""
        rows = []
        for i in range(len(self._names)):
            if i:
                rows += [[(" " * self._head, ""), *share_grid(self._plot, self._scale)]] * gaps
            rows += [self._row(i, j) for j in range(len(self._corpora))]
        return rows

    def _row(self, category: int, corpus: int) -> list[StyledText]:
        shares = self._corpora[corpus].distribution
        share = shares.shares[category]
        style = self._styles.get(share.category, "")
        name = self._names[category] if corpus == 0 else ""
        mark = self._marks[corpus]
        row = [(padded(name, self._head), f"bold {style}".strip())]
        if len(self._corpora) > 1:
            names = self._names_width
            row = [
                (padded(name, self._head - names - 2), f"bold {style}".strip()),
                (f"{mark} ", style),
                (padded(self._corpus_names[corpus], names) if names else "", ""),
            ]
        low, high = share.interval.low, share.interval.high
        row += share_bar(low, share.share, high, self._plot, self._scale, mark=mark, style=style)
        return [*row, *self._styled_numbers(self._cells[corpus][category])]

    def _styled_numbers(self, cells: Sequence[str]) -> list[StyledText]:
        styles = (AXIS_STYLE, "bold", AXIS_STYLE)
        parts = zip(cells, self._widths, styles, strict=True)
        return [("  " + cell.rjust(width), style) for cell, width, style in parts][not self._counts :]


def marks(corpora: Sequence[CorpusSummary], order: Sequence[str] = ()) -> list[str]:
    """Return the mark of each corpus: that of its place in `order`, so that it stays when others are left out."""
    places = {name: i for i, name in enumerate(order or [corpus.corpus for corpus in corpora])}
    return [MARKS[places.get(corpus.corpus, 0) % len(MARKS)] for corpus in corpora]


def share_numbers(share: Share, shares: Distribution) -> tuple[str, str, str]:
    """Format count, share and interval: "73", "36.0", "29.7-42.8"; the interval of a share of 0 is "≤ 1.9".

    Where labels await a new reading, the share lies "within" bounds; without labels there is none.
    """
    count = f"{share.count:,}"
    if shares.pending:
        return count, "within", f"{100 * share.share:.1f}-{100 * (share.share + shares.pending_share):.1f}"
    if not shares.n:
        return count, "", ""
    low, high = 100 * share.interval.low, 100 * share.interval.high
    value = f"{100 * share.share:.1f}" if 0 < share.share < 1 else f"{100 * share.share:.0f}"
    if share.interval.is_exact:
        interval = "exact"
    elif share.interval.low == 0:
        interval = f"≤ {high:.1f}"
    else:
        interval = f"≥ {low:.1f}" if share.interval.high == 1 else f"{low:.1f}-{high:.1f}"
    return count, value, interval


def padded(text: str, width: int) -> str:
    """Fill a text with blanks at the right up to `width` cells."""
    return text + " " * (width - cell_len(text))
