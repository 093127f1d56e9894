"""The chart of a mixture: weights of the corpora, and stacked bars of what each contributes to a category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from corpuscope.analysis.mixtures import Mixture, MixtureShare
from corpuscope.report.mixture_result import (
    amount_cell,
    amount_range,
    amount_words,
    epochs_words,
    range_words,
    share_words,
)
from corpuscope.report.scales import common_scale
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import AXIS_STYLE, StyledText, share_axis, share_bar
from corpuscope.tui.charts.shares import MARKS, WIDEST_NAME

TONES = "█▓▒░"
"""Cells of the corpora in a stacked bar, in their order; without colours they still differ."""
UNKNOWN = "?"
"""Cell of what a corpus without labels may hold."""
TOTAL = "╋"
"""Mark of the share in its interval."""
LEAST_WITH_MARK = 3
"""Cells from which a segment holds the mark of its corpus."""
WITH_SHARES = 100
"""Width in cells from which shares are given beside amounts."""
LEAST_PLOT = 12
"""Fewest cells for the bars."""


def weight_lines(mixture: Mixture, chosen: int, width: int) -> list[list[StyledText]]:
    """Draw a line per corpus: mark, name, weight, amount, epochs, bar and labels; the chosen one is marked."""
    names = [one_line(part.corpus, WIDEST_NAME) for part in mixture.parts]
    widest = max(map(cell_len, names))
    lines = []
    for i, (part, name) in enumerate(zip(mixture.parts, names, strict=True)):
        weight = f" {100 * part.weight:5.1f} % "
        amount = "" if part.amount is None else f"{amount_words(part.amount):>7}"
        epochs = "" if part.amount is None or width < WITH_SHARES else f"  {epochs_words(part):>8} epochs"
        labels = f"{part.summary.distribution.n:,} labels" if part.summary else "no labels"
        room = max(width - widest - len(weight) - len(amount) - len(epochs) - len(labels) - 8, 0)
        bar = TONES[i % len(TONES)] * round(part.weight * room)
        lines.append(
            [
                ("▸ " if i == chosen else "  ", "bold $text-accent"),
                (f"{_mark(i)} {name}{' ' * (widest - cell_len(name))}", "bold" if i == chosen else ""),
                (weight, "reverse bold" if i == chosen else "bold"),
                (amount + epochs + "  ", ""),
                (bar.ljust(room), "$primary"),
                ("  " + labels, AXIS_STYLE),
            ]
        )
    return lines


def mixture_lines(mixture: Mixture, styles: Mapping[str, str], width: int) -> list[list[StyledText]]:
    """Draw an axis, then two lines per category: the stacked bar, and the interval with the total."""
    scale = common_scale([share.interval.high for share in mixture.shares])
    names = [one_line(share.category, WIDEST_NAME) for share in mixture.shares]
    head = max(map(cell_len, names)) + 2
    cells = [_numbers(share, mixture, width) for share in mixture.shares]
    parts = [_contributions(share, mixture) for share in mixture.shares]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    tail = max(sum(widths) + 2 * len(widths), *(len(part) + 2 for part in parts))
    plot = max(width - head - tail, LEAST_PLOT)
    lines: list[list[StyledText]] = [[(" " * head + share_axis(plot, scale), AXIS_STYLE)]]
    for share, name, row, part in zip(mixture.shares, names, cells, parts, strict=True):
        style = styles.get(share.category, "")
        numbers = [
            ("  " + cell.rjust(size), "bold" if i == 0 else AXIS_STYLE)
            for i, (cell, size) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(
            [(name.ljust(head), f"bold {style}".strip()), *_stack(share, plot, scale, style), *numbers]
        )
        interval = share.interval
        middle = share.least if share.share is not None else (share.least + share.most) / 2
        mark = TOTAL if share.share is not None else UNKNOWN
        lines.append(
            [
                (" " * head, ""),
                *share_bar(interval.low, middle, interval.high, plot, scale, mark=mark),
                ("  " + part, AXIS_STYLE),
            ]
        )
    return lines


def legend(mixture: Mixture) -> str:
    """Name the marks of the corpora, from the left of a bar."""
    marks = ", ".join(f"{_mark(i)} {one_line(part.corpus)}" for i, part in enumerate(mixture.parts))
    unknown = (
        f" · {UNKNOWN} may hold it, no labels" if any(share.share is None for share in mixture.shares) else ""
    )
    return f"from left: {marks} · percent of the mixture{unknown}"


def _stack(share: MixtureShare, width: int, scale: float, style: str) -> list[StyledText]:
    """Draw the segments of one bar; each ends where the sum so far does."""
    runs: list[StyledText] = []
    total, end = 0.0, 0
    for i, value in enumerate(share.contributions):
        total += value or 0.0
        start, end = end, min(round(total / scale * (width - 1)), width)
        cells = TONES[i % len(TONES)] * (end - start)
        if len(cells) >= LEAST_WITH_MARK:
            runs += [(cells[0], style), (_mark(i), f"reverse {style}".strip()), (cells[2:], style)]
        else:
            runs.append((cells, style))
    most = min(round(share.most / scale * (width - 1)), width)
    runs.append((UNKNOWN * max(most - end, 0) if share.share is None else "", AXIS_STYLE))
    drawn = sum(len(text) for text, _ in runs)
    return [*runs, (" " * (width - drawn), "")]


def _numbers(share: MixtureShare, mixture: Mixture, width: int) -> Sequence[str]:
    budget = mixture.mix.budget
    percent = (share_words(share), range_words(share.interval.low, share.interval.high))
    if budget is None:
        return percent
    amounts = (amount_cell(share, budget), amount_range(share, budget))
    return (*amounts, percent[0]) if width >= WITH_SHARES else amounts


def _contributions(share: MixtureShare, mixture: Mixture) -> str:
    """Format what each corpus contributes: "● 709 M  ■ 340 M", in percent of the mixture without a budget."""
    budget = mixture.mix.budget

    def words(value: float | None) -> str:
        if value is None:
            return UNKNOWN
        return f"{100 * value:.1f}" if budget is None else amount_words(value * budget).replace(" ", "")

    return "  ".join(f"{_mark(i)} {words(value)}" for i, value in enumerate(share.contributions))


def _mark(i: int) -> str:
    return MARKS[i % len(MARKS)]
