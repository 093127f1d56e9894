"""Tests of `corpuscope agreement` in every output form."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from command_lines import run
from corpuscope.errors import CorpusError
from ledger_fakes import Scribe
from makers import a_document


@pytest.fixture
def labels(tmp_path: Path) -> str:
    """Two corpora, labelled by two people who disagree about one document of each."""
    for annotator, disputed in (("ann", "News"), ("ben", "Forum")):
        with Scribe(tmp_path, annotator, annotator) as scribe:
            for corpus in ("c4", "web"):
                for draw in range(5):
                    category = disputed if draw == 3 else "Educational"
                    scribe.label(a_document(draw, corpus=corpus), category)
    return str(tmp_path)


def test_percent_with_its_interval_comes_first(labels: str) -> None:
    result = run("agreement", "--labels", labels)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[1].split()[:3] == ["readers", "documents", "agree"]
    assert lines[2].startswith("ann and ben         10  80.0 %  49.0 to 94.3 %")
    (confused,) = [line.split() for line in lines if line.startswith("Forum, News")]
    assert confused[2:5] == ["2", "0", "2"]


def test_a_corpus_can_be_named_and_an_unknown_one_is_an_error(labels: str) -> None:
    report = json.loads(run("agreement", "c4", "--format", "json", "--labels", labels).stdout)
    (group,) = report["whole"]
    assert group["corpora"] == {"c4": 5}
    assert group["n"] == 5
    assert len(group["documents"]) == 5
    (confused,) = group["confused"]
    assert (confused["one"], confused["other"], confused["documents"]) == ("Forum", "News", 1)
    assert confused["one_given_by"] == {"ann": 0, "ben": 1}
    assert isinstance(run("agreement", "c5", "--labels", labels).exception, CorpusError)


def test_a_listed_document_can_be_shown_by_the_ledger(labels: str) -> None:
    result = run("agreement", "c4", "--documents", "--format", "csv", "--labels", labels)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["reader"], row["category"]) for row in rows] == [("ann", "News"), ("ben", "Forum")]
    for prefix in (rows[0]["event_id"], rows[0]["document_id"][:12]):
        history = run("ledger", "show", prefix, "--labels", labels)
        assert "label News" in history.stdout
        assert "label Forum" in history.stdout


def test_csv_and_markdown_hold_the_same_numbers(labels: str) -> None:
    rows = list(csv.DictReader(io.StringIO(run("agreement", "--format", "csv", "--labels", labels).stdout)))
    assert {row["measure"] for row in rows} == {"agree", "kappa", "AC1", "alpha", "confused"}
    assert float(rows[0]["value"]) == 0.8
    markdown = run("agreement", "--format", "markdown", "--labels", labels).stdout
    assert "| ann and ben | 10 | 80.0 % | 49.0 to 94.3 % |" in markdown


def test_without_documents_labelled_twice_the_command_says_what_to_do(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
        scribe.label(2)
    result = run("agreement", "--labels", str(tmp_path))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.startswith("Nobody labelled a document twice (2 labelled once): ")
    assert "--annotator NAME" in result.stderr
    (tmp_path / "none").mkdir()
    nothing = run("agreement", "--format", "json", "--labels", str(tmp_path / "none"))
    assert json.loads(nothing.stdout) == {"whole": [], "pairs": []}
    assert "no labels yet" in nothing.stderr


@pytest.mark.parametrize("options", [(), ("--score", "score")])
def test_labels_of_a_category_that_was_split_up_are_left_out_and_that_is_said(
    labels: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    scheme = tmp_path / "split.yaml"
    scheme.write_text(
        "categories:\n"
        "  - {name: Educational, key: 1, definition: teaches}\n"
        "  - {name: Forum, key: 2, definition: talks}\n"
        "split: [News]\n"
    )
    result = run("agreement", *options, "--labels", labels, "--categories", str(scheme))
    assert "2 labels of a category that was split up await a new reading; left out" in result.stderr
