"""Pages and tables as Markdown in which nothing that came from the web, or from a person, is markup."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpuscope.report.excerpts import Excerpt
from corpuscope.report.page import Bars, Block, Bullets, Heading, Page, Paragraph
from corpuscope.report.tables import Table
from corpuscope.text.terminal_text import one_line, printable


def markdown(table: Table) -> str:
    """The table with its title above, its warnings and caption below."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |"

    text = [" :--- " if i == 0 or table.prose else " ---: " for i in range(len(table.columns))]
    body = [line(table.columns), "|" + "|".join(text) + "|", *(line(row) for row in table.rows)]
    warnings = [part for warning in table.warnings for part in (f"> {one_line(warning)}", "")]
    caption = one_line("; ".join((*table.findings, *table.caption)))
    return "\n".join([f"**{one_line(table.title)}**", "", *body, "", *warnings, caption])


_MARKUP = re.compile(r"([\\`*_\[\]<>&~$!|])")

_FENCES = re.compile(r"`{3,}")


def page_markdown(page: Page) -> str:
    """The page, ending in a line end. Pictures are left out: their numbers are in the tables."""
    parts = [f"# {plain(page.title)}", *(_RENDERERS[type(block)](block) for block in page.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    """Text in one line, none of it markup."""
    return _MARKUP.sub(r"\\\1", one_line(text))


def fenced(text: str) -> str:
    """Text line by line as it is, behind a fence that it cannot close."""
    drawn = printable(text)
    fence = "`" * max([3, *(len(run) + 1 for run in _FENCES.findall(drawn))])
    return f"{fence}text\n{drawn}\n{fence}"


def _table(table: Table) -> str:
    def cells(row: tuple[str, ...]) -> tuple[str, ...]:
        # the table itself takes care of the strokes between cells
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
    """Where a document is, what was said about it, and its beginning behind a fence."""
    said = [f"**{plain(excerpt.corpus)}**, {plain(excerpt.address)}"]
    said += [plain(excerpt.url)] if excerpt.url else []
    said += [f"Category: {plain(excerpt.category)}"] if excerpt.category else []
    said += [f"Note by {plain(who)}: {plain(note)}" for who, note in excerpt.notes]
    rest = f"\n\n{excerpt.left_out:,} more characters" if excerpt.left_out else ""
    return "  \n".join(said) + "\n\n" + fenced(excerpt.text) + rest


_RENDERERS: dict[type[Block], Callable[..., str]] = {
    Heading: lambda block: f"## {plain(block.text)}",
    Paragraph: lambda block: plain(block.text),
    Bullets: lambda block: "\n".join(f"- {plain(item)}" for item in block.items),
    Table: _table,
    Bars: lambda _: "",
    Excerpt: excerpt_markdown,
}
