"""Tests of the door for Python: `corpuscope.open_study`, and the example in the documentation."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import corpuscope
from corpuscope.cli import main
from corpuscope.errors import UsageError
from corpuscope.study import Study
from ledger_fakes import Scribe
from makers import a_document

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "labels.md"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    folder = tmp_path / "labels"
    for annotator in ("ann", "ben"):
        with Scribe(folder, annotator, annotator) as scribe:
            for draw in range(6):
                scribe.label(a_document(draw, f"text {draw}"), "News" if draw % 2 else "Forum")
                scribe.label(a_document(draw, f"talk {draw}", corpus="talk", shard="talk"), "Forum")
    return folder


@pytest.fixture
def study(labels: Path) -> Study:
    return corpuscope.open_study(labels)


def printed(labels: Path, command: str) -> object:
    arguments = [command, "--format", "json", "--labels", str(labels)]
    return json.loads(CliRunner().invoke(main, arguments).stdout)


def plain(result: dict[str, object]) -> object:
    """Return a result as JSON holds it, without what a command says on standard error."""
    return json.loads(json.dumps({name: value for name, value in result.items() if name != "left_out"}))


def test_labels_are_the_rows_of_an_export(study: Study, labels: Path) -> None:
    lines = (
        CliRunner().invoke(main, ["export", "--format", "jsonl", "--text", "--labels", str(labels)]).stdout
    )
    exported = list(map(json.loads, lines.splitlines()))
    table = study.labels(text=True)
    assert table.column_names == list(exported[0])
    assert table["event_id"].to_pylist() == [row["event_id"] for row in exported]
    assert table["text"].to_pylist() == [row["text"] for row in exported]
    assert study.labels("talk", frame="pandas")["corpus"].tolist() == ["talk"] * 12


def test_results_are_what_the_commands_print(study: Study, labels: Path) -> None:
    assert plain(study.summary().to_dict()) == printed(labels, "summary")
    assert plain(study.comparison().to_dict()) == printed(labels, "compare")
    assert plain(study.agreement().to_dict()) == printed(labels, "agreement")


def test_results_are_frozen(study: Study) -> None:
    with pytest.raises(FrozenInstanceError):
        study.summary().left_out = ()  # type: ignore[misc]


def test_what_is_labelled_later_is_in_the_next_result(study: Study, labels: Path) -> None:
    assert study.summary("web").corpora[0].distribution.n == 6
    with Scribe(labels, "later", "ann") as scribe:
        scribe.label(a_document(99), "News")
    assert study.summary("web").corpora[0].distribution.n == 7


def test_a_missing_folder_and_an_unknown_corpus_are_named(study: Study, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        corpuscope.open_study(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="there are no labels of 'wbe'"):
        study.summary("wbe")


@pytest.mark.parametrize(
    ("method", "parameter", "value"),
    [
        ("summary", "weighting", "token"),
        ("comparison", "weighting", "token"),
        ("estimate", "weighting", "token"),
        ("labels", "frame", "panda"),
    ],
)
def test_a_misspelt_unit_or_frame_is_refused_instead_of_taken_for_another(
    study: Study, method: str, parameter: str, value: str
) -> None:
    with pytest.raises(UsageError, match=f"there is no {parameter} '{value}'\ndid you mean {value}s"):
        getattr(study, method)(**{parameter: value})


def test_importing_corpuscope_loads_no_heavy_library() -> None:
    heavy = ("textual", "datasets", "pyarrow", "numpy", "pandas", "click")
    code = f"import sys, corpuscope; sys.exit(' '.join(n for n in {heavy} if n in sys.modules) or 0)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def examples() -> Iterator[str]:
    section = DOCUMENTATION.read_text().split("**corpuscope**")[1]
    yield section.split("```python\n")[1].split("```")[0]


@pytest.mark.parametrize("example", examples())
def test_the_documented_example_runs(
    example: str, labels: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(labels.parent)
    names: dict[str, Any] = {}
    exec(example, names)
    assert json.loads(json.dumps(names["results"]))["summary"]["corpora"][0]["corpus"] == "talk"
    assert "Forum" in capsys.readouterr().out
    assert "corpuscope." not in example.replace("corpuscope.open_study", "")
