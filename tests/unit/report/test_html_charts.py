"""Tests of where the charts of a page draw shares, differences and contributions."""

from __future__ import annotations

import re

import pytest

from corpuscope.report.html_charts import SHAPES, colour_rules, difference_chart, share_chart, stack_chart
from corpuscope.report.page import ChartRow, DifferenceFigure, Mark, ShareFigure, StackFigure, StackRow


def a_mark(low: float, value: float, high: float, *, established: bool = True) -> Mark:
    return Mark(low, value, high, f"{100 * value:.0f}", "low-high", established)


def a_stack(*parts: float | None, most: float = 0.0) -> StackFigure:
    row = StackRow("News", 0, parts, most, a_mark(0.1, 0.2, 0.6))
    return StackFigure("title", "", ("one", "two"), (row,), 0.5, ((0, "0"), (0.25, "25"), (0.5, "50")))


def rows_of(html: str) -> list[str]:
    """Return the drawings of the rows, without the axis."""
    return re.findall(r'<span class="plot[^"]*">(.*?)</span>', html)


def shape_of(html: str) -> int:
    return next(i for i, path in enumerate(SHAPES) if f'd="{path}"' in html)


def axis_of(html: str) -> list[tuple[float, str]]:
    ticks = re.findall(r'<text x="([0-9.]+)%" y="13" text-anchor="middle">([^<]*)</text>', html)
    return [(float(at), label) for at, label in ticks]


def place_of(row: str) -> tuple[float, float, float]:
    """Return the ends of an interval and its mark, in percent of the width."""
    low, high = re.findall(r'<svg><line x1="([0-9.]+)%" x2="([0-9.]+)%"', row)[0]
    (mark,) = re.findall(r'<svg x="([0-9.]+)%"', row)
    assert row.count(f'<line x1="{low}%" x2="{low}%"') == row.count(f'<line x1="{high}%" x2="{high}%"') == 1
    return float(low), float(mark), float(high)


def test_a_share_is_drawn_from_0_to_the_end_of_the_scale_with_the_mark_of_its_corpus() -> None:
    marks = (a_mark(0.1, 0.2, 0.3), a_mark(0.0, 0.0, 0.9, established=False))
    html = share_chart(ShareFigure("title", "", ("one", "two"), (ChartRow("News", 3, marks),), 0.4))
    assert axis_of(html) == [(0, "0"), (50, "20"), (100, "40")]
    assert "--parts: 2" in html
    one, two = rows_of(html)
    assert (place_of(one), place_of(two)) == ((25, 50, 75), (0, 0, 100))
    assert [shape_of(row) for row in (one, two)] == [0, 1]
    assert ("hollow" in one, "hollow" in two) == (False, True)
    assert [shape_of(key) for key in re.findall(r'<svg class="key.*?</svg>', html)] == [0, 1]
    assert html.count("hollow") == 2  # in the plot and beside the name of the corpus
    assert html.count(">News</span>") == 1
    assert html.count('"name k3"') == 2
    assert 'aria-label="title: News: one 20 (low-high), two 0 (low-high)"' in html


def test_a_difference_is_drawn_around_the_middle_and_is_hollow_until_established() -> None:
    row = ChartRow("News", 1, (a_mark(-0.1, 0.0, 0.1, established=False), a_mark(0.05, 0.1, 0.15)))
    other = ChartRow("Forum", 2, (a_mark(-0.2, -0.1, 0.1, established=False), a_mark(-0.2, -0.1, 0.0)))
    html = difference_chart(DifferenceFigure("title", "", ("a - b", "a - c"), (row, other), 0.2))
    assert axis_of(html) == [(0, "−20"), (50, "0"), (100, "+20")] * 2
    assert [place_of(row) for row in rows_of(html)] == [
        (25, 50, 75),
        (0, 25, 75),
        (62.5, 75, 87.5),
        (0, 25, 50),
    ]
    assert ["hollow" in row for row in rows_of(html)] == [True, True, False, False]
    assert {shape_of(row) for row in rows_of(html)} == {0}
    assert re.findall(r'class="plot ([^"]*)"', html) == ["open", "open", "k1", "k2"]
    words = "a - b: News 0 (low-high), Forum -10 (low-high) not established; a - c: News 10 (low-high), "
    assert f'aria-label="title: {words}Forum -10 (low-high)"' in html


def test_a_bar_is_stacked_from_the_left_with_marks_in_the_middle_of_wide_segments() -> None:
    bar, whole = rows_of(stack_chart(a_stack(0.1, 0.2, 0.02, 0.01)))
    rectangles = re.findall(r'<rect x="([0-9.]+)%" y="2" width="([0-9.]+)%" height="14" (\S+)/>', bar)
    assert [(float(x), float(width)) for x, width, _ in rectangles] == [(0, 20), (20, 40), (60, 4), (64, 2)]
    assert len({opacity for _, _, opacity in rectangles}) == 4
    assert [float(x) for x in re.findall(r'class="inside" x="([0-9.]+)%"', bar)] == [10, 40, 62]
    assert re.findall(r'<line x1="([0-9.]+)%" x2="([0-9.]+)%"', whole) == [
        ("20.00", "100.00"),
        ("40.00", "40.00"),
    ]


def test_the_axis_of_a_stack_has_its_ticks_and_a_legend_of_full_marks() -> None:
    html = stack_chart(a_stack(0.1, 0.2))
    assert axis_of(html) == [(0, "0"), (50, "25"), (100, "50")]
    assert "--parts: 2" in html
    legend = html.split('class="legend">')[1].split('<span class="name">')[0]
    assert re.findall(r"</svg>(\w+)</span>", legend) == ["one", "two"]
    assert "hollow" not in html


@pytest.mark.parametrize(("most", "width"), [(0.4, "40.00"), (0.9, "60.00")])
def test_what_a_corpus_without_labels_may_add_is_a_box_up_to_the_end_of_the_scale(
    most: float, width: str
) -> None:
    bar, _ = rows_of(stack_chart(a_stack(0.2, None, most=most)))
    assert f'<rect x="40.00%" y="2" width="{width}%" height="14" class="unknown"/>' in bar
    assert "unknown" not in rows_of(stack_chart(a_stack(0.2, 0.1, most=0.3)))[0]


def test_colours_are_dark_only_on_a_screen() -> None:
    light, dark = colour_rules((("#111", "#eee"), ("#222", "#ddd"))).splitlines()
    assert light == ".k0 { --colour: #111; } .k1 { --colour: #222; }"
    assert (
        dark
        == "@media screen and (prefers-color-scheme: dark) { .k0 { --colour: #eee; } .k1 { --colour: #ddd; } }"
    )
    assert colour_rules(()) == ""
