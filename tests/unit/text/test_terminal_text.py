"""Tests of the escaping of web text for a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

import hostile
from corpuscope.text.combining_marks import is_mark
from corpuscope.text.terminal_text import MARKS_DRAWN, one_line, printable, spans, wrapped

payloads = pytest.mark.parametrize("payload", hostile.PAYLOADS, ids=lambda payload: payload.name)

wild = st.text(
    st.characters()
    | st.characters(categories=("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Mn", "Me", "Zs"))
    | st.sampled_from("\t\n\r\ufe0f\u200d❤1😀\u0301\u1161")
)


def mark_run(text: str) -> int:
    """Return the length of the longest run of marks."""
    longest = run = 0
    for character in text:
        run = run + 1 if is_mark(character) else 0
        longest = max(longest, run)
    return longest


def exact_view(text: str) -> str:
    """Return a text as the exact view of a document draws it."""
    return "".join(
        span.drawn + "\n" if text.endswith("\n", span.start, span.end) and span.symbol else span.drawn
        for span in spans(text, exact=True)
    )


@payloads
def test_no_hostile_text_keeps_a_forbidden_character(payload: hostile.Payload) -> None:
    for drawn in (printable(payload.text), exact_view(payload.text)):
        assert hostile.leaks(drawn.replace("\n", "")) == []
    assert hostile.leaks(one_line(payload.text, 60)) == []


@given(wild)
def test_no_text_keeps_a_forbidden_character(text: str) -> None:
    for drawn in (printable(text), exact_view(text)):
        assert hostile.leaks(drawn.replace("\n", "")) == []
        assert mark_run(drawn) <= MARKS_DRAWN
    assert hostile.leaks(one_line(text)) == []


@pytest.mark.slow
def test_every_forbidden_character_of_unicode_is_escaped() -> None:
    for start in range(0, 0x110000, 0x100):
        characters = [chr(code) for code in range(start, start + 0x100) if code != 0x0A]
        if hostile.leaks(printable("x".join(characters))):
            assert [f"{ord(c):X}" for c in characters if hostile.leaks(printable(c))] == []
            raise AssertionError(f"a character from U+{start:X} on leaks only beside others")


@pytest.mark.slow
def test_no_character_of_zero_width_is_drawn_except_the_known_marks() -> None:
    hidden = [
        f"{code:X}"
        for code in range(0x20, 0x110000)
        if not get_character_cell_size(chr(code)) and printable("a" + chr(code)) == "a" + chr(code)
        if not is_mark(chr(code))
    ]
    assert hidden == []


def test_the_table_of_marks_holds_every_combining_mark_of_this_python() -> None:
    missing = [
        f"{code:X}"
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Mn", "Me") and not is_mark(chr(code))
        if not hostile.is_forbidden(chr(code))
    ]
    assert missing == []


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u1160\u115f")))
def test_ordinary_text_is_drawn_as_it_is(text: str) -> None:
    ordinary = "".join(c for c in text if not hostile.is_forbidden(c) and not is_mark(c))
    assert printable(ordinary) == ordinary


@given(wild)
def test_escaping_twice_changes_nothing(text: str) -> None:
    assert printable(printable(text)) == printable(text)


@given(wild, st.booleans())
def test_spans_cover_the_text_without_gaps_and_change_only_symbols(text: str, exactly: bool) -> None:
    position = 0
    for span in spans(text, exact=exactly):
        assert span.start == position < span.end
        position = span.end
        if not span.symbol:
            assert span.drawn == text[span.start : span.end].replace("\r\n", "\n")
    assert position == len(text)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("\x9b2J", "‹U+009B›2J"),
        ("a\u202eb", "a‹U+202E›b"),
        ("\ud800", "‹U+D800›"),
        ("\U000e0041", "‹U+E0041›"),
        ("a\r\nb\rc\nd", "a\nb␍c\nd"),
        ("ab\tc\n\td", "ab  c\n    d"),
        ("\ufeffx", "‹U+FEFF›x"),
        ("Donau\xaddampf", "Donau-dampf"),
        ("می\u200cخواهم", "می¦خواهم"),
        ("👩\u200d🚀", "👩+🚀"),
        ("❤\ufe0f 1\ufe0f\u20e3", "❤ 1\u20e3"),
        ("a\ufe0f", "a‹U+FE0F›"),
        ("❤\ufe0f\ufe0f", "❤‹U+FE0F›‹U+FE0F›"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 12, "e" + "\u0301" * 8 + "‹+4 marks›"),
        ("\u0301x", "◌\u0301x"),
        ("\u3164", "‹U+3164›"),
    ],
)
def test_each_special_character_is_drawn_as(text: str, drawn: str) -> None:
    assert printable(text) == drawn


def test_the_exact_view_shows_blanks_line_ends_and_code_points() -> None:
    assert exact_view("a b\tc\xa0d\r\ne\u200df\n") == "a·b→c‹U+00A0›d␍␊\ne‹U+200D›f␊\n"
    assert exact_view("e" + "\u0301" * 10) == "e" + "\u0301" * 8 + "‹U+0301›‹U+0301›"


@given(wild, st.integers(0, 40))
def test_one_line_is_one_line_and_fits(text: str, width: int) -> None:
    drawn = one_line(text, width)
    assert "\n" not in drawn
    assert cell_len(drawn) <= width


def test_marks_above_letters_take_no_room_from_the_letters_after_them() -> None:
    letter = "a" + "\u0301\u0323"
    assert one_line(letter * 8, 8) == letter * 8
    assert one_line(letter * 9, 8) == letter * 7 + "…"


def test_one_line_marks_line_ends_and_the_cut() -> None:
    assert one_line("a\nb\r\nc\td") == "a␤b␤c d"
    assert one_line("a long title", 7) == "a long…"
    assert one_line("a title", 7) == "a title"
    assert one_line("漢字漢字", 5) == "漢字…"
    assert one_line("漢字漢字", 4) == "漢…"
    assert one_line("x" * 10_000_000, 3) == "xx…"
    assert one_line("anything", 0) == ""


@pytest.mark.parametrize(
    "row", ["plain words and more of them. " * 4, "日本語のテキストです。" * 8, "مرحبا بالعالم " * 8]
)
def test_a_row_with_nothing_to_escape_is_not_copied(row: str) -> None:
    assert printable(row) is row


def test_a_word_longer_than_its_column_is_split_and_none_is_lost() -> None:
    assert wrapped("新聞新聞新聞 ab", 6) == ["新聞新", "聞新聞", "ab"]
    assert wrapped("", 6) == [""]
    assert wrapped("a b", 0) == ["a", "b"]
