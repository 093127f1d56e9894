"""Pages as self-contained HTML files in which every text is escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest
from urllib.parse import urlsplit

from corpuscope.report.excerpts import LOST, Excerpt
from corpuscope.report.html_charts import STYLE as CHART_STYLE
from corpuscope.report.html_charts import colour_rules, difference_chart, share_chart, stack_chart
from corpuscope.report.page import (
    Block,
    Bullets,
    Care,
    DifferenceFigure,
    Heading,
    Page,
    Paragraph,
    Sentence,
    ShareFigure,
    StackFigure,
)
from corpuscope.report.sentences import Phrase
from corpuscope.report.tables import Table
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line, printable


@dataclass(frozen=True, slots=True)
class PageColours:
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
    tint: str
    """Background of what to read with care."""
    edge: str
    """Edge of what to read with care, and of quotes."""
    rule: str
    """Lines between rows, which are decoration."""


LIGHT = PageColours("#ffffff", "#1b1b1f", "#4a4d55", "#7a3100", "#003f8c", "#fbf1e0", "#7a4600", "#d6d8de")

DARK = PageColours("#121212", "#e4e4e8", "#b0b3bc", "#ffb68a", "#9cc4ff", "#2a1c12", "#ffb454", "#33363d")


def _variables(palette: PageColours) -> str:
    return " ".join(f"--{name}: {getattr(palette, name)};" for name in PageColours.__slots__)


STYLE = (
    f":root {{ {_variables(LIGHT)} }}\n"
    f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}\n"
    """\
body { margin: 0; background: var(--ground); color: var(--words); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem; }
.above { color: var(--quiet); font-size: .875rem; margin: 0 0 .25rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .25rem; }
p { margin: .35rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin-top: 1rem; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th[scope=row] { font-weight: 500; }
.numbers th[scope=row]:has(.dot) { white-space: nowrap; }
.numbers td, .numbers th[scope=col]:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
th[scope=colgroup] { text-align: center; border-bottom: 0; padding-bottom: 0; }
.caption, .address, figcaption { color: var(--quiet); font-size: .875rem; }
.warning { color: var(--warning); font-weight: 600; }
.care { background: var(--tint); border-left: 3px solid var(--edge); padding: .75rem 1rem; margin: 2rem 0; }
a { color: var(--link); overflow-wrap: anywhere; }
figure { margin: 0 0 .5rem; }
blockquote { margin: 0 0 1.5rem; padding: 0 1rem; border-left: 4px solid var(--edge); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; unicode-bidi: plaintext; }
@media (max-width: 36rem) { main { padding: 1rem; } h1 { font-size: 1.5rem; } }
@page { margin: 16mm; }
@media print {
  :root { color-scheme: light; }
  body { background: none; print-color-adjust: exact; font-size: 10pt; }
  main { max-width: none; padding: 0; }
  h1, h2, h3, caption, .above, .address { break-after: avoid; }
  h2 { margin-top: 1.5rem; }
  table, .caption, .address, figcaption { font-size: 8.5pt; }
  th, td { padding-right: .6rem; }
  .wide { overflow: visible; }
  figure, .numbers, tr { break-inside: avoid; }
  p { orphans: 3; widows: 3; }
}
""" + CHART_STYLE
)
"""Content of the style element."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content security policy: only the page's own style sheet. It stops scripts should escaping ever fail."""


def page_html(page: Page) -> str:
    """Render a page as a complete HTML document."""
    title = text(page.title)
    above = f'<p class="above">{text(page.above)}</p>\n' if page.above else ""
    body = "\n".join(_RENDERERS[type(block)](block) for block in page.blocks)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}{colour_rules(page.colours)}</style>\n</head>\n"
        f"<body>\n<main>\n{above}<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def text(words: str) -> str:
    """Put a text in one line with visible control characters and escaped markup."""
    return escape(one_line(words))


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{text(column)}</th>' for column in table.columns)
    if table.groups:
        size = (len(table.columns) - 1) // len(table.groups)
        groups = "".join(f'<th scope="colgroup" colspan="{size}">{text(name)}</th>' for name in table.groups)
        head = f"<td></td>{groups}</tr><tr>{head}"
    # the rows of a table with groups are the categories in scheme order, and then their sum
    dots = [f'<span class="dot k{i}"></span>' for i in range(len(table.rows) - 1)] if table.groups else []
    rows = "\n".join(
        f'<tr><th scope="row">{dot}{text(row[0])}</th>{"".join(f"<td>{text(cell)}</td>" for cell in row[1:])}</tr>'
        for row, dot in zip_longest(table.rows, dots, fillvalue="")
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


def _sentence(phrases: Sequence[Phrase]) -> str:
    """Render a sentence with the names of corpora in bold."""
    return "".join(
        f"<strong>{text(phrase.text)}</strong>" if phrase.role == "corpus" else text(phrase.text)
        for phrase in phrases
    )


def _care(care: Care) -> str:
    first, *others = (_sentence(phrases) for phrases in care.sentences)
    paragraphs = [
        f"<p><strong>Read with care.</strong> {first}</p>",
        *(f"<p>{words}</p>" for words in others),
    ]
    return f'<div class="care">{"".join(paragraphs)}</div>'


def _excerpt(excerpt: Excerpt) -> str:
    lines = [f"<strong>{text(excerpt.corpus)}</strong>, {text(excerpt.address)}"]
    lines += [_link(excerpt.url)] if excerpt.url else []
    lines += [f"Category: {text(excerpt.category)}"] if excerpt.category else []
    lines += [f"Note by {text(annotator)}: {text(note)}" for annotator, note in excerpt.notes]
    address = f'<article><p class="address">{"<br>".join(lines)}</p>'
    if excerpt.text is None:
        return f'{address}<p class="caption">{LOST}</p></article>'
    rest = (
        f'<p class="caption">{quantity(excerpt.left_out, "more character")}</p>' if excerpt.left_out else ""
    )
    return f"{address}<blockquote><pre>{escape(printable(excerpt.text))}</pre>{rest}</blockquote></article>"


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
    Sentence: lambda block: f"<p>{_sentence(block.phrases)}</p>",
    Care: _care,
    ShareFigure: share_chart,
    DifferenceFigure: difference_chart,
    StackFigure: stack_chart,
    Excerpt: _excerpt,
}
