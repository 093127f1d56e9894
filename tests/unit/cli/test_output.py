"""Tests of what commands print beside their tables: the plan in sentences, and rows for a pipe."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpuscope.cli.output import page_width, plan_sentences, print_corpora, print_table
from corpuscope.corpora.known import KNOWN
from corpuscope.report.tables import Table
from corpuscope.sampling.assignment import Assignment
from corpuscope.sampling.plan import Plan
from corpuscope.session.study_plan import CorpusStatus

PLAN = Plan(7).with_corpus(KNOWN["c4"].corpus, target=100)


@pytest.fixture(autouse=True)
def without_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no environment say how wide a line is."""
    monkeypatch.delenv("COLUMNS", raising=False)


def test_a_plan_is_said_in_sentences() -> None:
    assert list(plan_sentences(None)) == ["no plan yet; it is written when labelling begins"]
    assert list(plan_sentences(PLAN)) == ["seed 7"]
    assert list(plan_sentences(replace(PLAN, second_looks=10))) == [
        "seed 7",
        "10 % of the documents come a second time, blind",
    ]


@pytest.mark.parametrize(
    ("overlap", "words", "each"),
    [
        (20, "all of them label 20 % of the documents, each of the others is labelled by one", 60),
        (0, "each of the others is labelled by one", 50),
    ],
)
def test_who_labels_what_is_said_with_everybodys_share(overlap: int, words: str, each: int) -> None:
    shared = replace(PLAN, assignment=Assignment(("ann", "ben"), overlap))
    _, people, share = plan_sentences(shared)
    assert people == f"shared among ann, ben: {words}"
    assert share == f"of the 100 of c4: ann {each}, ben {each}"


def test_a_pipe_gets_the_rows_of_a_table_with_tabs_between_cells(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(Table("", ("file", "kind"), (("a\tb.jsonl", "text"), ("c\x1b[31m", "other")), ()))
    assert capsys.readouterr().out == "file\tkind\na b.jsonl\ttext\nc␛[31m\tother\n"


def test_a_pipe_gets_wide_lines_unless_their_width_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert page_width() == 200
    monkeypatch.setenv("COLUMNS", "90")
    assert page_width() == 90
    monkeypatch.setenv("COLUMNS", "wide")
    assert page_width() == 200


def test_corpora_are_listed_with_what_is_labelled_planned_and_uniform(
    capsys: pytest.CaptureFixture[str],
) -> None:
    corpus = KNOWN["c4"].corpus
    statuses = [
        CorpusStatus(corpus, 1_234, 2_000, "0123456789abcdef", "each document alike"),
        CorpusStatus(replace(corpus, key="mine", description=""), 0, None, None, "not known"),
    ]
    print_corpora(statuses, PLAN)
    heads, first, second, *sentences = capsys.readouterr().out.splitlines()
    assert heads.split() == ["corpus", "labels", "planned", "revision", "what", "it", "is"]
    assert first.split()[:4] == ["c4", "1,234", "2,000", "0123456789ab"]
    assert first.endswith(corpus.description)
    assert second.split() == ["mine", corpus.path]
    assert sentences == ["", "c4: each document alike", "mine: not known", "", "seed 7"]
