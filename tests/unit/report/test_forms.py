"""Tests of the output forms of results, which are the same tables for a terminal, Markdown, CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpuscope.report.forms import FORMS, Line, table_text
from corpuscope.report.tables import Table

TABLE = Table(
    "shares",
    ("category", "share"),
    (("News", "25 %"), ("Forum\x1b", "75 %")),
    ("n = 4", "Wilson"),
    ("Forum leads", "News does not"),
    ("Few labels.",),
)


@dataclass(frozen=True)
class Given:
    """A result of these tables, rows and value."""

    made: Sequence[Table] = (TABLE,)

    def tables(self, width: int | None = None) -> Sequence[Table]:
        return self.made if width is None else [replace(table, title=f"{width} cells") for table in self.made]

    def csv_rows(self) -> Sequence[Sequence[object]]:
        return [("category", "share"), ("News", 0.25), ("Forum", None)]

    def as_json(self) -> object:
        return {"shares": [0.25, float("nan")]}


def text_of(form: str, result: Given, width: int = 80) -> str:
    return "\n".join(line.text for line in FORMS[form](result, width))


def test_a_table_on_a_terminal_wraps_all_but_its_rows() -> None:
    assert list(table_text(TABLE, 80)) == [
        Line("shares", "bold", wraps=True),
        Line("category  share", "dim"),
        Line("News       25 %"),
        Line("Forum␛     75 %"),
        Line("Forum leads · News does not", wraps=True),
        Line("! Few labels.", "yellow", wraps=True),
        Line("n = 4 · Wilson", "dim", wraps=True),
        Line(""),
    ]
    assert not Line("").wraps


def test_a_table_without_title_findings_warnings_and_caption_is_its_rows() -> None:
    bare = Table("", TABLE.columns, TABLE.rows, ())
    assert [line.text for line in table_text(bare, 80)] == [
        "category  share",
        "News       25 %",
        "Forum␛     75 %",
        "",
    ]


def test_columns_that_do_not_fit_follow_below_beside_the_first() -> None:
    wide = Table("", ("category", "share", "interval"), (("News", "25 %", "1 to 70 %"),), ())
    assert [line.text for line in table_text(wide, 18)] == [
        "category  share",
        "News       25 %",
        "category   interval",
        "News      1 to 70 %",
        "",
    ]


def test_each_form_shows_every_table_of_a_result() -> None:
    two = Given((TABLE, replace(TABLE, title="more")))
    assert text_of("table", two).count("80 cells") == 2
    assert text_of("markdown", two).count("\n\n**more**\n") == 1
    assert text_of("markdown", two).startswith(
        "**shares**\n\n| category | share |\n| :--- | ---: |\n| News | 25 % |\n"
    )
    assert text_of("markdown", two).endswith("> Few labels.\n\nForum leads; News does not; n = 4; Wilson")
    assert text_of("csv", two) == "category,share\nNews,0.25\nForum,"
    assert json.loads(text_of("json", two)) == {"shares": [0.25, None]}
    assert text_of("json", two).startswith('{\n  "shares": [')
