"""Pages as self-contained HTML files in which every text is escaped."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from corpuscope.report.excerpts import Excerpt
from corpuscope.report.page import Bars, Block, Bullets, Heading, Page, Paragraph
from corpuscope.report.tables import Table
from corpuscope.text.terminal_text import one_line, printable


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode as #rrggbb, with a contrast of at least 7 to 1 for texts and 3 to 1 for charts.

    The names of the fields are those of the CSS variables.
    """

    ground: str
    """Background of the page."""
    words: str
    """Text."""
    quiet: str
    """Captions and addresses."""
    warning: str
    """Warnings."""
    link: str
    """Links."""
    interval: str
    """Bars of intervals."""
    estimate: str
    """Marks of estimates."""
    rule: str
    """Lines between rows, which are decoration."""


LIGHT = Palette("#ffffff", "#1b1b1f", "#4a4d55", "#7a3100", "#003f8c", "#6a8fc0", "#0b2a55", "#d6d8de")

DARK = Palette("#16181d", "#ececf0", "#b9bcc6", "#ffb68a", "#9cc4ff", "#5580b8", "#f4f7ff", "#3a3d46")


def _variables(palette: Palette) -> str:
    return " ".join(f"--{name}: {getattr(palette, name)};" for name in Palette.__slots__)


STYLE = (
    f":root {{ {_variables(LIGHT)} }}\n"
    f"@media (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}\n"
    """\
body { margin: 0; background: var(--ground); color: var(--words); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.8rem; line-height: 1.2; }
h2 { font-size: 1.3rem; margin-top: 2.5rem; border-bottom: 1px solid var(--rule); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin-top: 1rem; font-size: .95rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th[scope=row] { font-weight: 500; }
.numbers td, .numbers th[scope=col]:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
.caption, .address, figcaption { color: var(--quiet); font-size: .875rem; }
.warning { color: var(--warning); font-weight: 600; }
a { color: var(--link); overflow-wrap: anywhere; }
figure { margin: 1.5rem 0 .5rem; }
svg { width: 100%; max-width: 720px; height: auto; }
svg text { fill: var(--words); font-size: 14px; }
.interval { fill: var(--interval); }
.estimate { fill: var(--estimate); }
.zero { stroke: var(--quiet); stroke-width: 1; }
.tick { stroke: var(--rule); stroke-width: 1; }
svg .scale { fill: var(--quiet); font-size: 12px; }
blockquote { margin: 0 0 1.5rem; padding: 0 1rem; border-left: 4px solid var(--interval); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; unicode-bidi: plaintext; }
@media print { body { background: none; } .wide { overflow: visible; } }
"""
)
"""Content of the style element."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content security policy: only the page's own style sheet. It stops scripts should escaping ever fail."""

_WIDTH, _ROW, _NAMES, _MARGIN = 720, 26, 190, 10
"""Width of a chart, height of a row, width of the names and right margin, in units of the SVG's view box."""

_NAME_CELLS = 22
"""Cells after which a name is cut."""

_SCALE = 22
"""Height of the scale below the bars, in units of the SVG's view box."""

_TICKS = 8
"""Largest number of tick marks on a scale."""


def page_html(page: Page) -> str:
    """Render a page as a complete HTML document."""
    title = text(page.title)
    body = "\n".join(_RENDERERS[type(block)](block) for block in page.blocks)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def text(words: str) -> str:
    """Put a text in one line with visible control characters and escaped markup."""
    return escape(one_line(words))


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{text(column)}</th>' for column in table.columns)
    rows = "\n".join(
        f'<tr><th scope="row">{text(row[0])}</th>{"".join(f"<td>{text(cell)}</td>" for cell in row[1:])}</tr>'
        for row in table.rows
    )
    below = [f'<p class="warning">{text(warning)}</p>' for warning in table.warnings]
    below += [f"<p>{text('; '.join(table.findings))}</p>"] if table.findings else []
    below += [f'<p class="caption">{text("; ".join(table.caption))}</p>'] if table.caption else []
    kind = "prose" if table.prose else "numbers"
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{text(table.title)}">'
        f'<table class="{kind}"><caption>{text(table.title)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>\n" + "\n".join(below)
    )


def _bars(chart: Bars) -> str:
    """Draw a bar chart as SVG with a label in words; its numbers are also in a table."""
    words = f"{chart.title}: {'; '.join(bar.words for bar in chart.bars)}"
    height = _ROW * len(chart.bars)

    def x(value: float) -> float:
        fraction = (value - chart.low) / (chart.high - chart.low)
        return _NAMES + fraction * (_WIDTH - _NAMES - _MARGIN)

    sign = "+" if chart.low < 0 else ""
    scale = [
        f'<line class="{"zero" if tick == 0 else "tick"}" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="0" '
        f'y2="{height}"/><text class="scale" x="{x(tick):.1f}" y="{height + _SCALE - 6}" text-anchor="middle">'
        f"{round(100 * tick):{sign * (tick != 0)}d}</text>"
        for tick in ticks(chart.low, chart.high)
    ]
    rows = []
    for i, bar in enumerate(chart.bars):
        middle = _ROW * i + _ROW / 2
        thickness = 12 if bar.established else 3
        rows.append(
            f'<text x="{_NAMES - 12}" y="{middle + 5:g}" text-anchor="end">'
            f"{escape(one_line(bar.name, _NAME_CELLS))}</text>"
            f'<rect class="interval" x="{x(bar.low):.1f}" y="{middle - thickness / 2:g}" '
            f'width="{max(x(bar.high) - x(bar.low), 1):.1f}" height="{thickness}" rx="1.5"/>'
            f'<rect class="estimate" x="{x(bar.value) - 1.5:.1f}" y="{middle - 9:g}" width="3" height="18"/>'
        )
    return (
        f'<figure><svg role="img" aria-label="{text(words)}" viewBox="0 0 {_WIDTH} {height + _SCALE}">'
        f"{''.join(scale)}{''.join(rows)}</svg><figcaption>{text(chart.title)}</figcaption></figure>"
    )


def ticks(low: float, high: float) -> list[float]:
    """Return the tick marks of a scale of fractions: 0 and every multiple of 1, 2, 5, 10 ... points."""
    steps = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    step = next(step for step in steps if (high - low) / step <= _TICKS)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [step * number for number in range(first, last + 1)]


def _excerpt(excerpt: Excerpt) -> str:
    lines = [f"<strong>{text(excerpt.corpus)}</strong>, {text(excerpt.address)}"]
    lines += [_link(excerpt.url)] if excerpt.url else []
    lines += [f"Category: {text(excerpt.category)}"] if excerpt.category else []
    lines += [f"Note by {text(annotator)}: {text(note)}" for annotator, note in excerpt.notes]
    rest = f'<p class="caption">{excerpt.left_out:,} more characters</p>' if excerpt.left_out else ""
    return (
        f'<article><p class="address">{"<br>".join(lines)}</p>'
        f"<blockquote><pre>{escape(printable(excerpt.text))}</pre>{rest}</blockquote></article>"
    )


def _link(url: str) -> str:
    """Link an http or https URL; return any other one as plain text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return text(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or one_line(url) != url:
        return text(url)
    return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{text(url)}</a>'


_RENDERERS: dict[type[Block], Callable[..., str]] = {
    Heading: lambda block: f"<h2>{text(block.text)}</h2>",
    Paragraph: lambda block: f"<p>{text(block.text)}</p>",
    Bullets: lambda block: f"<ul>{''.join(f'<li>{text(item)}</li>' for item in block.items)}</ul>",
    Table: _table,
    Bars: _bars,
    Excerpt: _excerpt,
}
