"""Charts of pages: a grid of rows in HTML, each with its interval as SVG, so that text keeps its size on a phone."""

from __future__ import annotations

from html import escape

from corpuscope.report.page import ChartRow, DifferenceFigure, Mark, ShareFigure, StackFigure, StackRow
from corpuscope.report.scales import share_ticks
from corpuscope.text.terminal_text import one_line

HEIGHT, MIDDLE, CAP = 18, 9, 3
"""Height of a row, its middle, and half the height of the end of an interval, in pixels."""
SHAPES = (
    "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0-4.5 0Z",
    "M-4-4H4V4H-4Z",
    "M0-5L5 4H-5Z",
    "M0 5L5-4H-5Z",
    "M0-5L5 0L0 5L-5 0Z",
)
"""Marks of the corpora in their order: circle, square, triangles, diamond; around the origin, in pixels."""
TONES = (1.0, 0.72, 0.48, 0.3)
"""Opacity of the segments of a stacked bar, in the order of the corpora."""
WITH_MARK = 0.035
"""Fraction of the width from which a segment holds the mark of its corpus."""

STYLE = """\
.chart { display: grid; column-gap: .6rem; font-size: .875rem; line-height: 18px; margin-top: .75rem; }
.chart > * { white-space: nowrap; }
.shares { grid-template-columns: max-content max-content minmax(6rem, 1fr) max-content max-content; }
.differences { grid-template-columns: max-content minmax(6rem, 1fr) 3.2em; row-gap: 4px; }
.stacks { grid-template-columns: max-content minmax(6rem, 1fr) max-content max-content; }
.stacks .legend { grid-column: 1 / -1; white-space: normal; padding-bottom: .4rem; color: var(--quiet); }
.stacks .legend span { margin-right: 1.2em; }
.chart .legend path, .chart .inside path { fill: var(--ground); stroke: var(--words); stroke-width: 1; }
.chart rect { fill: var(--colour); }
.chart rect.unknown { fill: none; stroke: var(--quiet); stroke-dasharray: 3 3; }
.stacks .whole line { stroke: var(--words); }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); gap: 1.5rem; }
.panels h3 { font-size: .9rem; margin: .75rem 0 0; }
.chart .name, .chart .mark { color: var(--colour); }
.chart .name { font-weight: 600; }
.chart .value { text-align: right; font-weight: 600; font-variant-numeric: tabular-nums; }
.differences .value { color: var(--colour); }
.chart .range, .chart .head { color: var(--quiet); font-variant-numeric: tabular-nums; }
.chart .range, .chart .head.end { text-align: right; }
.chart .gap { grid-column: 1 / -1; height: .6rem; }
.chart .plot { align-self: stretch; border-right: 1px solid var(--rule); border-left: 1px solid var(--quiet);
  background: repeating-linear-gradient(to right, var(--rule) 0 1px, transparent 1px calc(100% / var(--parts))); }
.differences .plot { border-left-color: var(--rule);
  background: linear-gradient(var(--quiet), var(--quiet)) 50% / 1px 100% no-repeat; }
.chart svg { display: block; width: 100%; height: 18px; overflow: visible; }
.chart svg.key { display: inline-block; width: 12px; height: 12px; vertical-align: -1px; margin-right: .4em; }
.chart text { fill: var(--quiet); font-size: 12px; }
.chart line { stroke: var(--colour); stroke-width: 2; }
.chart path { fill: var(--colour); stroke: var(--colour); stroke-width: 1.5; }
.chart .hollow { fill: var(--ground); }
.dot { display: inline-block; width: .6em; height: .6em; border-radius: 50%; background: var(--colour);
  margin-right: .5em; print-color-adjust: exact; }
.open { --colour: var(--quiet); }
.chart .open.value { font-weight: 400; }
@media (max-width: 36rem) {
  .stacks { grid-template-columns: minmax(6rem, 1fr) max-content; }
  .stacks .name { grid-column: 1 / -1; padding-top: .5rem; }
  .stacks .name:empty, .stacks .range, .stacks .head.end, .stacks .gap { display: none; }
  .shares { grid-template-columns: max-content minmax(6rem, 1fr) max-content; }
  .shares .name { grid-column: 1 / -1; padding-top: .5rem; }
  .shares .name:empty, .shares .range, .shares .head.end, .shares .gap { display: none; }
}
"""
"""Style of the charts. Colours of categories are the classes `k0`, `k1` and so on."""


