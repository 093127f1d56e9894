"""Tests of what is said about a classifier and of the answers that it reads."""

from __future__ import annotations

from dataclasses import replace

from corpuscope.analysis.classifier import Accuracy, AnswerFeatures
from corpuscope.domain.answer import Answer, ModelAnswers
from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.stats.intervals import wilson


def test_the_three_pairs_that_are_taken_for_each_other_most_often_are_named() -> None:
    confusion = ((9, 1, 0, 4), (2, 9, 0, 0), (1, 0, 9, 0), (3, 2, 0, 9))
    accuracy = Accuracy(confusion, 36, 49, wilson(36, 49))
    assert accuracy.most_confused("abcd") == (("d", "a", 7), ("b", "a", 3), ("d", "b", 2))
    assert accuracy.most_confused("abcd", 9)[3:] == (("c", "a", 1),)


def test_an_answer_is_a_row_of_probabilities_in_todays_categories() -> None:
    scheme = CategoryScheme(
        (Category("1", "News", "n", formerly=("Press", "Reports")), Category("2", "Forum", "f"))
    )
    answer = Answer("1", "", "web", "a", "", "bot", "", "p", "{}", scheme.hash, "Press")
    given = {"Press": 0.5, "Reports": 0.2, "Forum": 0.1, "Gone": 0.2}
    others = [
        replace(answer, id="2", document_id="b", probabilities=given),
        replace(answer, id="3", document_id="c", category=None),
    ]
    answers = AnswerFeatures(ModelAnswers.latest("bot", [answer, *others]), scheme)
    rows = answers.rows([("web", name) for name in "abcd"])
    assert rows.tolist() == [[1, 0], [0.7, 0.1], [0, 0], [0, 0]]
