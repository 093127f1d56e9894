"""Test the rows of the list of labels and of the panel below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.cells import cell_len

from corpuscope.ledger.read.records import LabelQuery
from corpuscope.session.label_list import LabelRow
from corpuscope.tui.review_rows import (
    AROUND_MATCH,
    EXCERPT,
    LOST,
    Columns,
    ListExcerpt,
    SearchState,
    columns,
    filter_items,
    heading,
    list_excerpt,
    preview,
    row_cells,
)
from corpuscope.tui.widgets.painting import StyledRun
from makers import a_scheme

SCHEME = a_scheme("News", "Forum")
LABEL = LabelRow(
    event_id="e1",
    category="News",
    corpus="web",
    draw=1234,
    annotator="ada",
    look=1,
    characters=56789,
    bookmarked=False,
    disputed=False,
    note="",
    final="",
    document_id="d1",
)
WIDTHS = Columns(text=20, category=8, corpus=5, who=8)
TEXT = ListExcerpt("the first words of a page")


def text_of(row: Sequence[StyledRun]) -> str:
    return "".join(text for text, _ in row)


def test_every_filter_is_shown_with_its_value_or_any() -> None:
    query = LabelQuery(
        corpus="web", bookmarked=True, unsure=True, category="a name of more than twenty cells"
    )
    items = filter_items(query, None)
    assert [item.text for item in items] == [
        "filter",
        "text any",
        "category a name of more than…",
        "corpus web",
        "who any",
        "flags bookmarked, unsure",
    ]
    in_force = [item.text.split()[0] for item in items if item.style == "bold $accent"]
    assert in_force == ["filter", "category", "corpus", "flags"]


@pytest.mark.parametrize(
    ("search", "words", "style"),
    [
        (SearchState("free", 0.256), "text 'free' 26%", "bold $accent"),
        (SearchState("free", 1.0, 7, done=True), "text 'free'", "bold $accent"),
        (SearchState("free", 1.0, 7, 1, done=True), "text 'free', 1 text lost", "$text-warning"),
        (SearchState("free", 0.5, 7, 1200), "text 'free' 50%, 1,200 texts lost", "$text-warning"),
        (SearchState("a needle of 21 letter"), "text 'a needle of 21 lett…' 0%", "bold $accent"),
    ],
)
def test_the_filter_by_text_says_how_far_the_search_is_and_what_it_could_not_read(
    search: SearchState, words: str, style: str
) -> None:
    item = filter_items(LabelQuery(), search)[1]
    assert (item.text, item.style) == (words, style)


def test_an_excerpt_is_the_beginning_of_a_text_or_what_surrounds_the_first_match() -> None:
    assert list_excerpt(None, "free") is LOST
    assert list_excerpt(" one\n two\tthree ") == ListExcerpt("one two three")
    assert list_excerpt("no such word", "free") == ListExcerpt("no such word")
    assert len(list_excerpt("a" * 3 * EXCERPT).text) == EXCERPT
    assert list_excerpt("Get it\n FREE  of charge", "free") == ListExcerpt("Get it FREE of charge", (7, 11))
    assert list_excerpt("FREE of charge", "free") == ListExcerpt("FREE of charge", (0, 4))
    assert list_excerpt("carefree of", "free of") == ListExcerpt("carefree of", (4, 11))
    assert list_excerpt("a\n\nb c", "a\n\nb") == ListExcerpt("a b c", (0, 3))
    assert list_excerpt("a (b) c", "(b)").match == (2, 5)


def test_a_match_far_into_a_text_has_as_much_before_it_as_the_list_keeps() -> None:
    near, far = (list_excerpt("x" * before + "y" + "z" * 3 * EXCERPT, "y") for before in (300, 301))
    assert near == ListExcerpt("x" * AROUND_MATCH + "y" + "z" * EXCERPT, (300, 301))
    assert far == ListExcerpt("…" + near.text, (301, 302))


def test_columns_are_as_wide_as_their_names_and_the_text_has_the_rest() -> None:
    assert columns(80, ["News"], ["web", "books"], ["ada", "bob"]) == Columns(57, 5, 6, 4)
    assert columns(80, ["News"], ["web"], ["ada"]) == Columns(67, 5, 0, 0)
    assert columns(70, ["News"], ["web", "books"], ["ada"]).corpus == 6
    assert columns(69, ["News"], ["web", "books"], ["ada"]) == Columns(56, 5, 0, 0)
    assert columns(80, ["News"], ["web"], ["ada"], with_answers=True).text == 57
    assert columns(80, ["n" * 40], ["c" * 40] * 2, ["w" * 40] * 2) == Columns(36, 14, 14, 8)
    assert columns(20, ["n" * 40], ["web"], ["ada"]).text == 12
    assert columns(80, [], [], []) == Columns(71, 1, 0, 0)


def test_the_heading_stands_above_the_cells() -> None:
    assert heading(WIDTHS) == "  text                 categorycorpuwho     "
    assert heading(Columns(20, 10, 0, 0)) == "  text                 category  "
    row = text_of(row_cells(LABEL, TEXT, WIDTHS, SCHEME))
    assert heading(WIDTHS).index("corpu") == row.index("web")
    assert heading(WIDTHS).index("category") == row.index("News")


def test_a_row_shows_text_category_corpus_annotator_and_marks() -> None:
    cells = row_cells(LABEL, TEXT, WIDTHS, SCHEME)
    assert text_of(cells) == "● the first words of … News    web  ada          "
    assert [style for _, style in cells] == [
        "ansi_white",
        "",
        "ansi_white",
        "$foreground-muted",
        "$foreground-muted",
        "$accent",
    ]
    marked = replace(LABEL, bookmarked=True, disputed=True, note="odd", unsure=True, look=2)
    assert text_of(row_cells(marked, TEXT, WIDTHS, SCHEME)).endswith("web  ada (2) ★≠¶~ ")
    assert text_of(row_cells(replace(LABEL, unsure=True), TEXT, WIDTHS, SCHEME)).endswith("ada        ~ ")
    narrow = Columns(20, 8, 0, 0)
    assert text_of(row_cells(LABEL, TEXT, narrow, SCHEME)) == "● the first words of … News         "
    assert text_of(row_cells(LABEL, TEXT, narrow, SCHEME, "Forum")).endswith("News    says Forum        ")
    skipped = row_cells(replace(LABEL, category="skipped"), TEXT, narrow, SCHEME)
    assert skipped[0][1] == skipped[2][1] == "$foreground-muted"


@pytest.mark.parametrize(
    ("excerpt", "runs"),
    [
        (None, [("…" + " " * 19, "$foreground-muted")]),
        (LOST, [("damage took the text", "$error")]),
        (ListExcerpt("a FREE ride", (2, 6)), [("a ", ""), ("FREE", "hit"), (" ride         ", "")]),
        (ListExcerpt("12345678 FREE", (9, 13)), [("…45678 ", ""), ("FREE", "hit"), ("         ", "")]),
        (ListExcerpt("1234567FREE", (7, 11)), [("1234567", ""), ("FREE", "hit"), ("         ", "")]),
        (ListExcerpt("ab" + "x" * 19, (2, 21)), [("…", ""), ("x" * 19, "hit"), ("", "")]),
        (ListExcerpt("ab" + "x" * 30, (2, 32)), [("", ""), ("x" * 20, "hit"), ("", "")]),
    ],
)
def test_the_match_of_a_search_is_in_sight(excerpt: ListExcerpt | None, runs: list[StyledRun]) -> None:
    _dot, *text = row_cells(LABEL, excerpt, WIDTHS, SCHEME)[:-4]
    assert [(part, style.replace("bold underline $accent", "hit")) for part, style in text] == runs
    assert sum(cell_len(part) for part, _ in text) == 20


def test_the_panel_has_the_label_its_marks_and_where_the_document_is_above_its_beginning() -> None:
    rows = preview(LABEL, TEXT, "https://example.org/page", SCHEME, 80)
    assert [text_of(row) for row in rows] == [
        "● News by ada",
        "example.org/page · draw 1,234 · 56,789 characters",
        "",
        "the first words of a page",
    ]
    marked = replace(
        LABEL, look=2, bookmarked=True, disputed=True, unsure=True, final="Forum", note="odd\none"
    )
    first, note, facts, *_ = preview(marked, None, "", SCHEME, 80)
    assert text_of(first) == "● News by ada, reading 2   ★ bookmarked   ≠ disputed   ~ unsure   final: Forum"
    assert text_of(note) == "¶ odd␤one"
    assert text_of(facts) == "draw 1,234 · 56,789 characters"
    assert first[1] == ("News", "bold ansi_white")
    assert preview(replace(LABEL, category="former"), None, "", SCHEME, 80)[0][0][1] == "$foreground-muted"
    assert text_of(preview(LABEL, None, "", SCHEME, 80)[-1]) == "reading …"


def test_the_panel_cuts_what_is_too_long_for_its_width() -> None:
    note, facts = preview(replace(LABEL, note="n" * 90), TEXT, "http://" + "u" * 90, SCHEME, 60)[1:3]
    assert text_of(note) == "¶ " + "n" * 57 + "…"
    assert text_of(facts).split(" · ")[0] == "u" * 25 + "…"
    assert text_of(preview(LABEL, TEXT, "u" * 90, SCHEME, 20)[1]).split(" · ")[0] == "u" * 9 + "…"
    long = ListExcerpt("nine more " * 40)
    assert max(len(text_of(row)) for row in preview(LABEL, long, "", SCHEME, 200)) == 89
    assert max(len(text_of(row)) for row in preview(LABEL, long, "", SCHEME, 60)[3:]) == 59
    named = replace(LABEL, category="c" * 40, annotator="a" * 40, final="f" * 40)
    shown = text_of(preview(named, TEXT, "", SCHEME, 80)[0])
    assert shown == f"● {'c' * 29}… by {'a' * 19}…   final: {'f' * 29}…"
