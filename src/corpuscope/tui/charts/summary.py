"""The page of shares: sentences, warnings, the chart in a frame where there is room, and what belongs beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpuscope.analysis.comparisons import CorpusComparison
from corpuscope.report.sentences import leading_sentence, leading_words
from corpuscope.stats.summary import CorpusSummary, Summary, shared_warnings
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import AXIS_STYLE, StyledText
from corpuscope.tui.charts.frames import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    Line,
    PageTop,
    beside,
    flowed,
    framed,
    indented,
    page_top,
    styled,
)
from corpuscope.tui.charts.panels import corpora_lines, difference_lines, limit_lines
from corpuscope.tui.charts.shares import ShareChart
from corpuscope.tui.charts.side_by_side import FOOT, side_by_side_lines

ROWS_FOR_SENTENCES = 28
"""Height of the page from which there is a sentence for each of several corpora above the chart."""
AXIS_ROWS = 1
"""Rows of the axis."""
WIDE = 158
"""Width in cells from which panels stand beside the chart."""
SHARE_OF_CHART = 0.64
"""Fraction of a wide page that the chart takes."""


@dataclass(frozen=True, slots=True)
class SharePage:
    """The lines of a page of shares."""

    lines: Sequence[Line]
    """The lines."""
    axis: str = ""
    """Axis of the chart, to be shown above the page so that it stays while the chart scrolls; "" where the page has it.
    """
    warnings: Sequence[Line] = ()
    """Every warning in full where the lines hold only some; empty otherwise."""


def share_page(
    corpora: Sequence[CorpusSummary],
    styles: Mapping[str, str],
    width: int,
    height: int,
    *,
    interval: str = "interval",
    notes: Sequence[str] = (),
    pairs: Sequence[CorpusComparison] = (),
    left_out: Sequence[str] = (),
    order: Sequence[str] = (),
    method_key: str = "m",
) -> SharePage:
    """Lay out the shares of `corpora` in `width` cells and `height` rows.

    `interval` is the heading of the intervals in an axis above the page; `notes` stand below the chart. A chart that
    does not fit into the page in a frame has none. `left_out` has a sentence per corpus that is not shown, `order`
    the names of all corpora, which decide their marks. A wide page also has the numbers in a table, the corpora, the
    established differences of `pairs`, and what to read with care.
    Warnings for which the chart leaves no room are counted, beside the `method_key` that shows them.
    """
    roomy = height >= ROWS_FOR_SENTENCES
    below = [line for note in notes for line in flowed([(one_line(note), AXIS_STYLE)], width - roomy)]
    below = indented(below) if roomy else below
    chart = ShareChart(corpora, styles, width - FRAME_WIDTH, order=order)
    needed = chart.row_count + roomy * (AXIS_ROWS + FRAME_HEIGHT) + len(below)
    lines, warnings = head_lines(corpora, styles, width, height, height - needed, left_out, method_key)
    room = height - len(lines) - len(below)
    if width >= WIDE and (wide := _wide_rows(corpora, styles, pairs, width, room, order)):
        return SharePage([*lines, *wide, *below], warnings=warnings)
    spare = room - chart.row_count - AXIS_ROWS - FRAME_HEIGHT
    if chart.row_count and spare >= 0:
        rows = [chart.axis, *chart.rows(gaps=chart.gaps_in(spare))]
        lines += framed(rows, "share of each category", chart.legend, width, room)
        return SharePage([*lines, *below], warnings=warnings)
    chart = ShareChart(corpora, styles, width, interval, order)
    if not chart.row_count:
        return SharePage([*lines, *below], warnings=warnings)
    if not chart.names_corpora:
        lines += flowed([(chart.legend, "")], width)
    return SharePage([*lines, *chart.rows(), *below], chart.axis_text, warnings)


def _wide_rows(
    corpora: Sequence[CorpusSummary],
    styles: Mapping[str, str],
    pairs: Sequence[CorpusComparison],
    width: int,
    height: int,
    order: Sequence[str],
) -> list[Line]:
    """Lay out the chart with panels beside it, and the numbers below where there is room; empty where it fits not."""
    left = round(width * SHARE_OF_CHART)
    right = width - left
    chart = ShareChart(corpora, styles, left - FRAME_WIDTH, order=order)
    spare = height - chart.row_count - AXIS_ROWS - FRAME_HEIGHT
    if not chart.row_count or spare < 0:
        return []
    table = side_by_side_lines(corpora, styles, left - FRAME_WIDTH, order)
    numbers = len(table) + FRAME_HEIGHT if spare >= len(table) + FRAME_HEIGHT else 0
    rows = [chart.axis, *chart.rows(gaps=chart.gaps_in(spare - numbers))]
    chart_rows = framed(rows, "share of each category", chart.legend, left, height - numbers)
    if numbers:
        chart_rows += framed(table, "the same in numbers", FOOT, left)
    panels = [("corpora", corpora_lines(corpora, right - FRAME_WIDTH, order), "")]
    if pairs:
        tests = f"Holm over {pairs[0].comparison.tests:,} tests"
        panels.append(
            ("established differences", difference_lines(pairs, styles, right - FRAME_WIDTH), tests)
        )
    panels.append(("read with care", limit_lines(corpora, styles, right - FRAME_WIDTH), ""))
    while sum(len(lines) + FRAME_HEIGHT for _, lines, _ in panels) > height:
        del panels[-2 if len(panels) > 1 else 0]
    side: list[Line] = []
    for i, (title, lines, foot) in enumerate(panels):
        fill = height - len(side) if i == len(panels) - 1 else 0
        side += framed(lines, title, foot, right, fill)
    return beside(chart_rows, side, left) if side else []


def side_by_side_page(
    summary: Summary,
    styles: Mapping[str, str],
    width: int,
    height: int,
    *,
    left_out: Sequence[str] = (),
    order: Sequence[str] = (),
    method_key: str = "m",
) -> SharePage:
    """Lay out sentences, warnings and a table of all corpora."""
    table = side_by_side_lines(summary.corpora, styles, width - FRAME_WIDTH, order)
    words = (
        f"{100 * summary.level:g} % intervals · shares of {summary.weighting} · ≤: none seen, upper end only"
    )
    below = [
        *framed(table, "shares side by side", FOOT, width),
        *indented(flowed([(f"n beside each name · {words}", AXIS_STYLE)], width - 1)),
    ]
    room = height - len(below)
    top = head_lines(summary.corpora, styles, width, height, room, left_out, method_key)
    return SharePage([*top.lines, *below], warnings=top.warnings)


def head_lines(
    corpora: Sequence[CorpusSummary],
    styles: Mapping[str, str],
    width: int,
    height: int,
    room: int,
    left_out: Sequence[str],
    method_key: str,
) -> PageTop:
    """Return the sentences and the warnings that fit into `room` rows above a chart or table.

    Blank rows stand around them where the `height` of the page allows it.
    """
    roomy = height >= ROWS_FOR_SENTENCES
    sentences = outcome_sentences(corpora, styles, short=len(corpora) > 1 and not roomy)
    warnings = (*left_out, *shared_warnings(corpora))
    return page_top(sentences, warnings, width, room, roomy=roomy, key=method_key)


def outcome_sentences(
    corpora: Sequence[CorpusSummary], styles: Mapping[str, str], *, short: bool
) -> list[list[StyledText]]:
    """State the largest category of each corpus: a sentence each, or all in few words in one."""
    sentences = [
        styled(leading_words(corpus) if short else leading_sentence(corpus), styles) for corpus in corpora
    ]
    if not short:
        return sentences
    runs: list[StyledText] = []
    for sentence in sentences:
        runs += [*([(" · ", "")] if runs else []), *sentence]
    return [runs]
