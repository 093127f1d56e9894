"""The page of a mixture: a sentence, the weights, and below them the chart, a comparison or the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from corpuscope.analysis.mixture_plans import MixtureComparison
from corpuscope.analysis.mixtures import Mixture, MixturePart
from corpuscope.domain.mix import TypedWeight
from corpuscope.report.mixture_words import (
    amount_words,
    epochs_words,
    mixture_caption,
    mixture_headline,
    size_words,
)
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import AXIS_STYLE
from corpuscope.tui.charts.differences import ESTABLISHED, NOT_ESTABLISHED
from corpuscope.tui.charts.frames import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    Line,
    flowed,
    framed,
    line_width,
    page_top,
    styled,
)
from corpuscope.tui.charts.mixture import MixtureChart, Tones, mark, segment
from corpuscope.tui.charts.mixture_differences import mix_name, mixture_difference_lines
from corpuscope.tui.charts.shares import WIDEST_NAME, name_cells, padded

ROOMY = 28
"""Height of the page from which weights stand in a frame, and blank rows around the sentence."""
WITH_EPOCHS = 90
"""Width in cells from which epochs are given beside the weights."""


@dataclass(frozen=True, slots=True)
class MixtureView:
    """What the page shows."""

    mixture: Mixture
    """The mixture."""
    chosen: int = 0
    """Index of the corpus whose weight moves."""
    typed: TypedWeight | None = None
    """What is typed as its weight; None while nothing is."""
    next_labels: Mapping[str, int] | None = None
    """How many of the next labels belong to each corpus; None where that is not shown."""
    narrowed: str = ""
    """Category whose interval these narrow; "" for all of them."""
    command: str = ""
    """Command that labels them; "" where there is none, because the mix is not kept as it is."""
    against: MixtureComparison | None = None
    """The comparison with the mix that was there before; None where that is not shown."""
    method: bool = False
    """Whether the method takes the place of the chart."""
    method_key: str = "m"
    """Key that shows the method, with every warning."""


@dataclass(frozen=True, slots=True)
class MixturePage:
    """The lines of the page."""

    fixed: Sequence[Line]
    """Lines that stay while the others scroll."""
    lines: Sequence[Line]
    """The other lines; all of them fit where the height is enough."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Styles of categories and segments."""

    styles: Mapping[str, str]
    """Style of each category."""
    tones: Tones = field(default_factory=dict)
    """Styles of the segments of each category; empty where shades stand in."""
    greys: Sequence[str] = ()
    """Styles of the bars of the weights; empty where shades stand in."""


def mixture_page(view: MixtureView, palette: Palette, width: int, height: int) -> MixturePage:
    """Lay out the page in `width` cells and `height` rows; a chart that does not fit scrolls below its axis."""
    roomy = height >= ROOMY
    weights = weight_lines(view, palette.greys, width - FRAME_WIDTH if roomy else width)
    weights = framed(weights, "weights", "", width) if roomy else weights
    needed = len(weights) + 2 * len(view.mixture.shares) + 1 + FRAME_HEIGHT
    fixed = [*_head(view, palette, width, height - needed, roomy=roomy), *weights]
    room = height - len(fixed)
    if view.method:
        return MixturePage(
            fixed, framed(method_lines(view.mixture, width - FRAME_WIDTH), "method", "", width, room)
        )
    if view.against is not None:
        rows = mixture_difference_lines(view.against, palette.styles, width - FRAME_WIDTH)
        second, first = (
            mix_name(view.against.second, "this mix"),
            mix_name(view.against.first, "the mix before"),
        )
        title = f"{second} minus {first}, points"
        return MixturePage(fixed, framed(rows, title, f"{ESTABLISHED}   {NOT_ESTABLISHED}", width, room))
    chart = MixtureChart(view.mixture, palette.styles, palette.tones, width - FRAME_WIDTH)
    spare = room - chart.row_count - 1 - FRAME_HEIGHT
    if spare >= 0:
        gap = spare >= chart.row_count // 2 - 1
        rows = [chart.axis, *chart.rows(gaps=int(gap))]
        return MixturePage(fixed, framed(rows, "what is in it", chart.legend, width, room))
    chart = MixtureChart(view.mixture, palette.styles, palette.tones, width)
    return MixturePage([*fixed, chart.axis], [*chart.rows(), *flowed([(chart.legend, AXIS_STYLE)], width)])


def _head(view: MixtureView, palette: Palette, width: int, room: int, *, roomy: bool) -> list[Line]:
    """Return the sentence, with as many categories as a line holds, and the warnings that fit into `room` rows."""
    mixture = view.mixture
    sentence = styled(mixture_headline(mixture), palette.styles)
    for categories in (2, 1):
        if line_width(sentence) > width - roomy:
            sentence = styled(mixture_headline(mixture, categories, short=True), palette.styles)
    return page_top([sentence], mixture.warnings, width, room, roomy=roomy, key=view.method_key).lines


