"""Test the panels beside a wide chart, and the tables with bars, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpuscope.analysis.comparisons import compare_corpora, summarise_countable
from corpuscope.stats.sample import Provenance, Sample
from corpuscope.tui.charts.differences import comparison_page
from corpuscope.tui.charts.frames import Line, beside, framed, line_width
from corpuscope.tui.charts.panels import corpora_lines, difference_lines, limit_lines
from corpuscope.tui.charts.summary import share_page, side_by_side_page
from corpuscope.tui.charts.tables import render_corpora

NAMES = ("Category 1", "Category 2", "Category 3")


def a_sample(corpus: str, *counts: int, planned: int | None = None) -> Sample:
    """Return a sample with this number of labels of each category."""
    codes = tuple(code for code, count in enumerate(counts) for _ in range(count))
    return Sample(corpus, NAMES, codes, provenance=Provenance(planned=planned))


FIRST = a_sample("one", 60, 30, 10, planned=200)
SECOND = a_sample("two books", 20, 30, 50, planned=100)


def texts(lines: Sequence[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def test_each_corpus_has_its_progress_its_pace_its_skips_and_its_origin() -> None:
    first = replace(
        FIRST,
        skips=25,
        reading_seconds=(8.6,) * 5,
        provenance=Provenance(planned=200, revision="c0ffee", seed="7"),
    )
    corpora = summarise_countable([first, SECOND]).summary.corpora
    assert texts(corpora_lines(corpora, 54))[::5] == [
        "● one        100 of 200 ━━━━━━━━━━━━────────────",
        "■ two books  100 of 100 ━━━━━━━━━━━━━━━━━━━━━━━━  done",
    ]
    lines = corpora_lines(corpora, 40)
    assert texts(lines) == [
        "● one        100 of 200 ━━━━━─────",
        "  9 s per label · 25 skipped (20.0 %),",
        "  left out of the shares",
        "  revision c0ffee · seed 7",
        "",
        "■ two books  100 of 100 ━━━━━━━━━━  done",
        "  no skips",
    ]
    assert [style for _, style in lines[0]] == [
        "$foreground-muted",
        "bold",
        "",
        "",
        "$accent",
        "$frame",
        "$text-success",
    ]
    beyond = replace(SECOND, provenance=Provenance(planned=99))
    assert texts(corpora_lines(summarise_countable([beyond]).summary.corpora, 40))[0].endswith("━━━━  done")
    (unplanned,) = summarise_countable([a_sample("one", 1)]).summary.corpora
    assert texts(corpora_lines([unplanned], 40, ["two", "one"])) == ["■ one  1", "  no skips"]


def test_the_established_differences_of_each_pair_are_listed_the_largest_first() -> None:
    third = a_sample("three", 61, 29, 10)
    done = [replace(sample, provenance=Provenance(planned=100)) for sample in (FIRST, SECOND, third)]
    pairs = compare_corpora(done).pairs
    lines = difference_lines(pairs[:2], {"Category 1": "red"}, 60)
    assert texts(lines) == [
        "two books minus one",
        "  Category 3  +40.0 pp  (+27.8 to +50.6)",
        "  Category 1  −40.0 pp  (−51.2 to −26.8)",
        "",
        "three minus one",
        "  none",
    ]
    assert lines[0][0] == ("two books", "bold")
    assert [line[0][1] for line in lines[1:3]] == ["bold", "bold red"]
    provisional = compare_corpora([FIRST, replace(third, provenance=Provenance(planned=200))]).pairs
    assert texts(difference_lines(provisional, {}, 60))[-1] == "  none so far"


def test_what_the_shares_do_not_say_is_wrapped_beside_its_dot() -> None:
    corpora = summarise_countable([FIRST, a_sample("two", 200, 0, 0)]).summary.corpora
    lines = texts(limit_lines(corpora, {}, 40))
    assert [line[:2] for line in lines if line.startswith("·")] == ["· "] * lines.count("") + ["· "]
    assert max(map(len, lines)) <= 40
    assert lines[-3:] == [
        "· An interval covers sampling error",
        "  only, not how another reader would",
        "  label.",
    ]


@pytest.mark.parametrize(("width", "bar"), [(58, 0), (59, 9), (75, 25), (130, 79), (200, 79)])
def test_a_table_has_bars_of_at_least_nine_and_at_most_eighty_cells(width: int, bar: int) -> None:
    corpora = summarise_countable([FIRST]).summary.corpora
    table = render_corpora(corpora, width, {"Category 1": "red"}, 0.05, method=False)
    name, heading, first, *others = table.plain.splitlines()
    assert name == "one"
    assert heading.startswith("category    labels   share   95 % interval  rank")
    assert first.startswith("Category 1      60  60.0 %  50.2 to 69.1 %     1")
    assert len(first) == 48 + (2 + bar if bar else 0)
    assert others[-1] == "n = 100"
    assert others[-2].startswith("to ±5 pp: 276 more labels")


def test_a_wide_page_drops_the_panels_that_have_no_room_and_keeps_the_corpora_and_the_warnings() -> None:
    samples = [FIRST, SECOND]
    corpora = summarise_countable(samples).summary.corpora
    pairs = compare_corpora(samples).pairs

    def titles(height: int, width: int = 158) -> list[str]:
        page = texts(share_page(corpora, {}, width, height, pairs=pairs).lines)
        assert {len(line) for line in page if "│" in line} == {width}
        return [part.split(" ─")[0] for line in page for part in line.split("╭─ ")[1:]]

    numbers = "the same in numbers"
    everything = ["share of each category", "corpora", "established differences", "read with care", numbers]
    assert sorted(titles(60)) == sorted(titles(17)) == sorted(everything)
    assert titles(16) == ["share of each category", "corpora", "read with care"]
    assert titles(11) == ["share of each category", "read with care"]
    assert titles(9) == []
    assert titles(60, 157) == ["share of each category"]


@pytest.mark.parametrize("width", [58, 78, 118, 158, 198])
def test_names_of_any_length_break_no_frame(width: int) -> None:
    names = ("漢字の分類の名前がとても長い場合の表示", "a category with a name of forty cells ok", "x")
    samples = [
        replace(a_sample(corpus, *counts, planned=12_000), categories=names)
        for corpus, *counts in (
            ("とても長い名前のコーパスですよね本当に", 1000, 300, 7),
            ("a corpus with quite a long name, of 40 ce", 10, 3000, 70),
            ("c", 1, 0, 0),
        )
    ]
    summary = summarise_countable(samples).summary
    pairs = compare_corpora(samples).pairs
    for lines in (
        share_page(summary.corpora, {}, width, 58, pairs=pairs).lines,
        share_page(summary.corpora, {}, width, 10).lines,
        side_by_side_page(summary, {}, width, 22).lines,
        comparison_page(pairs[0], pairs[1:], {}, width, 22).lines,
    ):
        assert max(map(line_width, lines)) <= width


def test_a_frame_has_room_for_a_blank_at_each_side_and_lines_beside_it_begin_in_one_column() -> None:
    frame = framed([[("ab", "")], [("漢字", "red")]], "t", "", 8)
    assert texts(frame) == ["╭─ t ──╮", "│ ab   │", "│ 漢字 │", "╰──────╯"]
    assert [line_width(line) for line in frame] == [8] * 4
    assert texts(beside(frame, [[("x", "")]] * 5, 9))[-1] == " " * 9 + "x"
    assert texts(framed([], "title", "a foot too long", 12)) == ["╭─ title ──╮", "╰─ a foo… ─╯"]
