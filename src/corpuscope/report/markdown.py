"""Pages and tables as Markdown in which no text from the web or from a person is markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpuscope.report.excerpts import LOST, Excerpt
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


def markdown(table: Table) -> str:
    """Render a table with its title above and its warnings and caption below.

    Only the strokes between cells are escaped: markup in the cells stays markup.
    """

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |"

    alignment = [" :--- " if text else " ---: " for text in table.is_text]
    body = [line(table.columns), "|" + "|".join(alignment) + "|", *(line(row) for row in table.rows)]
    warnings = [part for warning in table.warnings for part in (f"> {one_line(warning)}", "")]
    caption = one_line("; ".join((*table.findings, *table.caption)))
    return "\n".join([f"**{one_line(table.title)}**", "", *body, "", *warnings, caption])


_MARKUP = re.compile(r"([\\`*_\[\]<>&~$!|])")

_FENCES = re.compile(r"`{3,}")


def page_markdown(page: Page) -> str:
    """Render a page as Markdown. Charts are left out, since their numbers are in the tables."""
    parts = [
        f"# {plain(page.title)}",
        plain(page.above),
        *(_RENDERERS[type(block)](block) for block in page.blocks),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    """Put a text in one line and escape its markup."""
    return _MARKUP.sub(r"\\\1", one_line(text))


def fenced(text: str) -> str:
    """Put a text of several lines in a code block with a fence that it cannot close."""
    content = printable(text)
    fence = "`" * max([3, *(len(run) + 1 for run in _FENCES.findall(content))])
    return f"{fence}text\n{content}\n{fence}"


def _sentence(phrases: Sequence[Phrase]) -> str:
    """Render a sentence with the names of corpora in bold."""
    return "".join(
        f"**{plain(phrase.text)}**" if phrase.role == "corpus" else plain(phrase.text) for phrase in phrases
    )


def _table(table: Table) -> str:
    table = table.flat

    def cells(row: tuple[str, ...]) -> tuple[str, ...]:
        # `markdown` escapes the strokes between cells
        return tuple(plain(cell).replace("\\|", "|") for cell in row)

    return markdown(
        replace(
            table,
            title=plain(table.title),
            columns=cells(table.columns),
            rows=tuple(map(cells, table.rows)),
            caption=tuple(map(plain, table.caption)),
            findings=tuple(map(plain, table.findings)),
            warnings=tuple(map(plain, table.warnings)),
        )
    )


def excerpt_markdown(excerpt: Excerpt) -> str:
    """Render an excerpt: corpus, address, category and notes, then the text in a code block."""
    lines = [f"**{plain(excerpt.corpus)}**, {plain(excerpt.address)}"]
    # a line of its own would be a heading or a list where a url begins like one
    lines += [f"URL: {plain(excerpt.url)}"] if excerpt.url else []
    lines += [f"Category: {plain(excerpt.category)}"] if excerpt.category else []
    lines += [f"Note by {plain(annotator)}: {plain(note)}" for annotator, note in excerpt.notes]
    rest = f"\n\n{quantity(excerpt.left_out, 'more character')}" if excerpt.left_out else ""
    quote = LOST if excerpt.text is None else fenced(excerpt.text)
    return "  \n".join(lines) + "\n\n" + quote + rest


_RENDERERS: dict[type[Block], Callable[..., str]] = {
    Heading: lambda block: f"## {plain(block.text)}",
    Paragraph: lambda block: plain(block.text),
    Bullets: lambda block: "\n".join(f"- {plain(item)}" for item in block.items),
    Table: _table,
    Sentence: lambda block: _sentence(block.phrases),
    Care: lambda block: "\n".join(
        ("## Read with care\n", *(f"- {_sentence(phrases)}" for phrases in block.sentences))
    ),
    ShareFigure: lambda _: "",
    DifferenceFigure: lambda _: "",
    StackFigure: lambda _: "",
    Excerpt: excerpt_markdown,
}
