"""The page of a comparison: the outcome, differences in scheme order, the whole mix, and the other pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from corpuscope.analysis.comparisons import CorpusComparison
from corpuscope.report.comparison_tables import (
    needs_cell,
    p_cell,
    provisional_words,
    reason_words,
    standing_words,
)
from corpuscope.report.ordinal_tables import mean_difference_words
from corpuscope.report.scales import symmetric_scale
from corpuscope.report.sentences import difference_sentence
from corpuscope.report.tables import signed_points, signed_range
from corpuscope.stats.comparison import Difference, Verdict
from corpuscope.stats.p_values import p_in_words
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import (
    AXIS_STYLE,
    StyledText,
    difference_axis,
    difference_bar,
    difference_grid,
)
from corpuscope.tui.charts.frames import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    Line,
    PageTop,
    flowed,
    framed,
    page_top,
    styled,
)
from corpuscope.tui.charts.panels import pair_title
from corpuscope.tui.charts.shares import name_cells, padded

WIDEST_CORPUS = 14
"""Most cells for the name of a corpus above its shares."""
ONE_ROW = 108
"""Width in cells from which each category takes one row instead of two."""
WITH_VERDICT = 64
"""Width in cells from which verdicts are written, not only drawn as heavy lines."""
ROOMY = 28
"""Height of the page from which blank rows stand around the outcome."""
LEAST_PLOT = 9
"""Fewest cells for the differences."""
ESTABLISHED, NOT_ESTABLISHED = "━●━ established", "─○─ not established"
"""Legend of the lines."""


def comparison_page(
    pair: CorpusComparison,
    others: Sequence[CorpusComparison],
    styles: Mapping[str, str],
    width: int,
    height: int,
    *,
    left_out: Sequence[str] = (),
    method_key: str = "m",
) -> PageTop:
    """Lay out the comparison of a pair; `others` are the other pairs, which are only listed.

    Warnings follow the outcome, those of `left_out` first. In a narrow page each category takes two rows. Warnings for
    which the chart leaves no room are counted, beside the `method_key` that shows them.
    """
    outcome = styled(difference_sentence(pair), styles)
    chart = DifferenceChart(pair, styles, width - FRAME_WIDTH)
    countable = all(pair.comparison.n)
    space = height - (chart.row_count + FRAME_HEIGHT if countable else 0)
    warnings = (*left_out, *pair.warnings)
    lines, every = page_top([outcome], warnings, width, space, roomy=height >= ROOMY, key=method_key)
    if not countable:
        return PageTop(lines, every)
    mix = _mix_lines(pair, others, styles, width - FRAME_WIDTH)
    room = height - len(lines) - len(mix) - 2 * FRAME_HEIGHT
    rows = chart.rows(gaps=room - chart.row_count >= len(pair.comparison.differences))
    if room - len(rows) >= 2:  # a blank row at the top of each frame
        rows, mix = [[], *rows], [[], *mix]
    first, second = (one_line(name) for name in (pair.comparison.first, pair.comparison.second))
    lines += framed(rows, f"{second} minus {first}, percentage points", chart.legend, width)
    title = "the whole mix, and the other pairs" if others else "the whole mix"
    lines += framed(mix, title, "← → another pair" if others else "", width, height - len(lines))
    return PageTop(lines, every)


class DifferenceChart:
    """The differences of a pair, a row per category where there is room, otherwise two."""

    def __init__(self, pair: CorpusComparison, styles: Mapping[str, str], width: int) -> None:
        comparison = self._comparison = pair.comparison
        rows = comparison.differences
        self._styles = styles
        self._one_row = width >= ONE_ROW
        ends = [end for row in rows for end in (row.interval.low, row.interval.high)]
        self._scale = symmetric_scale(ends)
        self._shares = [(f"{100 * row.first:.1f}", f"{100 * row.second:.1f}") for row in rows]
        verdict = "so far" if comparison.provisional else "verdict"
        self._has_verdict = width >= WITH_VERDICT
        headings = ("points", "interval", "Holm p", verdict, "needs")
        self._headings = headings if self._one_row else (*headings[:2], *([verdict] * self._has_verdict))
        self._numbers = [self._cells(row) for row in rows]
        self._widths = [
            max(cell_len(heading), *(cell_len(row[i]) for row in self._numbers))
            for i, heading in enumerate(self._headings)
        ]
        if self._one_row:
            names = [one_line(name, WIDEST_CORPUS) for name in (comparison.first, comparison.second)]
            self._share_widths = [max(cell_len(name), 5) for name in names]
            parts = zip(names, self._share_widths, strict=True)
            self._corpora = "".join(" " * (size - cell_len(name)) + name + "  " for name, size in parts)
            below = 0
        else:
            self._corpora = ""
            below = max(len(self._below(row)) + 2 for row in rows)
        tail = max(sum(self._widths) + 2 * len(self._widths), below)
        most = name_cells(width - LEAST_PLOT - tail - cell_len(self._corpora) - 2)
        self._names = [one_line(row.category, most) for row in rows]
        self._head = max(map(cell_len, self._names)) + 2 + cell_len(self._corpora)
        if not self._one_row:
            self._head = max(self._head, *(len(f"  {one} → {two}  ") for one, two in self._shares))
        room = max(width - self._head - tail, LEAST_PLOT)
        self._plot = room - (room + 1) % 2

    @property
    def row_count(self) -> int:
        """Rows of the chart with its axis, without gaps."""
        return 1 + len(self._names) * (1 if self._one_row else 2)

    @property
    def legend(self) -> str:
        """What lines and columns mean."""
        needs = "needs: labels per corpus for a verdict"
        return "   ".join(
            (ESTABLISHED, NOT_ESTABLISHED, needs) if self._one_row else (NOT_ESTABLISHED, needs)
        )

    def rows(self, *, gaps: bool) -> list[Line]:
        """Return axis and rows, with a blank row between categories if `gaps`."""
        axis = difference_axis(self._plot, self._scale)
        names = padded("", self._head - cell_len(self._corpora)) + self._corpora
        cells = "".join(text for text, _ in self._number_cells(self._headings, established=False))
        lines: list[Line] = [[(names + axis + cells, AXIS_STYLE)]]
        for i, row in enumerate(self._comparison.differences):
            lines += [[(" " * self._head, ""), *self._bar(None)]] * (gaps and i > 0)
            lines += self._category(i, row)
        return lines

    def _category(self, i: int, row: Difference) -> list[Line]:
        established = row.verdict is not Verdict.NOT_ESTABLISHED
        style = self._styles.get(row.category, "")
        name = f"bold {style}".strip() if established else AXIS_STYLE
        numbers = self._number_cells(self._numbers[i], established=established, style=style)
        first, second = self._shares[i]
        if self._one_row:
            widths = self._share_widths
            shares = f"{first.rjust(widths[0])}  {second.rjust(widths[1])}  "
            head = padded(self._names[i], self._head - len(shares))
            return [[(head, name), (shares, AXIS_STYLE), *self._bar(row), *numbers]]
        below = padded(f"  {first} → {second}", self._head)
        return [
            [(padded(self._names[i], self._head), name), *self._bar(row), *numbers],
            [(below, AXIS_STYLE), *self._bar(None), (f"  {self._below(row)}", AXIS_STYLE)],
        ]

    def _bar(self, row: Difference | None) -> list[StyledText]:
        """Draw the difference; without one only the grid."""
        if row is None:
            return difference_grid(self._plot)
        low, high = row.interval.low, row.interval.high
        established = row.verdict is not Verdict.NOT_ESTABLISHED
        style = self._styles.get(row.category, "")
        return difference_bar(
            low, row.difference, high, self._plot, self._scale, established=established, style=style
        )

    def _cells(self, row: Difference) -> tuple[str, ...]:
        interval = signed_range(row.interval)
        verdict = str(row.verdict)
        if not self._one_row:
            verdict = "—" if row.verdict is Verdict.NOT_ESTABLISHED else verdict
            return (signed_points(row.difference), interval, verdict)[: len(self._headings)]
        return signed_points(row.difference), interval, p_cell(row.p_holm), verdict, needs_cell(row)

    def _below(self, row: Difference) -> str:
        """Return what stands below the numbers of a category that takes two rows."""
        needs = needs_cell(row)
        holm = "Holm " if self._has_verdict else ""
        return holm + p_in_words(row.p_holm) + (f" · needs {needs}" if needs else "")

    def _number_cells(self, cells: Sequence[str], *, established: bool, style: str = "") -> list[StyledText]:
        coloured = f"bold {style}".strip()
        of = {"points": "bold", "interval": ""} if established else {"points": ""}
        runs = []
        for heading, cell, width in zip(self._headings, cells, self._widths, strict=True):
            blank = " " * (width - cell_len(cell))
            is_verdict = heading in ("verdict", "so far")
            text = cell + blank if is_verdict else blank + cell
            shown = coloured if is_verdict and established else of.get(heading, AXIS_STYLE)
            runs.append((f"  {text}", shown))
        return runs


def _mix_lines(
    pair: CorpusComparison, others: Sequence[CorpusComparison], styles: Mapping[str, str], width: int
) -> list[Line]:
    """Return the overall test, the distance, reasons, and the established differences of the other pairs."""
    comparison, distance = pair.comparison, pair.comparison.distance
    interval = distance.interval
    words = "the mixes differ" if comparison.mixes_differ else "a difference of the mixes is not established"
    rows = []
    if comparison.provisional:
        rows.append(("provisional", provisional_words(pair).removeprefix("provisional ")))
    if comparison.test.df and not comparison.exact:
        rows.append(("mix as a whole", f"{comparison.test_words}: {words}"))
    ends = "" if comparison.exact else f" ({100 * interval.low:.1f}-{100 * interval.high:.1f})"
    unit = pair.first.distribution.weighting
    variation = f"{100 * distance.value:.1f} %{ends} of the {unit} would have to change category"
    if not comparison.exact:
        variation += f"; chance alone reaches {100 * distance.noise_floor:.1f} %"
    rows.append(("total variation", variation))
    if means := mean_difference_words(pair.first, pair.second):
        rows.append(("scale", means))
    rows += [("not established", reason) for reason in reason_words(comparison)]
    head = max(len(name) for name, _ in rows) + 2
    lines: list[Line] = []
    for name, text in rows:
        first, *more = flowed([(one_line(text), "")], width - head)
        lines.append([(name.ljust(head), AXIS_STYLE), *first])
        lines += [[(" " * head, ""), *line] for line in more]
    for other in others:
        established = [row for row in other.comparison.by_size if row.verdict is not Verdict.NOT_ESTABLISHED]
        count = f"   {len(established):,} of {len(other.comparison.differences):,} {standing_words(other)}"
        lines += [[], *flowed([*pair_title(other), (count, AXIS_STYLE)], width)]
        runs: list[StyledText] = []
        for row in established:
            style = f"bold {styles.get(row.category, '')}".strip()
            runs += [(", ", "")] * bool(runs) + [
                (one_line(row.category), style),
                (f" {signed_points(row.difference)}", ""),
            ]
        lines += [[("  ", ""), *line] for line in flowed(runs, width - 2)] if runs else []
    return lines
