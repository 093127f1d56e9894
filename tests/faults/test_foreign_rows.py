"""Test that rows which no label can have do no harm, however they got into a labels folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpuscope.cli import run
from corpuscope.ledger.check import check, compact, history
from corpuscope.ledger.merge import merge_folder
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.ledger.read.search import search
from corpuscope.ledger.tables import records_in
from foreign import BAD_LINES, BAD_ROWS, a_folder, a_journal, rewritten
from ledger_fakes import Scribe, labels, parts, read
from makers import a_document

GOOD = {1: "News", 2: "News", 3: "News"}
"""What is left of a folder of four labels when the first row is no label."""


def spoiled(folder: Path, wrong: str) -> Path:
    """Return a folder of four labels, the first row of which is wrong in this way."""
    a_folder(folder)
    rewritten(folder, lambda rows: rows[0].update(BAD_ROWS[wrong]))
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("wrong", BAD_ROWS)
def test_merging_refuses_the_row_and_with_it_the_folder(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, other = a_folder(tmp_path / "ours", range(10, 12), "ann"), spoiled(tmp_path / "other", wrong)
    before = content(ours)
    arguments = ["merge", str(other), "--labels", str(ours)]
    assert run(arguments) == 2
    assert "1 refused" in (message := capsys.readouterr().err)
    assert "--partial" in message
    assert content(ours) == before
    assert run([*arguments, "--partial"]) == 1
    assert "1 refused" in capsys.readouterr().err
    merged = read(ours)
    assert {draw: merged_label for draw, merged_label in labels(merged).items() if draw < 10} == GOOD
    assert check(ours).problems == ()


@pytest.mark.parametrize("wrong", BAD_ROWS)
def test_a_folder_with_such_a_row_is_read_named_and_repaired(wrong: str, tmp_path: Path) -> None:
    folder = spoiled(tmp_path / "labels", wrong)
    reader = LedgerReader(folder)
    decisions = reader.read()
    assert labels(decisions).items() >= GOOD.items()
    for decision in decisions.recent():
        if decision.draw in GOOD:
            assert reader.document(decision.event_id).text == f"text {decision.draw}"
    assert list(decisions.notes()) == []
    assert len(history(folder, a_document(1).id)) == 1
    assert [found.done for found in search(folder, "text")][-1]
    problems = check(folder).problems
    assert any("cannot be an event" in problem or "not there" in problem for problem in problems)
    if 0 not in labels(decisions):
        assert "that cannot be an event" in reader.problems[0]
    with Scribe(folder, "next", "ben") as scribe:
        scribe.label(100)
    assert labels(read(folder))[100] == "News"
    compact(folder)
    assert check(folder).problems == ()
    assert labels(read(folder)).items() >= GOOD.items() | {(100, "News")}
    assert list(folder.glob("*/*.damaged"))


@pytest.mark.parametrize("wrong", BAD_LINES)
def test_a_journal_line_with_a_valid_checksum_costs_only_itself(wrong: str, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "labels")
    journal = a_journal(folder / "colleague.journal", [], [BAD_LINES[wrong]])
    size = journal.stat().st_size
    assert labels(read(folder)) == {0: "News", **GOOD}
    check(folder)
    assert not [problem for problem in merge_folder(tmp_path / "ours", folder).problems if "plan" in problem]
    with Scribe(folder, "next") as scribe:
        scribe.label(100)
    assert labels(read(folder))[100] == "News"
    kept = [path for path in folder.iterdir() if path.name.startswith("colleague")]
    if wrong not in (
        "a version that is a text",
        "a document that is a list",
    ):  # headers and contents hold no event
        assert [path.stat().st_size for path in kept] == [size]


def test_a_named_pipe_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours, other = a_folder(tmp_path / "ours", annotator="ann"), a_folder(tmp_path / "other")
    for folder in (ours, other):
        os.mkfifo(folder / "web" / "x.parquet")
        os.mkfifo(folder / "y.journal")
    assert run(["merge", str(other), "--labels", str(ours)]) == 1
    assert "x.parquet is not a regular file" in capsys.readouterr().err
    assert any("y.journal is not a regular file" in problem for problem in check(ours).problems)
    with Scribe(ours, "next") as scribe:
        scribe.label(100)
    assert read(ours).counts("web") == {"News": 9}


def test_a_corpus_folder_cannot_be_left_by_a_journal_of_a_colleague(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "study" / "labels")
    with Scribe(tmp_path / "colleague", "c") as scribe:
        scribe.label(7)
    [part] = parts(tmp_path / "colleague")
    [record] = records_in(part, [0])
    a_journal(folder / "c.journal", [{**record, "corpus": "../../out"}])
    with Scribe(folder, "next") as scribe:
        scribe.label(100)
    assert not (tmp_path / "out").exists()
    assert any(
        "cannot name a corpus" in str(path.read_bytes()) or path.exists() for path in folder.glob("*.damaged")
    )
