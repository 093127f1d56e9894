"""Test that rows of a document are complete, never too wide, and the same wherever wrapping starts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

import hostile
from corpuscope.domain.document import Section, join_sections
from corpuscope.tui.text_layout.blocks import BLOCK_SIZE
from corpuscope.tui.text_layout.rows import ROW_BATCH, TextRow, TextRows, has_paragraphs
from corpuscope.tui.text_layout.text_search import MAX_OCCURRENCES, Finder
from corpuscope.tui.text_layout.wrapping import draw_row, row_end

payloads = pytest.mark.parametrize("payload", hostile.PAYLOADS, ids=lambda payload: payload.name)
words = st.text(
    st.sampled_from("aab  \t\n\r漢字。」é\u0301\u200d\ufe0f❤😀\x1b\ud800[]") | st.characters(), max_size=300
)
widths = st.integers(1, 40)


def all_rows(
    text: str, width: int, sections: tuple[Section, ...] = (), *, exact: bool = False, spaced: bool = False
) -> list[TextRow]:
    """Return all rows, wrapped from the top."""
    rows = TextRows(text, sections, width=width, exact=exact, gap_from=0 if spaced else None)
    rows.wrap_for(60)
    text_rows = [rows.row(y) for y in range(rows.count)]
    assert rows.row(rows.count) is None
    return [row for row in text_rows if row]


def drawn(text: str, width: int) -> list[str]:
    """Return all rows as drawn."""
    return [picture(text, row, width) for row in all_rows(text, width)]


def picture(text: str, row: TextRow, width: int, *, exact: bool = False) -> str:
    return "".join(span.drawn for span in draw_row(text, row.start, row.end, width, exact=exact))


def check(text: str, width: int, *, exact: bool) -> None:
    """Check that the rows join to the text, fit the width and are safe for a terminal."""
    rows = all_rows(text, width, exact=exact)
    assert "".join(text[row.start : row.end] for row in rows) == text
    for row in rows:
        assert row.start < row.end
        shown = picture(text, row, width, exact=exact)
        assert cell_len(shown) <= width
        assert hostile.leaks(shown) == []


@given(words, widths, st.booleans())
@example("ab " + "\n", 2, False)
@example("\ud800" * 3, 1, True)
def test_rows_join_to_the_text_and_never_exceed_the_width(text: str, width: int, exact: bool) -> None:
    check(text, width, exact=exact)


@pytest.mark.slow
@payloads
def test_rows_of_a_hostile_text_join_to_it_and_never_exceed_the_width(payload: hostile.Payload) -> None:
    text = payload.text[:5_000]
    for width in (1, 7, 76):
        check(text, width, exact=False)
        check(text, width, exact=True)


@given(words, st.integers(4, 40))
def test_every_character_drawn_as_itself_is_visible(text: str, width: int) -> None:
    """Only spaces that hang over the edge, and line ends, are left out."""
    for row in all_rows(text, width):
        kept = "".join(s.drawn for s in draw_row(text, row.start, row.end, width) if not s.symbol)
        whole = "".join(s.drawn for s in draw_row(text, row.start, row.end, 10_000) if not s.symbol)
        assert whole.startswith(kept)
        assert whole[len(kept) :].strip(" ") == ""


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("\n", [""]),
        ("hello world", ["hello", "world"]),
        ("hello  world", ["hello", "world"]),
        ("abcdef ghi\n", ["abcdef", "ghi"]),
        ("abcdef \nghi", ["abcdef", "ghi"]),
        ("abcdefghij", ["abcdef", "ghij"]),
        ("    abcdefgh", ["    ab", "cdefgh"]),
        ("one\r\ntwo\n\nsix", ["one", "two", "", "six"]),
        ("漢字漢字漢", ["漢字漢", "字漢"]),
        ("a漢字漢字", ["a漢字", "漢字"]),
        ("漢字漢。漢", ["漢字", "漢。漢"]),
        ("e\u0301" * 8, ["e\u0301" * 6, "e\u0301" * 2]),
        ("\ta\tb", ["    a", "    b"]),
        ("ab\x1bcde fg", ["ab␛cde", "fg"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("👩\u200d🚀 ok", ["👩+🚀", "ok"]),
    ],
)
def test_text_wraps_into_these_rows_of_six_cells(text: str, rows: list[str]) -> None:
    assert [row.rstrip(" ") for row in drawn(text, 6)] == rows


LONG = {
    "lines": "".join(f"{n} the quick brown fox {'jumps ' * (n % 40)}\n" for n in range(4_000)),
    "one line of words": "the quick brown fox jumps over " * 8_000,
    "one line without a space": "x" * 200_000,
    "wide characters and emoji": "日本語のテキスト、😀😀" * 10_000,
    "marks": "e\u0301" * 60_000,
}
long_texts = pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())


@long_texts
def test_a_long_text_has_the_same_rows_from_the_top_from_the_end_and_from_the_middle(text: str) -> None:
    expected = all_rows(text, 60)
    height = 30
    for first_row in (10**9, len(expected) // 2, len(expected) // 3):
        rows = TextRows(text, width=60)
        y = rows.wrap_visible(first_row, height)
        window_rows = [rows.row(y + line) for line in range(height)]
        start = next(index for index, row in enumerate(expected) if row == window_rows[0])
        assert window_rows == expected[start : start + height]


@long_texts
def test_scrolling_up_from_the_end_moves_one_row_at_a_time_and_reaches_the_top(text: str) -> None:
    expected = all_rows(text, 60)
    rows = TextRows(text, width=60)
    height = 30
    y = rows.wrap_visible(10**9, height)
    bottom = len(expected)
    while y > 0:
        window_rows = [rows.row(y + line) for line in range(height)]
        assert window_rows == expected[bottom - height : bottom]
        step = min(7, y, bottom - height)
        y = rows.wrap_visible(y - step, height, y)
        bottom -= step
    assert bottom == height


@given(
    st.lists(st.sampled_from(("\n", "a bc ", "漢字", "x" * 30, "word " * 20, "\x1b")), max_size=120),
    st.lists(st.tuples(st.sampled_from(("step", "jump", "wrap")), st.integers(-5, 100)), max_size=12),
    st.booleans(),
)
def test_after_any_moves_the_window_shows_consecutive_rows_of_the_text(
    parts: list[str], moves: list[tuple[str, int]], spaced: bool
) -> None:
    text = "".join(parts)
    height = 5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpuscope.tui.text_layout.blocks.BLOCK_SIZE", 64)
        patch.setattr("corpuscope.tui.text_layout.blocks.CUT_RANGE", 32)
        patch.setattr("corpuscope.tui.text_layout.rows.ROW_BATCH", 2)
        expected = all_rows(text, 12, spaced=spaced)
        rows = TextRows(text, width=12, gap_from=0 if spaced else None)
        y = rows.wrap_visible(0, height)
        top = 0
        for move, size in moves:
            if move == "wrap":
                top_row = rows.block_row_at(y)
                rows.wrap_for(0.00001)
                y = rows.y_of(top_row)
            elif move == "jump":
                y = rows.wrap_visible(rows.count * size // 100, height)
            else:
                rows.wrap_ahead(y, height + 2)
                y = rows.wrap_visible(y + size % 5 - 2, height, y)
            window_rows = [row for line in range(height) if (row := rows.row(y + line))]
            if window_rows:
                start = expected.index(window_rows[0])
                assert window_rows == expected[start : start + height]
                if move == "step":
                    assert start == max(0, min(top + size % 5 - 2, len(expected) - height))
                if move == "wrap":
                    assert start == top
                top = start


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("one\ntwo", ["one", "", "two"]),
        ("one\n\ntwo\n", ["one", "", "two"]),
        ("one\r\ntwo\r\n", ["one", "", "two"]),
        ("one\n \t\ntwo", ["one", " \t", "two"]),
        ("one two three\nfour\n", ["one two ", "three", "", "four"]),
        ("\none", ["", "one"]),
    ],
)
def test_a_blank_row_stands_between_stored_lines_and_nowhere_else(text: str, rows: list[str]) -> None:
    shown = all_rows(text, 8, spaced=True)
    assert [text[row.start : row.end].rstrip("\r\n") for row in shown] == rows
    assert "".join(text[row.start : row.end] for row in shown) == text


def test_blocks_and_sections_add_no_blank_row_of_their_own() -> None:
    text = "the quick brown fox jumps over the lazy dog\n" * 2_000
    rows = all_rows(text, 60, spaced=True)
    assert len(rows) == 2 * 2_000 - 1
    assert not any(one.title == other.title == "" for one, other in pairwise(rows))
    joined, sections = join_sections([("first", "one\ntwo\n"), ("second", "three\n")])
    titles = [row.title for row in all_rows(joined, 60, sections, spaced=True)]
    assert titles == ["first", None, "", None, "", "second", None]


def test_short_lines_stay_together_and_paragraphs_stand_apart() -> None:
    text = "Title\nBy me\n" + "words " * 20 + "\ndef f():\n    return 1\n" + "words " * 20
    rows = TextRows(text, width=200, gap_from=80)
    shown = [rows.row(y) for y in range(rows.count)]
    lines = ["" if row and row.title == "" else "text" for row in shown]
    assert lines == ["text", "text", "", "text", "", "text", "text", "", "text"]


def test_paragraphs_are_told_from_verses_lists_and_code() -> None:
    paragraph = "A sentence that goes on for longer than any window is wide. " * 3 + "\n"
    assert has_paragraphs("Title\nBy somebody\n" + paragraph * 3)
    assert not has_paragraphs("def add(one, other):\n    return one + other\n" * 50)
    assert not has_paragraphs(("words of a letter wrapped by hand at seventy-two characters or so\n") * 50)
    assert not has_paragraphs("")


@long_texts
def test_wrapping_the_rest_leaves_the_top_row_where_it_is(text: str) -> None:
    rows = TextRows(text, width=60)
    y = rows.wrap_visible(rows.count // 2, 30)
    before = rows.row(y)
    top_row = rows.block_row_at(y)
    while not rows.wrap_for(0.0005):
        assert rows.row(rows.y_of(top_row)) == before
    assert rows.complete
    assert rows.count == len(all_rows(text, 60))


@long_texts
def test_an_offset_leads_to_the_row_that_shows_it(text: str) -> None:
    for offset in (0, 1, len(text) // 3, BLOCK_SIZE, BLOCK_SIZE + 1, len(text) - 1):
        rows = TextRows(text, width=60)
        row = rows.row(rows.y_at(offset))
        assert row
        assert row.start <= offset < row.end


def test_sections_have_a_title_row_and_a_gap_that_is_not_text() -> None:
    text, sections = join_sections((("query", "a\nb"), ("answer", "c")))
    rows = all_rows(text, 20, sections)
    titles = [row.title for row in rows]
    assert titles == ["query", None, None, "", "answer", None]
    assert [text[row.start : row.end] for row in rows if row.title is None] == ["a\n", "b", "c"]


def test_text_outside_sections_is_shown_too() -> None:
    text = "before SECTION after"
    rows = all_rows(text, 40, (Section("s", 7, 14),))
    assert "".join(text[row.start : row.end] for row in rows) == text


@given(st.lists(st.tuples(st.text("ab\n", max_size=5), words), min_size=2, max_size=4), widths)
def test_rows_of_sections_join_to_the_sections(parts: list[tuple[str, str]], width: int) -> None:
    text, sections = join_sections(parts)
    rows = all_rows(text, width, sections)
    assert "".join(text[row.start : row.end] for row in rows) == "".join(part for _, part in parts)


def test_opening_ten_megabytes_wraps_a_screen_and_not_the_rest() -> None:
    rows = TextRows("the quick brown fox jumps over the lazy dog\n" * 240_000, width=80)
    rows.wrap_visible(0, 40)
    accessed = [block for i in range(len(rows._blocks)) if (block := rows._blocks.get(i))]
    assert len(accessed) <= 2
    assert sum(block.wrapped_rows for block in accessed) <= 40 + ROW_BATCH


@given(st.text("ab .", min_size=43, max_size=43), st.text(max_size=20), st.text(max_size=20))
def test_the_end_of_a_row_does_not_depend_on_text_far_behind_it(row: str, one: str, other: str) -> None:
    assert row_end(row + one, 0, len(row + one), 40) == row_end(row + other, 0, len(row + other), 40)


def test_a_search_ignores_case_and_takes_the_string_literally() -> None:
    finder = Finder("A.b a.B axb [x]", "a.b")
    assert finder.advance(1)
    assert finder.starts == [0, 4]
    assert not Finder("anything", "").starts


@given(st.text("ab", max_size=400), st.text("ab", min_size=1, max_size=4), st.integers(1, 9))
def test_a_search_in_slices_finds_the_same_as_a_search_at_once(text: str, needle: str, size: int) -> None:
    expected: list[int] = []
    position = text.find(needle)
    while position >= 0:
        expected.append(position)
        position = text.find(needle, position + len(needle))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpuscope.tui.text_layout.text_search.SLICE_SIZE", size)
        finder = Finder(text, needle)
        while not finder.advance(0):
            pass
    assert finder.starts == expected
    assert list(finder.between(0, len(text))) == [(start, start + len(needle)) for start in expected]


def test_a_search_stops_counting_at_the_limit() -> None:
    finder = Finder("a" * (MAX_OCCURRENCES * 2), "a")
    assert finder.advance(10)
    assert MAX_OCCURRENCES <= len(finder.starts) < 2 * MAX_OCCURRENCES


def test_steps_start_at_the_origin_and_wrap_around_at_both_ends() -> None:
    finder = Finder("x..x..x", "x")
    finder.advance(1)
    assert [finder.step(1, origin=1) for _ in range(4)] == [2, 3, 1, 2]
    assert finder.current == 3
    assert [finder.step(-1, origin=0) for _ in range(3)] == [1, 3, 2]
    assert Finder("x..x", "x").step(-1, origin=2) == 1
    assert Finder("abc", "x").step(1, origin=0) == 0
