"""Tests of the words about a filter, judged on labels."""

from __future__ import annotations

import numpy as np
import pytest

from corpuscope.analysis.filter_forecast import FilterForecast
from corpuscope.report.filter_result import chart_line, quality_table
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
