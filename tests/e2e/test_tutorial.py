"""Test that runs every command of the tutorial in order, in one folder, without a network."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from corpuscope.cli import run
from terminal import Terminal

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"
OFFLINE_PART = TUTORIAL.read_text("utf-8").partition("## Now your corpus")[0]
COMMANDS = re.findall(r"^corpuscope .*$", OFFLINE_PART, re.MULTILINE)
QUOTED = re.findall(r"^```text\n(.*?)^```$", OFFLINE_PART, re.MULTILINE | re.DOTALL)
LABELLING = {"corpuscope practice -n 10": 10, "corpuscope demo crawl filtered": 20}
"""Commands that open the app, with the number of documents labelled in it."""


def ready(labelled: int, text: str) -> bool:
    """Tell whether a document is on screen and that many are labelled."""
    return f" {labelled} / " in text and " words" in text


def test_every_command_of_the_tutorial_works_and_prints_what_it_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert set(LABELLING) <= set(COMMANDS)
    for line in COMMANDS:
        arguments = line.split()[1:]
        if line not in LABELLING:
            assert run(arguments) == 0, line
            continue
        with Terminal(*arguments, folder=tmp_path) as terminal:
            for labelled in range(LABELLING[line]):
                terminal.wait_for(partial(ready, labelled))
                terminal.press("1234567"[labelled % 7])
            terminal.wait_for(f" {LABELLING[line]} / ")
            assert terminal.quit() == 0, line
    printed = capsys.readouterr().out
    for block in QUOTED:
        for line in block.splitlines():
            assert line in printed
    assert "provisional" in printed
    assert (tmp_path / "found.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert len((tmp_path / "labels.csv").read_text("utf-8").splitlines()) == 21
