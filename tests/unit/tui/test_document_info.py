"""Test the statistics and the source of a document in the sidebar."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from corpuscope.domain.document import Document
from corpuscope.domain.text_statistics import statistics_of
from corpuscope.tui.widgets.document_info import WIDE, DocumentInfo, source_lines, statistics_lines
from makers import a_document
from unmounted import unmounted


def test_a_count_of_one_is_singular() -> None:
    assert statistics_lines(statistics_of("word"), 26) == [
        "1 word · ~1 token",
        "1 line",
        "100 % under 30 chars",
    ]
    assert statistics_lines(statistics_of("word", 1), 26)[0] == "1 word · 1 token"


@pytest.mark.parametrize("room", [18, 26, 40])
def test_the_statistics_of_a_long_document_fit_a_narrow_sidebar(room: int) -> None:
    lines = statistics_lines(statistics_of("seven words stand in every single line\n" * 60_000, 5), room)
    words = " ".join(lines).replace(" · ", " ")
    characters = "2,340,000 chars " if room == 40 else ""
    assert words == f"about 420,005 words 5 tokens {characters}about 60,021 lines 0 % under 30 chars"
    assert all(len(line) <= room for line in lines if room > 18)


@pytest.mark.parametrize(("room", "columns"), [(WIDE, 2), (WIDE - 1, 1)])
def test_names_of_metadata_and_of_the_address_have_a_column_from_the_same_width_on(
    room: int, columns: int
) -> None:
    document = a_document(url="https://example.org/a/long/path/to/a/page/of/its/own", language="en")
    lines = source_lines(document, room)
    assert {len(line) for line in lines} == {columns}
    assert all(sum(cell_len(text) for text, _ in line) <= room for line in lines)


DOCUMENT = a_document(
    1234,
    "word " * 50,
    url="https://example.org/a/long/path/to/a/page/of/its/own/and/further/on/and/on",
    language="en",
    date="2024-05-06T07:08:09Z",
    score=0.123456,
    none=None,
)


def panel(
    room: int, document: Document | None = DOCUMENT, note: str = "", *, marked: bool = False
) -> list[str]:
    info = unmounted(DocumentInfo, room + 2, 20)()
    info.show(document, blind=False, bookmarked=marked, note=note)
    return info.text.splitlines()


@pytest.mark.parametrize(
    ("room", "rows"),
    [
        (
            38,
            [
                "50 words · ~60 tokens",
                "250 chars",
                "1 line · 0 % under 30 chars",
                "",
                "draw      1,234",
                "date      2024-05-06T07:08:09Z",
                "url       example.org/a/long/path/to/a",
                "          /page/of/its/own/and/further",
                "          /on/and/on",
                "language  en",
                "score     0.123",
            ],
        ),
        (
            18,
            [
                "50 words",
                "~60 tokens",
                "1 line",
                "0 % under 30 chars",
                "",
                "draw 1,234",
                "2024-05-06",
                "example.org/a/long",
                "/path/to/a/page/of",
                "/its/own/and/furt…",
                "language en",
                "score 0.123",
            ],
        ),
    ],
)
def test_a_document_is_described_by_its_numbers_and_then_its_metadata(room: int, rows: list[str]) -> None:
    assert panel(room) == rows


def test_a_text_and_its_size_share_a_line_of_exactly_their_width() -> None:
    assert [panel(room)[0] for room in (20, 21)] == ["50 words", "50 words · ~60 tokens"]


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("example.org", ["example.org"]),
        ("a" * 12, ["a" * 12]),
        ("a" * 13, ["a" * 12, "a"]),
        ("aaaa/" + "b" * 12, ["aaaa/bbbbbbb", "bbbbb"]),
        ("aaaaa/" + "b" * 11, ["aaaaa", "/bbbbbbbbbbb"]),
        ("a" * 12 + "/b", ["a" * 12, "/b"]),
        ("a" * 36, ["a" * 12] * 3),
        ("a" * 37, ["a" * 12] * 2 + ["a" * 11 + "…"]),
        ("日本語の頁とその次", ["日本語の頁と", "その次"]),
    ],
)
def test_an_address_is_broken_before_a_slash_unless_that_leaves_a_short_row(
    address: str, rows: list[str]
) -> None:
    lines = source_lines(a_document(url=f"http://{address}"), 12)[1:]
    assert lines == [((row, "$foreground-muted"),) for row in rows]


def test_a_wide_panel_sets_an_address_in_the_column_of_values() -> None:
    lines = source_lines(a_document(url="a" * 40), 38)[1:]
    assert ["".join(text for text, _ in line) for line in lines] == [
        "url       " + "a" * 28,
        "          " + "a" * 12,
    ]


def test_a_long_name_of_a_field_leaves_half_of_the_line_to_its_value() -> None:
    _draw, line = source_lines(a_document(a_very_long_field_name_indeed="value " * 9), 38)
    assert line == (("a_very_long_field_… ", "$foreground-muted"), ("value value value…", ""))


def test_a_bookmark_and_at_most_five_rows_of_a_note_stand_above_the_numbers() -> None:
    assert panel(12, marked=True)[:3] == ["★ bookmarked", "", "50 words"]
    five = "five more".ljust(12, "x")
    assert panel(12, note=" ".join([five] * 5))[:8] == ["note", *["five morexxx"] * 5, "", "50 words"]
    assert panel(12, note=" ".join([five] * 6))[:8] == ["note", *["five morexxx"] * 5, "…", ""]
    assert panel(12, None, "a note") == []


def test_a_blind_panel_shows_no_source_and_each_row_stands_one_cell_from_the_frame() -> None:
    info = unmounted(DocumentInfo, 20, 20)()
    info.show(DOCUMENT, blind=True)
    assert info.text.splitlines()[4:] == ["", "source hidden", "until you label"]
    assert info.runs(5) == ((" ", ""), ("source hidden", "$foreground-muted"))
    assert info.runs(7) == ()
    info.show(DOCUMENT, blind=False)
    assert "draw 1,234" in info.text
    info.show(a_document(7), blind=False)
    assert "draw 7" in info.text
