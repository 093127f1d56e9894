"""Tests of filters by a score, and of what they keep."""

from __future__ import annotations

import numpy as np
import pytest

from corpuscope.errors import UsageError
from corpuscope.stats.intervals import wilson
from corpuscope.stats.selection import KeepRule, parse_rule, selection, thresholds

CATEGORIES = ("Educational", "Goods & services", "Forum")
CODES = [0, 0, 0, 1, 1, 2]
SCORES = np.array([0.9, 0.7, 0.2, 0.65, 0.1, 0.3])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Educational>=0.6", KeepRule("Educational", high=True, threshold=0.6)),
        (" Goods & services < .25 ", KeepRule("Goods & services", high=False, threshold=0.25)),
        ("Forum>=-1", KeepRule("Forum", high=True, threshold=-1)),
    ],
)
def test_a_rule_is_a_category_a_sign_and_a_score(text: str, rule: KeepRule) -> None:
    assert parse_rule(text, CATEGORIES) == rule


@pytest.mark.parametrize(
    "text", ["Educational", "Educational=0.6", "Educational>0.6", "Educational>=", ">=0.5"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="not a rule") as refused:
        parse_rule(text, CATEGORIES)
    assert "'Educational>=0.6'" in refused.value.hint


def test_an_unknown_category_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError) as refused:
        parse_rule("Educatonal>=0.6", CATEGORIES)
    assert refused.value.hint.startswith("did you mean Educational?")


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((-0.03, 0.021), (-0.03, -0.02, -0.01, 0.0, 0.01, 0.02)),
        ((0.0, 0.97), tuple(number / 20 for number in range(20))),
        ((0.0, 20.0), tuple(range(21))),
        ((0.5, 0.5), (0.5,)),
        ((0.123, 0.123), ()),
    ],
)
def test_thresholds_of_a_curve_are_round_and_lie_among_the_scores(
    scores: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    assert thresholds(np.array(scores)) == pytest.approx(expected)


def test_precision_and_recall_are_shares_of_labelled_documents_with_wilsons_intervals() -> None:
    result = selection(parse_rule("Educational>=0.6", CATEGORIES), CODES, SCORES, CATEGORIES)
    assert result.precision is not None and result.recall is not None and result.kept is not None
    assert result.precision.value == pytest.approx(2 / 3)
    assert result.recall.value == pytest.approx(2 / 3)
    assert (result.precision.documents, result.recall.documents) == (3, 3)
    assert result.kept.value == pytest.approx(0.5)
    assert result.precision.interval == wilson(2, 3)
    kept = [share.value if share else None for share in result.by_category]
    assert kept == [pytest.approx(2 / 3), pytest.approx(0.5), 0.0]


def test_a_rule_with_less_keeps_what_is_not_of_the_category() -> None:
    result = selection(parse_rule("Educational<0.6", CATEGORIES), CODES, SCORES, CATEGORIES)
    assert result.precision is not None and result.recall is not None
    assert result.precision.value == pytest.approx(2 / 3)
    assert result.recall.value == pytest.approx(2 / 3)


def test_weights_and_tokens_count() -> None:
    rule = parse_rule("Educational>=0.6", CATEGORIES)
    result = selection(
        rule, CODES, SCORES, CATEGORIES, weights=[1, 1, 1, 4, 1, 1], sizes=[10, 10, 80, 10, 10, 10]
    )
    assert result.precision is not None and result.kept_tokens is not None and result.kept is not None
    assert result.precision.value == pytest.approx(2 / 6)
    assert result.kept.value == pytest.approx(6 / 9)
    assert result.kept_tokens.value == pytest.approx(60 / 160)
    education = result.tokens_by_category[0]
    assert education is not None
    assert education.value == pytest.approx(0.2)


def test_there_is_no_precision_without_kept_documents_and_no_recall_without_the_category() -> None:
    result = selection(parse_rule("Forum>=2", CATEGORIES), [0, 1], np.array([0.2, 0.3]), CATEGORIES)
    assert result.precision is None
    assert result.recall is None
    assert result.by_category[2] is None
