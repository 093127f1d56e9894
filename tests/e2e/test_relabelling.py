"""Tests of second looks and of documents shared among annotators, in a real terminal."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from corpuscope.sampling.assignment import Assignment
from ledger_fakes import Scribe, read
from terminal import CORPUSCOPE, Terminal, a_document_and, the_document_after


def test_a_session_of_second_looks_survives_a_kill(tmp_path: Path) -> None:
    with Scribe(tmp_path / "labels", "s1", "ann") as scribe:
        for draw in range(30):
            scribe.label(draw, "News")
    relabel = ("relabel", "-n", "3", "--annotator", "ann")
    with Terminal(*relabel, folder=tmp_path, columns=100) as terminal:
        terminal.wait_for(a_document_and("0 / 3"))
        terminal.press("4")
        terminal.wait_for("second reading: same answer as before")
        terminal.kill()
    with Terminal(*relabel, folder=tmp_path, columns=100) as terminal:
        terminal.wait_for(lambda text: "1 / 3" in text and " words" in text)
        terminal.press("2")
        terminal.wait_for("second reading: you said News before")
        terminal.press("u")
        terminal.wait_for("1 / 3")
        terminal.press("44")
        terminal.wait_for("3 / 3")
        assert terminal.quit() == 0
    decisions = read(tmp_path / "labels")
    assert decisions.counts("web") == {"News": 30}
    assert decisions.counts("web", look=2) == {"News": 3}


def test_each_of_two_annotators_labels_only_the_documents_assigned_to_them(tmp_path: Path) -> None:
    label = ("label", "demo-crawl", "--seed", "5", "-n", "5", "--annotators", "ann,ben", "--overlap", "20%")
    for name in ("ann", "ben"):
        part = Assignment(("ann", "ben"), 20).annotator_draws(5, "demo-crawl", name)
        with Terminal(*label, "--annotator", name, folder=tmp_path) as terminal:
            terminal.wait_for(a_document_and("0 / 3"))
            for labelled in range(1, 3):
                terminal.press("1")
                terminal.wait_for(the_document_after(labelled, 3))
            terminal.press("1")
            terminal.wait_for("3 / 3")
            assert terminal.quit() == 0
        drawn = read(tmp_path / "labels").draws("demo-crawl", name)
        assert drawn == {draw for draw in range(5) if draw in part}
    with Terminal(*label, "--annotator", "bne", folder=tmp_path, columns=120) as terminal:
        assert terminal.wait_for_exit() == 2
        assert "you are 'bne', but" in terminal.raw
        assert "did you mean ben?" in terminal.raw

    def output(*arguments: str) -> str:
        process = subprocess.run(
            [*CORPUSCOPE, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
        )
        return process.stdout

    (corpus,) = json.loads(output("summary", "--format", "json"))["corpora"]
    assert (corpus["n"], corpus["complete"], corpus["provenance"]["shared"]) == (5, True, 1)
    assert "of the 5 of demo-crawl: ann 3, ben 3" in output("corpora")