def colour_rules(colours: tuple[tuple[str, str], ...]) -> str:
    """Return the CSS rules for the colours of categories, on light and on dark backgrounds."""
    light, dark = (
        " ".join(f".k{i} {{ --colour: {pair[mode]}; }}" for i, pair in enumerate(colours)) for mode in (0, 1)
    )
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{ {dark} }}\n" if colours else ""


def share_chart(chart: ShareFigure) -> str:
    """Draw the shares: categories as groups of rows, a row per corpus."""
    ticks = share_ticks(chart.scale)
    parts = len(ticks) - 1
    axis = "".join(_tick(at / chart.scale, f"{100 * at:.0f}") for at in ticks)
    headings = '<span class="head end">%</span><span class="head end">interval</span>'
    cells = [f'<span class="name"></span><span></span><svg>{axis}</svg>{headings}']
    for row in chart.rows:
        for i, (corpus, mark) in enumerate(zip(chart.corpora, row.marks, strict=True)):
            name = "" if i else _text(row.category)
            shape = _shape(i, hollow=not mark.established)
            key = f'<svg class="key mark k{row.colour}" viewBox="-6 -6 12 12">{shape}</svg>'
            cells.append(
                f'<span class="name k{row.colour}">{name}</span><span>{key}{_text(corpus)}</span>'
                f'<span class="plot k{row.colour}">{_interval(mark, 0, chart.scale, i)}</span>'
                f'<span class="value">{_text(mark.estimate)}</span><span class="range">{_text(mark.interval)}</span>'
            )
        cells.append('<span class="gap"></span>')
    words = "; ".join(
        f"{row.category}: {', '.join(map(_words, chart.corpora, row.marks))}" for row in chart.rows
    )
    grid = f'<div class="chart shares" style="--parts: {parts}">{"".join(cells)}</div>'
    return _figure(chart.title, chart.caption, words, grid)


def difference_chart(chart: DifferenceFigure) -> str:
    """Draw the differences: a panel per pair, a row per category."""
    panels = []
    for i, pair in enumerate(chart.pairs):
        points = f"{100 * chart.scale:.0f}"
        axis = _tick(0, f"−{points}") + _tick(0.5, "0") + _tick(1, f"+{points}")
        rows = "".join(_difference_row(row, row.marks[i], chart.scale) for row in chart.rows)
        panels.append(
            f'<div><h3>{_text(pair)}</h3><div class="chart differences"><span></span><svg>{axis}</svg><span></span>'
            f"{rows}</div></div>"
        )
    words = "; ".join(
        f"{pair}: {', '.join(_words(row.category, row.marks[i]) for row in chart.rows)}"
        for i, pair in enumerate(chart.pairs)
    )
    return _figure(chart.title, chart.caption, words, f'<div class="panels">{"".join(panels)}</div>')


def stack_chart(chart: StackFigure) -> str:
    """Draw a mixture: per category a bar of what each corpus contributes, and below it the interval of the whole."""
    axis = "".join(_tick(at / chart.scale, label) for at, label in chart.ticks)
    key = "".join(
        f'<span><svg class="key" viewBox="-6 -6 12 12">{_shape(i, hollow=False)}</svg>{_text(corpus)}</span>'
        for i, corpus in enumerate(chart.corpora)
    )
    cells = [
        f'<span class="legend">from left: {key}</span>',
        f'<span class="name"></span><svg>{axis}</svg><span></span><span class="head end">interval</span>',
    ]
    for row in chart.rows:
        of = f"k{row.colour}"
        cells.append(
            f'<span class="name {of}">{_text(row.category)}</span>'
            f'<span class="plot {of}">{_stack(row, chart.scale)}</span>'
            f'<span class="value">{_text(row.mark.estimate)}</span>'
            f'<span class="range">{_text(row.mark.interval)}</span>'
            f'<span class="name"></span><span class="plot whole">{_whole(row.mark, chart.scale)}</span>'
            '<span></span><span class="range"></span><span class="gap"></span>'
        )
    words = "; ".join(_words(row.category, row.mark) for row in chart.rows)
    parts = len(chart.ticks) - 1
    grid = f'<div class="chart stacks" style="--parts: {parts}">{"".join(cells)}</div>'
    return _figure(chart.title, chart.caption, words, grid)


