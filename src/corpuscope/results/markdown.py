"""A table in Markdown, for a pipe, a page or a dataset card."""

from collections.abc import Sequence

from corpuscope.results.tables import Table
from corpuscope.text.terminal_text import one_line


def markdown(table: Table) -> str:
    """The table with its title above, its warnings and caption below."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |"

    text = [" :--- " if i == 0 or table.prose else " ---: " for i in range(len(table.columns))]
    body = [line(table.columns), "|" + "|".join(text) + "|", *(line(row) for row in table.rows)]
    warnings = [part for warning in table.warnings for part in (f"> {one_line(warning)}", "")]
    caption = one_line("; ".join((*table.findings, *table.caption)))
    return "\n".join([f"**{one_line(table.title)}**", "", *body, "", *warnings, caption])
