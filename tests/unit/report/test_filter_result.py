"""Tests of the words about a filter, judged on labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corpuscope.analysis.filter_forecast import FilterForecast, filter_forecast
from corpuscope.report.filter_result import FilterResult, chart_line, filter_section, quality_table
from corpuscope.report.page import Heading, Paragraph, ShareFigure
from corpuscope.report.tables import Table
from corpuscope.stats.sample import Sample
from corpuscope.stats.selection import parse_rule, selection

CATEGORIES = ("Educational", "Advertising")


def forecast(rule: str, codes: list[int], scores: list[float]) -> FilterForecast:
    """Judge a rule on labels with these scores."""
    parsed = parse_rule(rule, CATEGORIES)
    at = selection(parsed, codes, np.array(scores), CATEGORIES)
    return FilterForecast("web", parsed, CATEGORIES, len(codes), "tokens", 0.95, at, ())


@pytest.mark.parametrize(
    ("rule", "codes", "warnings"),
    [
        ("Educational>=0.5", [0, 1, 0], ()),
        (
            "Educational>=0.5",
            [1, 1, 1],
            ("No labelled document is Educational, so the labels tell no recall.",),
        ),
        (
            "Educational<0.95",
            [0, 0, 0],
            ("No labelled document is not Educational, so the labels tell no recall.",),
        ),
        (
            "Educational>=0.95",
            [0, 1, 0],
            ("None of the 3 labelled documents is kept: the threshold lies beyond their scores.",),
        ),
    ],
)
def test_what_the_labels_cannot_tell_is_said(rule: str, codes: list[int], warnings: tuple[str, ...]) -> None:
    table = quality_table(forecast(rule, codes, [0.9, 0.8, 0.2]))
    assert table.warnings == warnings


def test_precision_and_recall_stand_on_one_line_from_0_to_100_percent() -> None:
    both = chart_line(forecast("Educational>=0.5", [0, 1, 0], [0.9, 0.8, 0.2]).at)
    assert both.index("X") == 20
    perfect = forecast("Educational>=0.5", [0, 1, 0], [0.9, 0.1, 0.8]).at
    assert chart_line(perfect).endswith("X")
    assert set(chart_line(forecast("Educational>=0.5", [1, 1, 1], [0.9, 0.8, 0.2]).at)) == {"P", "·"}


def test_a_report_draws_precision_and_recall_at_the_thresholds_that_have_both() -> None:
    sample = Sample.of_counts("web", CATEGORIES, (10, 10))
    scores = np.array([0.95] * 8 + [0.3] * 2 + [0.6] * 2 + [0.1] * 8)[:, None] * [1, 0]
    judged = filter_forecast(sample, parse_rule("Educational>=0.5", CATEGORIES), scores)
    heading, explanation, *tables, figure, curve = filter_section([judged])
    assert heading == Heading("What a filter would keep")
    assert isinstance(explanation, Paragraph)
    assert [table.title for table in tables if isinstance(table, Table)] == [
        "web: keep Educational>=0.5",
        "web: what Educational>=0.5 keeps of each category",
    ]
    assert isinstance(figure, ShareFigure)
    assert figure.title == "Precision and recall of Educational >= threshold in web"
    assert figure.caption == "95 % intervals (Wilson), each meant alone, by the threshold on the left"
    assert (figure.corpora, figure.scale) == (("precision", "recall"), 1.0)
    assert [row.category for row in figure.rows] == [f"{number / 20:.2f}" for number in range(2, 19)]
    assert {row.colour for row in figure.rows} == {0}
    precision, recall = figure.rows[8].marks
    assert (precision.estimate, precision.interval, precision.value) == ("80.0", "49.0–94.3", 0.8)
    assert (recall.estimate, recall.established) == ("80.0", True)
    assert isinstance(curve, Table)
    assert curve.columns == (">=", "kept", "precision", "recall")
    assert filter_section([]) == ()


def test_a_threshold_that_keeps_nothing_is_no_row_of_the_chart() -> None:
    nothing = replace(
        forecast("Educational>=0.5", [1, 1], [0.9, 0.2]),
        curve=(forecast("Educational>=0.5", [0, 1], [0.1, 0.2]).at,),
    )
    *_, figure, curve = filter_section([nothing])
    assert isinstance(figure, ShareFigure)
    assert figure.rows == ()
    assert isinstance(curve, Table)
    assert curve.rows == (("0.50", "0.0 %", "", "0.0 %"),)
    assert list(FilterResult(nothing).csv_rows())[2][9:] == [
        "",
        "",
        "",
        0.0,
        0.0,
        pytest.approx(0.79345, abs=1e-4),
    ]


def test_a_rule_with_less_keeps_what_is_not_of_the_category() -> None:
    below = forecast("Educational<0.5", [0, 1, 1], [0.9, 0.8, 0.2])
    rows = quality_table(below).rows
    assert rows[0][4] == "of the documents kept, those that are not Educational"
    assert rows[1][4] == "of the documents that are not Educational, those kept"
    assert filter_section([below])[4].title == "Precision and recall of Educational < threshold in web"  # type: ignore[union-attr]
