"""Tests of the door for Python: `corpuscope.open_study`, and the example in the documentation."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
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
from ledger_fakes import Scribe, damage_texts, parts
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
    for method in ("labels", "summary", "comparison", "estimate", "agreement"):
        with pytest.raises(UsageError, match="there are no labels of 'wbe'\ndid you mean web"):
            getattr(study, method)("wbe")


def test_texts_are_there_when_asked_for(study: Study) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "text" not in study.labels("talk").column_names
        assert study.labels("talk", text=True)["text"][0].as_py() == "talk 0"


def test_texts_that_damage_took_are_null_and_a_warning_counts_them(study: Study, labels: Path) -> None:
    for part in parts(labels):
        damage_texts(part)
    with pytest.warns(UserWarning, match="damage took the texts of 24 labels, which are null") as caught:
        table = study.labels(text=True)
    assert table["text"].null_count == 24
    assert caught[0].filename == __file__


def test_a_part_that_cannot_be_read_is_a_problem_in_words(labels: Path) -> None:
    assert corpuscope.open_study(labels).problems == ()
    parts(labels)[0].write_bytes(b"nonsense")
    (problem,) = corpuscope.open_study(labels).problems
    assert "is damaged" in problem


def test_a_study_is_opened_by_its_own_folder_with_the_categories_beside_its_labels(
    labels: Path, tmp_path: Path
) -> None:
    entries = "".join(f"  - {{name: {name}, definition: d}}\n" for name in ("News", "Forum"))
    (tmp_path / "categories.yaml").write_text(f"categories:\n{entries}")
    for folder in (labels, tmp_path, str(tmp_path)):
        assert corpuscope.open_study(folder).categories == ("News", "Forum")
    assert corpuscope.open_study(labels).plan is None
    assert corpuscope.open_study(labels).corpora == ("talk", "web")


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
