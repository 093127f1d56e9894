"""The output forms of results: text for a terminal, Markdown, CSV, JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from corpuscope.report.tables import Table


class Result(Protocol):
    """A result that every form can show."""

    def tables(self, width: int | None = None) -> Sequence[Table]:
        """Return its tables; `width` is that of a line in cells, None for no limit."""
        ...

    def csv_rows(self) -> Iterable[Sequence[object]]:
        """Yield the rows of its CSV, headings first."""
        ...

    def as_json(self) -> object:
        """Return its numbers, unrounded, as a value for JSON."""
        ...


class Line(NamedTuple):
    """A line of output."""

    text: str
    """The text, drawn where it reaches a terminal."""
    style: str = ""
    """Its style on a terminal, as rich names it."""
    wraps: bool = False
    """Whether it is wrapped between words where the terminal is narrower."""


def table_text(table: Table, width: int) -> Iterator[Line]:
    """Lay out title, rows, findings, warnings and caption; columns that do not fit into `width` follow below."""
    from corpuscope.report.text_layout import caption_line, findings_line, table_lines
    from corpuscope.text.terminal_text import one_line

    if table.title:
        yield Line(one_line(table.title), "bold", wraps=True)
    for heading, *rows in table_lines(table, width):
        yield Line(heading, "dim")
        yield from map(Line, rows)
    if table.findings:
        yield Line(findings_line(table), wraps=True)
    for warning in table.warnings:
        yield Line(f"! {one_line(warning)}", "yellow", wraps=True)
    if table.caption:
        yield Line(caption_line(table), "dim", wraps=True)
    yield Line("")


def _text(result: Result, width: int) -> Iterator[Line]:
    for table in result.tables(width):
        yield from table_text(table, width)


def _markdown(result: Result, _width: int) -> Iterator[Line]:
    from corpuscope.report.markdown import markdown

    for i, table in enumerate(result.tables()):
        yield Line("\n" * (i > 0) + markdown(table))


def _csv(result: Result, _width: int) -> Iterator[Line]:
    import io

    from corpuscope.text.safe_csv import CsvWriter

    content = io.StringIO(newline="")
    CsvWriter(content).rows(result.csv_rows())
    yield Line(content.getvalue().removesuffix("\n"))


def _json(result: Result, _width: int) -> Iterator[Line]:
    from corpuscope.text.safe_json import json_text

    yield Line(json_text(result.as_json(), indent=2).decode())


FORMS: Mapping[str, Callable[[Result, int], Iterator[Line]]] = {
    "table": _text,
    "markdown": _markdown,
    "csv": _csv,
    "json": _json,
}
"""What --format can be: name -> a function that renders a result for lines of so many cells."""
