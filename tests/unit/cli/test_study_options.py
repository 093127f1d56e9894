"""Tests of the options about second looks and annotators, and of relabelling without documents."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corpuscope.cli import main
from ledger_fakes import Scribe


@pytest.mark.parametrize("value", ["101%", "-1", "ten", "2.5%", "", "%"])
@pytest.mark.parametrize("option", ["--second-looks", "--overlap"])
def test_a_percentage_is_a_whole_number_up_to_a_hundred(option: str, value: str) -> None:
    result = CliRunner().invoke(main, ["label", "c4", option, value])
    assert result.exit_code == 2
    assert f"{value!r} is not a whole number of percent from 0% to 100%" in " ".join(result.output.split())


@pytest.mark.parametrize("value", ["ann", "ann,ann", "ann,,ben", ","])
def test_annotators_are_two_or_more_different_names(value: str) -> None:
    result = CliRunner().invoke(main, ["label", "c4", "--annotators", value])
    assert result.exit_code == 2
    assert "is not two or more different names, as in ann,ben" in " ".join(result.output.split())


def relabel(folder: Path, *options: str) -> Result:
    arguments = ["relabel", *options, "--annotator", "ann", "--labels", str(folder)]
    return CliRunner().invoke(main, arguments)


def labelled(folder: Path, labels: int, twice: int = 0) -> None:
    with Scribe(folder, "s1", "ann") as scribe:
        for draw in range(labels):
            scribe.label(draw, "News")
        for draw in range(twice):
            scribe.label(draw, "News", look=2)


def test_relabelling_is_refused_without_a_terminal(tmp_path: Path) -> None:
    labelled(tmp_path, 30)
    assert "corpuscope relabel needs an interactive terminal" in str(relabel(tmp_path).exception)


def test_relabelling_without_eligible_labels_says_why(tmp_path: Path) -> None:
    assert "ann has no labels" in relabel(tmp_path).output
    labelled(tmp_path, 20)
    assert "with 20 or more after them" in relabel(tmp_path).output
    assert "no label of yours is of a category that was split up" in relabel(tmp_path, "--split").output


def test_relabelling_with_no_document_left_says_how_to_ask_for_more(tmp_path: Path) -> None:
    labelled(tmp_path, 40, twice=3)
    message = relabel(tmp_path, "-n", "3").output
    assert "3 documents have two readings already; for more: corpuscope relabel -n 23" in message


def test_relabelling_a_corpus_without_labels_names_those_that_have_some(tmp_path: Path) -> None:
    labelled(tmp_path, 30)
    assert "did you mean web?" in relabel(tmp_path, "wed").exception.hint  # type: ignore[union-attr]
