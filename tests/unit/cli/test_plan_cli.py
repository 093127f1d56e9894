"""Tests of `corpuscope plan`, which changes the number of labels planned and records the change."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from corpuscope.cli import main
from corpuscope.errors import CorpusError
from corpuscope.sampling.plan import Replanned
from corpuscope.sampling.plan_file import load_plan
from published import write_published


def test_replanning_changes_the_target_and_records_the_previous_one(tmp_path: Path) -> None:
    write_published(tmp_path)
    before = load_plan(tmp_path / "plan.json").corpora
    result = CliRunner().invoke(main, ["plan", "c4", "-n", "400", "--labels", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert (
        result.stderr
        == "target for c4 is now 400 (was 203, changed after 203 labels; comparisons will note this)\n"
        "the documents added to c4 come alone, so the annotator will know their corpus; plan more of the "
        "others too, and all are mixed\n"
    )
    result = CliRunner().invoke(main, ["plan", "fineweb", "-n", "300", "--labels", str(tmp_path)])
    assert "come alone" not in result.stderr
    after = load_plan(tmp_path / "plan.json").corpora
    assert (after["c4"].target, after["c4"].replanned) == (
        400,
        (Replanned(203, 203, after["c4"].replanned[0].at),),
    )
    assert after["c4"].replanned[0].at.startswith("20")
    assert after["fineweb-edu"] == before["fineweb-edu"]


def test_a_corpus_that_is_not_planned_is_named_with_those_that_are(tmp_path: Path) -> None:
    write_published(tmp_path)
    fault = CliRunner().invoke(main, ["plan", "finweb", "-n", "400", "--labels", str(tmp_path)]).exception
    assert isinstance(fault, CorpusError)
    assert "did you mean fineweb?" in fault.hint


@pytest.mark.parametrize(("environment", "width"), [({"COLUMNS": "60"}, 60), ({}, 200)])
def test_sentences_in_a_pipe_are_as_wide_as_columns_says(
    tmp_path: Path, environment: dict[str, str], width: int
) -> None:
    write_published(tmp_path)
    result = CliRunner(env=environment).invoke(main, ["corpora", "--labels", str(tmp_path)])
    assert width - 30 < max(map(len, result.stdout.splitlines())) <= width


def test_labels_that_cannot_be_read_are_not_counted_in_silence(tmp_path: Path) -> None:
    write_published(tmp_path)
    part = min((tmp_path / "c4").glob("*.parquet"))
    part.write_bytes(b"nonsense")
    result = CliRunner().invoke(main, ["plan", "c4", "-n", "400", "--labels", str(tmp_path)])
    assert result.stderr.startswith(f"{part} is damaged")
    assert "changed after 170 labels" in result.stderr