def weight_lines(view: MixtureView, greys: Sequence[str], width: int) -> list[Line]:
    """Draw a line per corpus, the chosen one marked, then the sum and what keys do."""
    mixture = view.mixture
    percents = [100 * part.weight for part in mixture.parts]
    places = 0 if all(abs(value - round(value)) < 1e-9 for value in percents) else 1
    budget = mixture.mix.budget
    amounts = ["" if part.amount is None else amount_words(part.amount) for part in mixture.parts]
    total = "" if budget is None else amount_words(budget)
    amount_width = max(map(len, (*amounts, total)))
    tails = [_tail(view, part) for part in mixture.parts]
    tail_width = max(map(len, tails))
    epochs = [
        f"{epochs_words(part)} epochs" if budget is not None and width >= WITH_EPOCHS else ""
        for part in mixture.parts
    ]
    epochs_width = max(map(len, epochs))
    columns_width = sum(2 + cells for cells in (amount_width, epochs_width) if cells)
    others = 4 + 2 + 5 + 2 + columns_width + 4 + tail_width
    most = name_cells(width - others)
    names = [one_line(part.corpus, most) for part in mixture.parts]
    widest = max(3, *map(cell_len, names))
    room = max(width - widest - others, 0)
    lines: list[Line] = []
    for i, name in enumerate(names):
        chosen = i == view.chosen
        value = f"{percents[i]:.{places}f}"
        if chosen and view.typed is not None:
            value = f"{view.typed.text}▏"
        columns = [amounts[i].rjust(amount_width), epochs[i].rjust(epochs_width)]
        middle = "".join(f"  {column}" for column in columns if column)
        cells = round(mixture.parts[i].weight * room)
        bar = segment(i, cells, "$primary", greys)
        lines.append(
            [
                ("▸ " if chosen else "  ", "bold $text-accent"),
                (f"{mark(i)} {padded(name, widest)}  ", "bold" if chosen else ""),
                (" " * (5 - len(value)), ""),
                (value, "reverse bold" if chosen else "bold"),
                (" %" + middle + "  ", ""),
                *bar,
                (" " * (room - sum(len(text) for text, _ in bar)), ""),
                ("  " + tails[i].rjust(tail_width), AXIS_STYLE),
            ]
        )
    start = f"  {padded('sum', widest + 2)}  {'100':>5} %" + (f"  {total:>{amount_width}}" if total else "")
    start += "   "
    lines.append([(start + _hint(view, width - len(start)), AXIS_STYLE)])
    return lines


def _tail(view: MixtureView, part: MixturePart) -> str:
    """Return the labels of a corpus, with those to give next where they are shown."""
    labels = quantity(part.summary.distribution.n, "label") if part.summary else "no labels"
    if view.next_labels is None:
        return labels
    further = view.next_labels.get(part.corpus, 0)
    return f"{labels} + {further:,}"


def _hint(view: MixtureView, width: int) -> str:
    """Say what keys do to the weights, in as many words as there is room for."""
    if view.typed is not None:
        before = f"{view.typed.old_percent:g}"
        keeps, gives_way = (
            f"enter keeps {view.typed.text or before}",
            "the other weights give way in proportion",
        )
        choices: tuple[str, ...] = (
            f"{keeps} · esc goes back to {before} · {gives_way}",
            f"{keeps} · esc back to {before}",
        )
    elif view.next_labels is not None:
        total = sum(view.next_labels.values())
        name = one_line(view.narrowed, WIDEST_NAME)
        aim = f"the interval of {name}" if name else "every interval"
        choices = (
            *(
                (f"+ the next {total:,} labels: {view.command}",)
                if view.command and not view.narrowed
                else ()
            ),
            f"+ the next {total:,} labels, which narrow {aim} most",
            f"+ the next {total:,}, narrowing {name or 'all'}",
        )
        if not total:
            choices = ("no corpus can get more labels",)
    else:
        choices = (
            "type a number, or ← → and + - · the other weights give way in proportion",
            "type a number, or ← → and + - · the others give way",
            "type a number, or ← → and + -",
            "",
        )
    return next((text for text in choices if cell_len(text) <= width), one_line(choices[-1], max(width, 1)))


def method_lines(mixture: Mixture, width: int) -> list[Line]:
    """Return n, level and method of a mixture, the sizes with their sources, and every warning."""
    lines = [
        line
        for text in (*mixture_caption(mixture), *size_words(mixture))
        for line in flowed([(one_line(text), "")], width)
    ]
    for warning in mixture.warnings:
        lines += flowed([(one_line(f"! {warning}"), "$text-warning")], width)
    return lines
