"""The chart of a mixture: per category a stacked bar of what each corpus contributes, above the interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from corpuscope.analysis.mixtures import Mixture, MixtureShare
from corpuscope.report.mixture_chart import mixture_axis
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import AXIS_STYLE, StyledText, labelled_axis, share_bar, share_grid
from corpuscope.tui.charts.frames import Line
from corpuscope.tui.charts.shares import MARKS, WIDEST_NAME, name_cells, padded

SHADES = "█▓▒░"
"""Cells of the corpora in a stacked bar where there are no tones."""
UNKNOWN = "?"
"""Cell of what a corpus without labels may hold."""
TOTAL = "╋"
"""Mark of the share in its interval."""
LEAST_WITH_MARK = 3
"""Cells from which a segment holds the mark of its corpus."""
WITH_SHARES = 96
"""Width in cells from which shares are given beside amounts."""
LEAST_PLOT = 12
"""Fewest cells for the bars."""
MOST_OF_WIDTH = 0.42
"""Largest fraction of the width for the numbers."""

Tones = Mapping[str, Sequence[str]]
"""Styles of the segments of a category, by its name, one per corpus and then repeated; empty where shades stand in."""


class MixtureChart:
    """The chart of a mixture, laid out for a width: two rows per category, in scheme order."""

    def __init__(self, mixture: Mixture, styles: Mapping[str, str], tones: Tones, width: int) -> None:
        """`styles` are the colours of the categories, `tones` those of the segments."""
        self._mixture, self._styles, self._tones = mixture, styles, tones
        budget = mixture.mix.budget
        self._axis = mixture_axis(mixture)
        self._top, self._whole, self._ticks = self._axis.top, self._axis.whole, self._axis.ticks
        names = ("%", "interval") if budget is None else (mixture.mix.by, "interval", "share")
        self._headings = names[: 3 if width >= WITH_SHARES else 2]
        self._cells = [self._numbers(share) for share in mixture.shares]
        self._widths = [
            max(len(heading), *(cell_len(row[i]) for row in self._cells))
            for i, heading in enumerate(self._headings)
        ]
        self._parts = [self._contributions(share) for share in mixture.shares]
        if mixture.alone:  # an assisted share never stands without that of the labels
            self._parts = [
                f"labels {self._axis.value(share)} {self._axis.interval(share)}" for share in mixture.alone
            ]
        numbers = sum(self._widths) + 2 * len(self._widths)
        widest = max(map(cell_len, self._parts)) + 2
        self._with_parts = widest <= max(numbers, MOST_OF_WIDTH * width)
        self._tail = max(numbers, widest if self._with_parts else 0)
        most = name_cells(width - LEAST_PLOT - self._tail - 2)
        self._names = [one_line(share.category, most) for share in mixture.shares]
        self._head = max(map(cell_len, self._names)) + 2
        self._plot = max(width - self._head - self._tail, LEAST_PLOT)

    @property
    def row_count(self) -> int:
        """Rows of the chart without axis and gaps."""
        return 2 * len(self._names)

    @property
    def axis(self) -> list[StyledText]:
        """The labels of the axis and the headings of the numbers."""
        labels = [(tick, self._axis.label(tick)) for tick in self._ticks]
        axis = " " * self._head + labelled_axis(self._plot, self._top, labels)
        headings = "".join(
            f"  {heading.rjust(width)}" for heading, width in zip(self._headings, self._widths, strict=True)
        )
        return [(axis + headings, AXIS_STYLE)]

    @property
    def legend(self) -> str:
        """Marks of the corpora from the left of a bar, and the unit."""
        parts = self._mixture.parts
        marks = ", ".join(f"{mark(i)} {one_line(part.corpus, WIDEST_NAME)}" for i, part in enumerate(parts))
        unknown = any(share.share is None for share in self._mixture.shares)
        return f"from left: {marks}{f' · {UNKNOWN} no labels' * unknown} · {self._axis.words}"

    def rows(self, gaps: int = 0) -> list[Line]:
        """Return the rows, with `gaps` rows of the grid alone between two categories."""
        gap: Line = [(" " * self._head, ""), *share_grid(self._plot, self._top, self._ticks)]
        lines: list[Line] = []
        for i in range(len(self._names)):
            lines += [gap] * (gaps if i else 0)
            lines += self._category(i)
        return lines

    def _category(self, i: int) -> list[Line]:
        share = self._mixture.shares[i]
        style = self._styles.get(share.category, "")
        numbers = [
            ("  " + cell.rjust(size), "bold" if j == 0 else "" if j == 1 else AXIS_STYLE)
            for j, (cell, size) in enumerate(zip(self._cells[i], self._widths, strict=True))
        ]
        name = (padded(self._names[i], self._head), f"bold {style}".strip())
        low, high = share.interval.low * self._whole, share.interval.high * self._whole
        middle = (share.least + share.most) / 2 * self._whole
        interval = share_bar(
            low,
            middle,
            high,
            self._plot,
            self._top,
            mark=TOTAL if share.share is not None else UNKNOWN,
            ticks=self._ticks,
        )
        parts = [(f"  {self._parts[i]}", AXIS_STYLE)] if self._with_parts else []
        return [[name, *self._stack(share, style), *numbers], [(" " * self._head, ""), *interval, *parts]]

    def _stack(self, share: MixtureShare, style: str) -> list[StyledText]:
        """Draw the segments of one bar; each ends where the sum so far does."""
        tones = self._tones.get(share.category, ())
        runs: list[StyledText] = []
        total, end = 0.0, 0
        for i, value in enumerate(share.contributions):
            total += value or 0.0
            start, end = end, self._column(total)
            runs += segment(i, end - start, style, tones)
        if share.share is None:
            runs.append((UNKNOWN * max(self._column(share.most) - end, 0), AXIS_STYLE))
        drawn = sum(len(text) for text, _ in runs)
        grid = share_grid(self._plot, self._top, self._ticks)
        return [*runs, *_from_cell(grid, drawn)]

    def _column(self, share: float) -> int:
        """Return the number of cells of a bar for a share."""
        return min(round(share * self._whole / self._top * (self._plot - 1)), self._plot)

    def _numbers(self, share: MixtureShare) -> tuple[str, ...]:
        cells = (self._axis.value(share), self._axis.interval(share))
        if len(self._headings) == len(cells):
            return cells
        percent = (
            f"{100 * share.least:.1f}-{100 * share.most:.1f} %"
            if share.share is None
            else f"{100 * share.share:.1f} %"
        )
        return (*cells, percent)

    def _contributions(self, share: MixtureShare) -> str:
        """Format what each corpus contributes: "● 0.7  ■ 0.3  ▲ 7.5"."""
        return "  ".join(
            f"{mark(i)} {UNKNOWN if value is None else self._axis.number(value)}"
            for i, value in enumerate(share.contributions)
        )


def segment(i: int, cells: int, style: str, tones: Sequence[str]) -> list[StyledText]:
    """Draw a segment of the `i`-th corpus, with its mark inside where there is room."""
    tone = tones[i % len(tones)] if tones else style
    cell = " " if tones else SHADES[i % len(SHADES)]
    if cells < LEAST_WITH_MARK:
        return [(cell * cells, tone)]
    inside = tone if tones else f"reverse {style}".strip()
    return [(cell, tone), (mark(i), inside), (cell * (cells - 2), tone)]


def mark(i: int) -> str:
    """Return the mark of the `i`-th corpus."""
    return MARKS[i % len(MARKS)]


def _from_cell(runs: Sequence[StyledText], cell: int) -> list[StyledText]:
    """Return runs of one-cell characters without the first `cell` cells."""
    rest: list[StyledText] = []
    for text, style in runs:
        rest.append((text[cell:], style))
        cell = max(cell - len(text), 0)
    return rest
