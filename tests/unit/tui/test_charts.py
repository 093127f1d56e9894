"""Test the pages of shares and of differences, and the frames around them, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.analysis.agreement import agreement_report
from corpuscope.analysis.comparisons import compare_corpora, summarise_countable
from corpuscope.stats.sample import Provenance, Sample
from corpuscope.tui.charts.agreement import agreement_page
from corpuscope.tui.charts.differences import comparison_page
from corpuscope.tui.charts.frames import Line, beside, flowed, framed, line_width, page_top
from corpuscope.tui.charts.side_by_side import side_by_side_lines
from corpuscope.tui.charts.summary import share_page
from ledger_fakes import Scribe, read
from makers import a_scheme


def texts(lines: Sequence[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def a_sample(corpus: str, *counts: int, planned: int | None = None) -> Sample:
    """Return a sample with this number of labels of each category."""
    codes = tuple(code for code, count in enumerate(counts) for _ in range(count))
    names = tuple(f"Category {number}" for number in range(1, len(counts) + 1))
    return Sample(corpus, names, codes, provenance=Provenance(planned=planned or sum(counts)))


SMALL = (a_sample("one", 30, 20, 0), a_sample("two", 10, 20, 20))


def test_shares_are_drawn_in_groups_under_one_axis() -> None:
    corpora = summarise_countable(SMALL).summary.corpora
    page = share_page(corpora, {}, 72, 12)
    assert page.axis == ""
    assert texts(page.lines) == [
        "one: a tie · two: a tie",
        "╭─ share of each category ─────────────────────────────────────────────╮",
        "│               0      20     40      60     80   100     %   interval │",
        "│ Category 1  ● │      ┊      ┊  ━━━━━●━━━╸  ┊      ┊  60.0  46.2-72.4 │",
        "│             ■ │   ╺━━■━━━━╸ ┊       ┊      ┊      ┊  20.0  11.2-33.0 │",
        "│               │      ┊      ┊       ┊      ┊      ┊                  │",
        "│ Category 2  ● │      ┊  ╺━━━●━━━━━  ┊      ┊      ┊  40.0  27.6-53.8 │",
        "│             ■ │      ┊  ╺━━━■━━━━━  ┊      ┊      ┊  40.0  27.6-53.8 │",
        "│               │      ┊      ┊       ┊      ┊      ┊                  │",
        "│ Category 3  ● ○━━    ┊      ┊       ┊      ┊      ┊     0      ≤ 7.1 │",
        "│             ■ │      ┊  ╺━━━■━━━━━  ┊      ┊      ┊  40.0  27.6-53.8 │",
        "╰────────── ● one n = 50   ■ two n = 50   ○ none seen: upper end only ─╯",
    ]


def test_a_chart_too_high_for_the_page_has_its_axis_outside() -> None:
    samples = [a_sample(name, *range(1, 41)) for name in ("one", "two")]
    corpora = summarise_countable(samples).summary.corpora
    page = share_page(corpora, {}, 78, 22)
    assert page.axis.split()[:2] == ["0", "20"]
    rows = [line for line in texts(page.lines) if "┊" in line]
    assert len(rows) == 80
    assert {len(row) for row in rows} == {78}
    assert share_page(corpora, {}, 78, 100).axis == ""


@pytest.mark.parametrize("width", [58, 78, 118, 198])
def test_no_line_of_a_comparison_is_wider_than_the_page(width: int) -> None:
    samples = [a_sample("a corpus with a long name", *range(1, 41)), a_sample("two", *reversed(range(1, 41)))]
    (pair,) = compare_corpora(samples).pairs
    lines = comparison_page(pair, [pair], {}, width, 22).lines
    assert max(map(line_width, lines)) <= width
    framed_lines = [text for text in texts(lines) if text.startswith("│ Category")]
    assert len(framed_lines) == 40


def test_a_provisional_comparison_says_so_first() -> None:
    samples = [a_sample("one", 90, 10, planned=200), a_sample("two", 10, 90, planned=200)]
    (pair,) = compare_corpora(samples).pairs
    lines = texts(comparison_page(pair, [], {}, 118, 30).lines)
    assert lines[1] == (
        " Provisional: so far, two and one differ: two holds less Category 1 (−80.0 points) and more Category 2 "
        "(+80.0)."
    )
    assert any("so far" in line and "needs" in line for line in lines)
    assert any("until both corpora have 200 labels (100 and 100 now)" in line for line in lines)


def test_other_pairs_are_listed_in_the_words_of_the_command_line() -> None:
    samples = [a_sample("one", 90, 10, planned=200), a_sample("two", 10, 90, planned=200)]
    (pair,) = compare_corpora(samples).pairs
    lines = texts(comparison_page(pair, [pair], {}, 118, 40).lines)
    assert any("two minus one   2 of 2 significant so far" in line for line in lines)
    in_order = replace(samples[0], provenance=replace(samples[0].provenance, random=False))
    (pair,) = compare_corpora([in_order, samples[1]]).pairs
    lines = texts(comparison_page(pair, [pair], {}, 118, 40).lines)
    assert any("two minus one   2 of 2 would hold if both were random samples" in line for line in lines)


def test_the_distance_of_two_mixes_is_told_in_the_unit_of_the_shares() -> None:
    samples = [
        replace(a_sample(name, *counts), tokens=(7.0,) * 100)
        for name, *counts in (("one", 90, 10), ("two", 50, 50))
    ]
    (pair,) = compare_corpora(samples, weighting="tokens").pairs
    (line,) = (
        line for line in texts(comparison_page(pair, [], {}, 118, 30).lines) if "total variation" in line
    )
    assert "of the tokens would have to change category; chance alone reaches" in line


def test_corpora_that_were_read_whole_differ_by_no_chance() -> None:
    samples = [
        replace(a_sample(name, *counts), documents=100)
        for name, *counts in (("one", 90, 10), ("two", 50, 50))
    ]
    (pair,) = compare_corpora(samples).pairs
    (line,) = (
        line for line in texts(comparison_page(pair, [], {}, 118, 30).lines) if "total variation" in line
    )
    assert line.strip("│ ").endswith("40.0 % of the documents would have to change category")


def test_corpora_that_do_not_fit_beside_the_others_follow_below() -> None:
    corpora = summarise_countable([a_sample(name, 3, 5) for name in ("one", "two", "three")]).summary.corpora
    narrow, wide = (texts(side_by_side_lines(corpora, {}, width)) for width in (56, 120))
    assert [line.split() for line in wide[:2]] == [
        ["●", "one", "8", "■", "two", "8", "▲", "three", "8"],
        ["category", *["n", "%", "interval"] * 3],
    ]
    assert [line.split()[:2] for line in narrow if "interval" not in line][4:5] == [["▲", "three"]]
    assert len(wide) == 4


def test_a_frame_is_filled_up_and_cuts_long_titles() -> None:
    assert texts(framed([[("text", "")]], "a title that is too long", "foot", 16, 4)) == [
        "╭─ a title t… ─╮",
        "│ text         │",
        "│              │",
        "╰─────── foot ─╯",
    ]


def test_lines_stand_beside_each_other() -> None:
    assert texts(beside([[("a", "")], [("b", "")]], [[("c", "")]], 3)) == ["a  c", "b  "]


def test_styled_text_is_wrapped_between_words() -> None:
    lines = flowed([("one ", ""), ("two", "bold"), (" three", "")], 8)
    assert lines == [[("one ", ""), ("two", "bold")], [("three", "")]]


def test_readers_of_many_categories_get_a_list_of_disagreements(tmp_path: Path) -> None:
    scheme = a_scheme(*(f"Category {number}" for number in range(1, 41)))
    for session, reader, step in (("s1", "ann", 0), ("s2", "ben", 1)):
        with Scribe(tmp_path, session, reader) as scribe:
            for draw in range(40):
                scribe.label(draw, scheme.names[(draw + step) % 40], scheme=scheme.hash)
    report = agreement_report(read(tmp_path), scheme)
    lines = agreement_page(report, report.whole[0], 3, {}, 78, 22)
    assert max(map(line_width, lines)) <= 78
    marked = [text for text in texts(lines) if "▸" in text and "Category" in text]
    assert [line.split()[1:7] for line in marked] == [["▸", "1", "Category", "4,", "Category", "5"]]


def test_agreement_by_category_stands_below_where_names_are_too_long_to_stand_beside(tmp_path: Path) -> None:
    scheme = a_scheme(*(f"Category {number} of long names" for number in range(20)))
    for session, reader in (("s1", "ann"), ("s2", "ben")):
        with Scribe(tmp_path, session, reader) as scribe:
            scribe.label(0, scheme.names[reader == "ben"], scheme=scheme.hash)
            for draw, name in enumerate(scheme.names, 1):
                scribe.label(draw, name, scheme=scheme.hash)
    report = agreement_report(read(tmp_path), scheme)
    lines = agreement_page(report, report.whole[0], 0, {}, 105, 22)
    assert max(map(line_width, lines)) <= 105


def test_names_of_readers_are_cut_where_a_narrow_page_would_break_its_frame(tmp_path: Path) -> None:
    scheme = a_scheme("News", "Forum", "漢字の分類")
    readers = ("a reader with a long name", "another reader as well", "cy")
    for step, reader in enumerate(readers):
        with Scribe(tmp_path, f"s{step}", reader) as scribe:
            for draw in range(12):
                scribe.label(draw, scheme.names[(draw * step + draw) % 3], scheme=scheme.hash)
    report = agreement_report(read(tmp_path), scheme)
    for group in (*report.whole, *report.pairs):
        for width in (58, 78, 89, 90, 118):
            lines = agreement_page(report, group, 0, {}, width, 22, method=True)
            assert max(map(line_width, lines)) <= width
    narrow = texts(agreement_page(report, report.whole[0], 0, {}, 58, 22))
    assert "│ a reader with a long name, ano…  -0.09 (-0.32 to 0.14) │" in narrow
    chosen = [line for line in texts(agreement_page(report, report.pairs[2], 0, {}, 150, 22)) if "▸" in line]
    assert chosen[-1].startswith("│ ▸ another reader as well and cy ")


WARNINGS = tuple(f"Warning {number}: {'something to know ' * 6}".rstrip() for number in range(1, 6))


def test_warnings_without_room_are_counted_beside_the_key_that_shows_them() -> None:
    top = page_top([[("The outcome.", "")]], WARNINGS, 78, 6, roomy=False, key="m")
    assert texts(top.lines) == [
        "The outcome.",
        "! Warning 1: something to know something to know something to know something",
        "to know something to know something to know",
        "! Warning 2: something to know something to know something to know something",
        "to know something to know something to know",
        "! 3 more warnings, key m",
    ]
    assert " ".join(texts(top.warnings)).count("!") == 5


@pytest.mark.parametrize("room", [0, 1, 2])
def test_one_row_begins_with_the_first_warning_where_none_fits(room: int) -> None:
    lines, every = page_top([[("The outcome.", "")]], WARNINGS, 60, room, roomy=False, key="m")
    assert texts(lines)[1:] == ["! Warning 1: something to know somethi…  ! 5 warnings, key m"]
    assert every


def test_warnings_that_fit_are_not_repeated() -> None:
    assert page_top([[("The outcome.", "")]], WARNINGS, 78, 20, roomy=True).warnings == []


def test_a_chart_of_a_small_page_starts_below_one_row_of_warnings() -> None:
    samples = [a_sample(name, 30, 20, 0) for name in ("one", "two")]
    skipped = [replace(sample, skips=10) for sample in samples]
    corpora = summarise_countable(skipped).summary.corpora
    page = share_page(corpora, {}, 78, 8)
    assert texts(page.lines)[1].endswith("  key m")
    assert texts(page.lines)[2].startswith("Category 1  ● one")
    assert len(page.warnings) > 2
