"""Tests of the layout of tables as lines of text."""

from __future__ import annotations

from rich.cells import cell_len

from corpuscope.report.tables import Table
from corpuscope.report.text_layout import column_widths, row_line, table_lines, table_width

TABLE = Table("t", ("category", "a", "b"), (("新闻", "1.0", "20.0"), ("[x]\x1b[31m", "30.0", "4.0")), ())


def test_text_is_aligned_left_and_numbers_right_in_any_script() -> None:
    (block,) = table_lines(TABLE, 80)
    assert block[0] == "category     a     b"
    assert {cell_len(line) for line in block} == {table_width(TABLE)}
    assert block[1].startswith("新闻 ")


def test_control_characters_become_visible_and_brackets_stay_text() -> None:
    assert row_line(TABLE.rows[1], column_widths(TABLE)).startswith("[x]␛[31m")


def test_columns_that_do_not_fit_follow_below_with_the_first_column_repeated() -> None:
    first, second = table_lines(TABLE, 16)
    assert first[0].split() == ["category", "a"]
    assert second[0].split() == ["category", "b"]


def test_prose_is_aligned_left_in_every_column() -> None:
    table = Table("t", ("format", "why"), (("Legal", "no"), ("FAQ", "maybe")), (), prose=True)
    assert table_lines(table, 80) == [["format  why", "Legal   no", "FAQ     maybe"]]


def test_a_last_column_of_text_is_wrapped_between_words_under_itself() -> None:
    rows = (("c4", "1", "a filtered crawl of the web"), ("edu", "22", "short"))
    table = Table("t", ("corpus", "labels", "what it is"), rows, (), text_columns=("what it is",))
    assert table_lines(table, 42) == [
        [
            "corpus  labels  what it is",
            "c4           1  a filtered crawl of the",
            "                web",
            "edu         22  short",
        ]
    ]


def test_where_little_room_is_left_a_column_of_text_goes_below_and_is_wrapped_there() -> None:
    table = Table(
        "t", ("corpus", "labels", "what"), (("c4", "1", "a crawl " * 5),), (), text_columns=("what",)
    )
    assert table_lines(table, 34) == [
        ["corpus  labels", "c4           1"],
        ["corpus  what", "c4      a crawl a crawl a crawl a", "        crawl a crawl"],
    ]


def test_a_last_column_of_text_stays_where_24_cells_are_left_for_it() -> None:
    table = Table("t", ("c", "n", "what"), (("c4", "1", "a crawl " * 5),), (), text_columns=("what",))
    assert [len(table_lines(table, width)) for width in (30, 31)] == [2, 1]