def _stack(row: StackRow, scale: float) -> str:
    """Draw the segments of a bar, with the mark of the corpus in those that are wide enough."""
    shapes, end = [], 0.0
    for i, part in enumerate(row.parts):
        start, end = end, end + (part or 0.0)
        opacity = TONES[i % len(TONES)]
        shapes.append(_rectangle(start / scale, end / scale, f'fill-opacity="{opacity}"'))
        if (end - start) / scale >= WITH_MARK:
            middle = f"{100 * (start + end) / 2 / scale:.2f}%"
            shapes.append(
                f'<svg class="inside" x="{middle}" y="{MIDDLE}" overflow="visible">{_shape(i, hollow=False)}</svg>'
            )
    if row.most > end:
        shapes.append(_rectangle(end / scale, row.most / scale, 'class="unknown"'))
    return f"<svg>{''.join(shapes)}</svg>"


def _rectangle(start: float, end: float, attributes: str) -> str:
    end = min(end, 1.0)
    width = max(end - start, 0.0)
    return (
        f'<rect x="{100 * start:.2f}%" y="2" width="{100 * width:.2f}%" height="{HEIGHT - 4}" {attributes}/>'
    )


def _whole(mark: Mark, scale: float) -> str:
    """Draw the interval of a whole bar, with an upright line at the share."""
    low, value, high = (f"{100 * min(at / scale, 1.0):.2f}%" for at in (mark.low, mark.value, mark.high))
    upright = f'<line x1="{value}" x2="{value}" y1="1" y2="{HEIGHT - 1}"/>' if mark.established else ""
    return f'<svg><line x1="{low}" x2="{high}" y1="{MIDDLE}" y2="{MIDDLE}"/>{upright}</svg>'


def _difference_row(row: ChartRow, mark: Mark, scale: float) -> str:
    of = f"k{row.colour}" if mark.established else "open"
    return (
        f'<span class="name k{row.colour}">{_text(row.category)}</span>'
        f'<span class="plot {of}">{_interval(mark, -scale, scale, 0)}</span>'
        f'<span class="value {of}">{_text(mark.estimate)}</span>'
    )


def _interval(mark: Mark, start: float, end: float, shape: int) -> str:
    """Draw an interval with its ends and its mark; positions are percentages of the width."""

    def x(value: float) -> str:
        return f"{100 * min(max((value - start) / (end - start), 0), 1):.2f}%"

    low, high = x(mark.low), x(mark.high)
    top, bottom = MIDDLE - CAP, MIDDLE + CAP
    return (
        f'<svg><line x1="{low}" x2="{high}" y1="{MIDDLE}" y2="{MIDDLE}"/>'
        f'<line x1="{low}" x2="{low}" y1="{top}" y2="{bottom}"/>'
        f'<line x1="{high}" x2="{high}" y1="{top}" y2="{bottom}"/>'
        f'<svg x="{x(mark.value)}" y="{MIDDLE}" overflow="visible">'
        f"{_shape(shape, hollow=not mark.established)}</svg></svg>"
    )


def _shape(number: int, *, hollow: bool) -> str:
    style = ' class="hollow"' if hollow else ""
    return f'<path{style} d="{SHAPES[number % len(SHAPES)]}"/>'


def _tick(at: float, label: str) -> str:
    return f'<text x="{100 * at:.2f}%" y="13" text-anchor="middle">{label}</text>'


def _words(name: str, mark: Mark) -> str:
    doubt = "" if mark.established or not mark.value else " not established"
    return f"{name} {mark.estimate} ({mark.interval}){doubt}"


def _figure(title: str, caption: str, words: str, content: str) -> str:
    return (
        f"<h2>{_text(title)}</h2><figure><figcaption>{_text(caption)}</figcaption>"
        f'<div role="img" aria-label="{_text(f"{title}: {words}")}">{content}</div></figure>'
    )


def _text(words: str) -> str:
    return escape(one_line(words))
