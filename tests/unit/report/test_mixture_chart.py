"""Tests of the chart of a mixture on a page."""

from __future__ import annotations

import re

from corpuscope.analysis.mixtures import mixture_from, summaries_for
from corpuscope.analysis.references import samples_by_name
from corpuscope.domain.mix import Mix
from corpuscope.report.html import page_html
from corpuscope.report.markdown import page_markdown
from corpuscope.report.mixture_chart import mixture_axis, mixture_blocks
from corpuscope.report.page import Page, StackFigure

PUBLISHED = samples_by_name(["published"])
SEVEN = next(iter(PUBLISHED.values())).categories
SUMMARIES = summaries_for("documents", PUBLISHED, SEVEN)
WEIGHTS = {"c4": 30.0, "fineweb": 20.0, "fineweb-edu": 50.0}
MIXTURE = mixture_from(Mix(WEIGHTS, 20e9, "documents"), SUMMARIES, SEVEN, name="first")


def a_chart(weights: dict[str, float]) -> StackFigure:
    mixture = mixture_from(Mix(weights, by="documents"), SUMMARIES, SEVEN)
    chart = mixture_blocks([mixture])[1]
    assert isinstance(chart, StackFigure)
    return chart


def test_a_bar_ends_at_the_share_and_its_interval_lies_below() -> None:
    html = page_html(Page("question", mixture_blocks([MIXTURE])))
    assert "What is in the mix first" in html
    figure = html.split("<figure>")[1].split("</figure>")[0]
    bar = figure.split(">Educational</span>")[1].split("</svg></span>")[0]
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([0-9.]+)%"', bar)]
    assert len(widths) == 3
    assert abs(sum(widths) / 100 * 10 - 8.512) < 0.01
    assert "Educational 8.5 B (7.8-9.2)" in figure
    assert figure.count(">fineweb-edu</span>") == 1
    assert "hollow" not in figure  # a hollow mark is one that is not established


def test_a_corpus_without_labels_is_an_empty_box_and_no_share() -> None:
    chart = a_chart({"c4": 50, "mine": 50})
    html = page_html(Page("question", (chart,)))
    assert html.count('class="unknown"') == 7
    assert not chart.rows[0].mark.established


def test_markdown_has_the_tables_alone_and_a_mixture_without_labels_no_chart() -> None:
    assert "rect" not in page_markdown(Page("question", mixture_blocks([MIXTURE])))
    unread = mixture_from(Mix({"mine": 1}), {}, SEVEN)
    assert not any(isinstance(block, StackFigure) for block in mixture_blocks([unread]))
    assert mixture_blocks([]) == ()


def test_an_axis_is_in_percent_without_a_budget_and_else_in_one_unit() -> None:
    assert mixture_axis(MIXTURE).words == "billions of documents"
    assert [mixture_axis(MIXTURE).label(tick) for tick in mixture_axis(MIXTURE).ticks] == [
        "0",
        "2",
        "4",
        "6",
        "8",
        "10",
    ]
    percent = mixture_axis(mixture_from(Mix(WEIGHTS), SUMMARIES, SEVEN))
    assert (percent.words, percent.top, percent.number(0.4256)) == ("percent of the tokens", 50, "42.6")
