"""The tutorial, done as it says: every command in order, in one folder, without a network."""

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
READING = {"corpuscope practice -n 10": 10, "corpuscope demo crawl filtered": 20}
"""Commands that open the app, and how many documents are labelled in it."""


def to_label(done: int, text: str) -> bool:
    """A document is on screen, that many are labelled."""
    return f" {done} of " in text and " words" in text


def test_every_command_of_the_tutorial_works_and_what_it_quotes_is_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert set(READING) <= set(COMMANDS)
    for line in COMMANDS:
        words = line.split()[1:]
        if line not in READING:
            assert run(words) == 0, line
            continue
        with Terminal(*words, folder=tmp_path) as terminal:
            for done in range(READING[line]):
                terminal.wait_for(partial(to_label, done))
                terminal.press("1234567"[done % 7])
            terminal.wait_for(f" {READING[line]} of ")
            assert terminal.quit() == 0, line
    printed = capsys.readouterr().out
    for block in QUOTED:
        for wanted in block.splitlines():
            assert wanted in printed
    assert "provisional" in printed
    assert (tmp_path / "found.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert len((tmp_path / "labels.csv").read_text("utf-8").splitlines()) == 21
