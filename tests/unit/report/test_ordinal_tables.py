"""The scale of an ordinal scheme in every output, from labels and scores in a ledger."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from corpuscope.cli import run
from ledger_fakes import Scribe
from makers import a_document

SCHEME = "scale: ordinal\nscore_column: int_score\ncategories:\n" + "".join(
    f"  - {{name: {number}, definition: d}}\n" for number in range(4)
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two corpora on a scale from 0 to 3, of which one has a score of its own; both readers read the first."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "categories.yaml").write_text(SCHEME)
    for reader, shift in (("ann", 0), ("ben", 1)):
        with Scribe(folder / "labels", session=reader, annotator=reader) as scribe:
            for draw in range(24):
                scored = a_document(draw, corpus="edu", int_score=str(min(3, draw % 4 + 1)))
                scribe.label(scored, str(min(3, draw % 4 + shift * (draw % 3 == 0))))
                if reader == "ann":
                    scribe.label(a_document(draw, f"other {draw}", corpus="crawl"), str(draw % 2))
    return folder


@pytest.fixture(autouse=True)
def study(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in the folder of the study, with the config and cache of nobody."""
    monkeypatch.chdir(folder)
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(folder / "home"))


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(list(arguments)) == 0
    return capsys.readouterr().out


def test_summary_states_mean_and_thresholds_beside_the_score_of_the_corpus(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tables = output(capsys, "summary")
    edu = tables[tables.index("edu: scale") :].splitlines()
    assert edu[1].split() == ["scale", "labels", "estimate", "95", "%", "interval", "own", "score"]
    assert edu[2].split() == ["mean", "24", "1.50", "1.07", "to", "1.93", "2.25"]
    assert edu[5].split() == ["3", "or", "more", "6", "25.0", "%", "12.0", "to", "44.9", "%", "50.0", "%"]
    assert "label minus own score -0.75 [" in edu[6]
    assert "weighted kappa with the own score 0." in edu[6]
    crawl = tables[: tables.index("edu")]
    assert "own score" not in crawl
    assert "no labelled document has a number in the score_column" in crawl


def test_csv_and_json_have_the_scale(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(output(capsys, "summary", "edu", "--format", "csv"))))
    assert [row["category"] for row in rows] == [
        "0",
        "1",
        "2",
        "3",
        "mean",
        "1 or more",
        "2 or more",
        "3 or more",
    ]
    assert (rows[4]["share"], rows[4]["95 % interval"]) == ("1.50", "1.07 to 1.93")
    assert "weighted kappa" in rows[4]["caption"]
    (corpus,) = json.loads(output(capsys, "summary", "edu", "--format", "json"))["corpora"]
    assert corpus["ordinal"]["mean"] == 1.5
    assert corpus["ordinal"]["own"]["n"] == 24


def test_agreement_has_a_weighted_kappa(capsys: pytest.CaptureFixture[str]) -> None:
    assert "weighted kappa: Cohen's with quadratic weights" in output(capsys, "agreement")
    whole = json.loads(output(capsys, "agreement", "--format", "json"))["whole"][0]
    assert whole["weighted_kappa"]["value"] > whole["kappa"]["value"]
    assert ",weighted kappa,,," in output(capsys, "agreement", "--format", "csv")


def test_compare_states_the_difference_of_the_means(capsys: pytest.CaptureFixture[str]) -> None:
    assert "mean 1.50 minus 0.50: +1.00 [+0.4" in output(capsys, "compare", "crawl", "edu")
    (pair,) = json.loads(output(capsys, "compare", "crawl", "edu", "--format", "json"))["comparisons"]
    assert pair["mean_difference"]["difference"] == 1.0


def test_the_report_opens_with_the_means(capsys: pytest.CaptureFixture[str]) -> None:
    page = output(capsys, "report", "-")
    assert "**edu**: mean 1.50 (1.07-1.93); 2 or more: 50 % (" in page
    assert "own score: mean 2.25, 2 or more: 75 %" in page
    assert "edu: scale" in page
