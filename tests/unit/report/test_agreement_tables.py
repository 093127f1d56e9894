"""Tests of what is said of agreement where there is nothing to measure, and after a practice."""

from __future__ import annotations

import pytest

from corpuscope.report.agreement_tables import missed_lines, nothing_to_compare


def test_a_wrong_answer_is_shown_with_60_cells_of_its_document_and_the_reason() -> None:
    right = ("News", "News", "", "never shown")
    exact = ("Forum", "News", "it reports", "x" * 60)
    long = ("Forum", "News", "it reports", f"a\n\n b {'x' * 57}")
    assert missed_lines([right, exact, long]) == [
        "2 of 3 differ from the reference",
        "x" * 60,
        "- News, not Forum: it reports",
        f"a b {'x' * 55}…",
        "- News, not Forum: it reports",
    ]
    assert missed_lines([right, exact])[0] == "1 of 2 differs from the reference"
    assert missed_lines([right]) == []


@pytest.mark.parametrize(("documents", "so_far"), [(0, "no labels yet"), (1_200, "1,200 labelled once")])
def test_without_a_document_read_twice_it_is_said_what_to_do(documents: int, so_far: str) -> None:
    assert nothing_to_compare(documents) == (
        f"Nobody labelled a document twice ({so_far}): let another person label the same corpora in this folder with "
        "--annotator NAME; they are shown the same documents."
    )
