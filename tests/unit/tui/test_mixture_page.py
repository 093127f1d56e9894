"""Tests of the page of a mixture: what is drawn, line by line, and what gives way where there is no room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpuscope.analysis.mixture_plans import compare_mixes
from corpuscope.analysis.mixtures import Mixture, mixture_from, summaries_for
from corpuscope.analysis.references import samples_by_name
from corpuscope.domain.mix import Mix, TypedWeight
from corpuscope.report.scales import nice_axis
from corpuscope.stats.sample import Sample
from corpuscope.tui.charts.frames import Line, line_width
from corpuscope.tui.charts.mixture import MixtureChart
from corpuscope.tui.charts.mixture_page import MixtureView, Palette, mixture_page, weight_lines

PUBLISHED = samples_by_name(["published"])
SEVEN = next(iter(PUBLISHED.values())).categories
SUMMARIES = summaries_for("documents", PUBLISHED, SEVEN)
WEIGHTS = {"c4": 30.0, "fineweb": 20.0, "fineweb-edu": 50.0}
MIXTURE = mixture_from(Mix(WEIGHTS, 20e9, "documents"), SUMMARIES, SEVEN)
PLAIN = Palette({})


def texts(lines: Sequence[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def test_a_bar_stacks_what_the_corpora_contribute_above_the_interval_of_the_whole() -> None:
    chart = MixtureChart(MIXTURE, {}, {}, 76)
    axis, educational, below = texts([chart.axis, *chart.rows()[:2]])
    assert axis.split() == ["0", "2", "4", "6", "8", "10", "documents", "interval"]
    assert educational == "Educational  █●█▓▒▲▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒      ┊      8.5 B   7.8-9.2"
    assert below == "             │       ┊       ┊        ┊      ╺━━╋━━   ┊  ● 0.7  ■ 0.3  ▲ 7.5"
    assert chart.legend == "from left: ● c4, ■ fineweb, ▲ fineweb-edu · billions of documents"


def test_tones_take_the_place_of_shades() -> None:
    chart = MixtureChart(MIXTURE, {}, {"Educational": ("black on white", "black on grey")}, 76)
    styles = [style for text, style in chart.rows()[0] if text.strip() in ("●", "▲")]
    assert styles == ["black on white", "black on white"]
    assert "█" not in texts(chart.rows())[0]


def test_a_corpus_without_labels_is_drawn_as_question_marks() -> None:
    mixture = mixture_from(Mix({"c4": 50, "mine": 50}, by="documents"), SUMMARIES, SEVEN)
    chart = MixtureChart(mixture, {}, {}, 90)
    educational, below = texts(chart.rows()[:2])
    assert educational.count("?") > 10
    assert "5.9-55.9" in educational
    assert below.endswith("● 5.9  ■ ?")
    assert "? no labels" in chart.legend


@pytest.mark.parametrize(
    ("highest", "axis"),
    [(9.17e9, (10e9, 2e9)), (45.9, (50, 10)), (0.3, (0.3, 0.05)), (100.0, (100, 20)), (0, (1, 0.2))],
)
def test_an_axis_ends_at_a_round_number(highest: float, axis: tuple[float, float]) -> None:
    assert nice_axis(highest) == pytest.approx(axis)


def test_everything_fits_into_80_by_24_and_many_categories_scroll_below_their_axis() -> None:
    page = mixture_page(MixtureView(MIXTURE), PLAIN, 78, 22)
    lines = texts([*page.fixed, *page.lines])
    assert len([line for line in lines if "warning" not in line]) <= 22
    assert max(map(len, lines)) <= 78
    many = tuple(f"category {i}" for i in range(40))
    samples = {"a": Sample.of_counts("a", many, (5,) * 40), "b": Sample.of_counts("b", many, (3,) * 40)}
    summaries = summaries_for("documents", samples, many)
    large = mixture_from(Mix({"a": 1, "b": 1}, by="documents"), summaries, many)
    page = mixture_page(MixtureView(large), PLAIN, 78, 22)
    assert texts(page.fixed[-1:])[0].split()[-2:] == ["%", "interval"]
    assert len(page.fixed) < 10
    assert len(page.lines) == 81


def weight_texts(width: int = 114, **changes: object) -> list[str]:
    view = replace(MixtureView(MIXTURE), **changes)  # type: ignore[arg-type]
    return texts(weight_lines(view, (), width))


def test_the_line_of_the_sum_says_what_a_typed_weight_replaces() -> None:
    typed = TypedWeight(MIXTURE.mix, "fineweb-edu", "5")
    lines = weight_texts(chosen=2, typed=typed)
    assert lines[2].startswith("▸ ▲ fineweb-edu     5▏ %")
    assert "sum              100 %  20 B" in lines[3]
    assert lines[3].endswith("enter keeps 5 · esc goes back to 50 · the other weights give way in proportion")
    assert weight_texts(76, chosen=2, typed=typed)[3].endswith("enter keeps 5 · esc back to 50")


def test_the_next_labels_stand_beside_those_given_with_the_command_that_draws_them() -> None:
    further = {"c4": 33, "fineweb-edu": 67}
    lines = weight_texts(next_labels=further, command="corpuscope label --for-mix first")
    assert [line.split("labels")[1].strip() for line in lines[:3]] == ["+ 33", "+ 0", "+ 67"]
    assert lines[3].endswith("+ the next 100 labels: corpuscope label --for-mix first")
    assert weight_texts(next_labels={})[3].endswith("no corpus can get more labels")


def against(second: dict[str, float], width: int = 118) -> list[str]:
    comparison = compare_mixes(MIXTURE, Mix(second, by="documents"), SUMMARIES, SEVEN)
    page = mixture_page(MixtureView(MIXTURE, against=comparison), PLAIN, width, 38)
    return texts(page.lines)


def test_two_mixes_are_shown_with_the_interval_of_their_difference_and_a_verdict() -> None:
    lines = against({"c4": 60, "fineweb": 40})
    assert lines[0].startswith("╭─ this mix minus the mix before, points ─")
    assert "the mixes differ: chi-square over all categories, p < .001" in lines[3]
    educational = next(line for line in lines if "Educational" in line)
    assert educational.strip("│ ").split()[-7:] == ["42.6", "10.5", "−32.1", "−35.1", "to", "−28.4", "lower"]
    assert len({len(line) for line in lines}) == 1


def test_a_mix_of_the_same_weights_has_no_chart_of_zeros() -> None:
    lines = against(WEIGHTS)
    assert any("the weights are the same: move one" in line for line in lines)
    assert not any("Educational" in line for line in lines)


def test_every_warning_stands_in_the_method_and_the_first_above_the_weights() -> None:
    warned: Mixture = replace(MIXTURE, warnings=tuple(f"warning number {i}" for i in range(5)))
    narrow = mixture_page(MixtureView(warned), PLAIN, 78, 22)
    assert sum("warning number" in line for line in texts(narrow.fixed)) == 1
    assert any("5 warnings, key m" in line for line in texts(narrow.fixed))
    wide = mixture_page(MixtureView(warned), PLAIN, 118, 38)
    assert sum("warning number" in line for line in texts(wide.fixed)) == 5
    method = mixture_page(MixtureView(warned, method=True), PLAIN, 78, 22)
    assert sum("warning number" in line for line in texts(method.lines)) == 5


def test_an_assisted_share_stands_above_that_of_the_labels_alone() -> None:
    chart = MixtureChart(replace(MIXTURE, alone=MIXTURE.shares), {}, {}, 76)
    assert texts(chart.rows()[1:2])[0].endswith("  labels 8.5 B 7.8-9.2")


@pytest.mark.parametrize("width", [58, 78, 98, 158])
def test_names_of_any_length_break_no_frame(width: int) -> None:
    corpora = ("とても長い名前のコーパスですよね本当に", "a corpus with quite a long name, of 40 ce", "c")
    categories = ("漢字の分類の名前がとても長い場合の表示", "a category with a name of forty cells ok")
    codes = (0,) * 1000 + (1,) * 300
    summaries = summaries_for(
        "documents", {name: Sample(name, categories, codes) for name in corpora}, categories
    )
    uneven = Mix(dict(zip(corpora, (80, 10, 10), strict=True)), 20e9, "documents")
    even = mixture_from(Mix(dict.fromkeys(corpora, 33), 20e9, "documents"), summaries, categories)
    against = compare_mixes(even, uneven, summaries, categories)
    for view in (
        MixtureView(even, 0, None, next_labels=dict.fromkeys(corpora, 33), narrowed=categories[0]),
        MixtureView(even, 1, None, against=against),
        MixtureView(even, 2, None, method=True),
    ):
        page = mixture_page(view, PLAIN, width, 38)
        assert max(map(line_width, (*page.fixed, *page.lines))) <= width
