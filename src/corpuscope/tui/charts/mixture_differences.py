"""The differences of two mixes, line by line, below the weights of both and the test of all categories."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len

from corpuscope.analysis.mixture_plans import MixtureComparison, MixtureDifference
from corpuscope.analysis.mixtures import Mixture
from corpuscope.report.mixture_tables import overall_words
from corpuscope.report.mixture_words import weights_words
from corpuscope.report.scales import symmetric_scale
from corpuscope.report.tables import signed_points, signed_range
from corpuscope.stats.comparison import Verdict
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import AXIS_STYLE, difference_axis, difference_bar
from corpuscope.tui.charts.frames import Line, flowed
from corpuscope.tui.charts.shares import WIDEST_NAME, name_cells, padded

WITH_SHARES = 96
"""Width in cells from which both shares stand beside a difference."""
WITH_VERDICT = 70
"""Width in cells from which verdicts are written."""
LEAST_PLOT = 15
"""Fewest cells for the differences."""


def mixture_difference_lines(
    comparison: MixtureComparison, styles: Mapping[str, str], width: int
) -> list[Line]:
    """Draw the differences of two mixes in scheme order, below the weights of both and the test of all categories."""
    rows = comparison.differences
    with_shares, with_verdict = width >= WITH_SHARES, width >= WITH_VERDICT
    cells = [
        _difference_cells(comparison, i, with_shares=with_shares, with_verdict=with_verdict)
        for i in range(len(rows))
    ]
    headings = (
        *(("before", "now") if with_shares else ()),
        "points",
        "interval",
        *((("so far" if comparison.provisional else "verdict"),) if with_verdict else ()),
    )
    widths = [max(len(heading), *(len(row[j]) for row in cells)) for j, heading in enumerate(headings)]
    tail = sum(widths) + 2 * len(widths)
    most = name_cells(width - LEAST_PLOT - tail - 2)
    names = [one_line(row.category, most) for row in rows]
    head = max(map(cell_len, names)) + 2
    room = max(width - head - tail, LEAST_PLOT)
    plot = room - (room + 1) % 2
    scale = symmetric_scale([end for row in rows for end in (row.interval.low, row.interval.high)])
    mixes = [
        f"{mix_name(mixture, default)}: {weights_words(mixture)}"
        for mixture, default in ((comparison.first, "before"), (comparison.second, "now"))
    ]
    same = all(row.difference == 0 for row in rows)
    words = "the weights are the same: move one, or show another mix" if same else overall_words(comparison)
    lines: list[Line] = [line for text in (*mixes, words) for line in flowed([(one_line(text), "")], width)]
    if same:
        return lines
    titles = "".join(f"  {heading.rjust(size)}" for heading, size in zip(headings, widths, strict=True))
    lines.append([(" " * head + difference_axis(plot, scale) + titles, AXIS_STYLE)])
    for row, name, numbers in zip(rows, names, cells, strict=True):
        established = row.verdict is not Verdict.NOT_ESTABLISHED
        style = styles.get(row.category, "")
        line = f"bold {style}".strip() if established else AXIS_STYLE
        low, high = row.interval.low, row.interval.high
        texts = "".join(f"  {cell.rjust(size)}" for cell, size in zip(numbers, widths, strict=True))
        bar = difference_bar(low, row.middle, high, plot, scale, established=established, style=style)
        lines.append([(padded(name, head), line), *bar, (texts, "bold" if established else AXIS_STYLE)])
    return lines


def _difference_cells(
    comparison: MixtureComparison, i: int, *, with_shares: bool, with_verdict: bool
) -> tuple[str, ...]:
    row: MixtureDifference = comparison.differences[i]
    shares = [
        "" if mixture.shares[i].share is None else f"{100 * mixture.shares[i].least:.1f}"
        for mixture in (comparison.first, comparison.second)
    ]
    verdict = str(row.verdict) if with_shares or row.verdict is not Verdict.NOT_ESTABLISHED else "—"
    return (
        *(shares if with_shares else ()),
        "?" if row.difference is None else signed_points(row.difference),
        signed_range(row.interval),
        *((verdict,) if with_verdict else ()),
    )


def mix_name(mixture: Mixture, default: str) -> str:
    """Return the name of a mix, shortened; `default` for one without."""
    return one_line(mixture.name, WIDEST_NAME) or default
