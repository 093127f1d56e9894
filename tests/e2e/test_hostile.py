"""Tests of hostile web texts in the running app: every byte it sends to the terminal is checked."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from corpuscope.text.safe_json import without_surrogates
from hostile import PAYLOADS, leaks
from ledger_fakes import Scribe
from makers import a_document
from terminal import Terminal, the_document_after

SEQUENCE = re.compile(
    r"\x1b\[[0-9;:?><=]*[ !$]?[a-zA-Z]"  # colours, cursor, modes: what Textual draws with
    r"|\x1b[78=>]"  # save and restore the cursor, keypad modes
    r"|\x1b\]22;[a-z-]+\x07"  # the shape of the mouse pointer
)
"""Escape sequences that the app may send."""

OWN_CONTROLS = "\r\n"


def unexplained(raw: str) -> str:
    """Return the output of the app without its own escape sequences and line ends."""
    return SEQUENCE.sub("", raw).translate({ord(control): None for control in OWN_CONTROLS})


@pytest.fixture
def hostile_corpus(tmp_path: Path) -> Path:
    rows = [
        {
            "text": f"{payload.name}: [{payload.text}] end",
            "url": f"http://x/{payload.text}",
            "title": payload.text,
        }
        for payload in PAYLOADS
    ]
    (tmp_path / "hostile.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


@pytest.mark.parametrize("exact", [False, True])
def test_nothing_but_the_apps_own_sequences_leaves_it(exact: bool, hostile_corpus: Path) -> None:
    total = len(PAYLOADS)
    arguments = ("label", "hostile.jsonl", "-n", str(total))
    with Terminal(*arguments, folder=hostile_corpus, columns=80, rows=24) as terminal:
        terminal.wait_for(lambda text: f"0 / {total}" in text and "draw 0" in text)
        if exact:
            terminal.press("v")
        for labelled in range(1, total):
            terminal.press("1")
            terminal.wait_for(the_document_after(labelled, total))
        terminal.press("1")
        terminal.wait_for("enter go on")
        terminal.press("\r")
        terminal.wait_for(lambda text: "enter go on" not in text)
        terminal.press("\x1b[D")
        terminal.wait_for("1 back")
        terminal.press("\t")
        terminal.wait_for("Educational")
        assert terminal.quit() == 0
        output = unexplained(terminal.raw)
    assert leaks(output) == []
    assert "\x07" not in output
    exported = Terminal("export", "--format", "jsonl", "--text", "-o", "out.jsonl", folder=hostile_corpus)
    with exported:
        assert exported.wait_for_exit() == 0
    texts = {json.loads(line)["text"] for line in (hostile_corpus / "out.jsonl").read_text().splitlines()}
    originals = {f"{payload.name}: [{payload.text}] end" for payload in PAYLOADS}
    # JSON joins surrogates that meet, and an export has U+FFFD for the others
    assert texts == {without_surrogates(json.loads(json.dumps(text))) for text in originals}


@pytest.mark.parametrize(
    "command",
    [
        "export --text",
        "export --text --format jsonl",
        "summary --format json",
        "agreement --documents --format csv",
        f"sample hostile.jsonl -n {len(PAYLOADS)}",
    ],
)
def test_data_printed_on_a_terminal_is_drawn(command: str, hostile_corpus: Path) -> None:
    label_everything(hostile_corpus)
    shell = ("sh", "-c", f"exec {sys.executable} -m corpuscope {command} 2>errors")  # no progress bar
    with Terminal(command=shell, folder=hostile_corpus) as terminal:
        assert terminal.wait_for_exit() == 0
        output = terminal.raw.replace("\r\n", "")
    assert output
    assert leaks(output) == []


def label_everything(folder: Path) -> None:
    """Label every document of the hostile corpus by two hostile annotators."""
    texts = [json.loads(line)["text"] for line in (folder / "hostile.jsonl").read_text().splitlines()]
    for number, annotator in enumerate(("\x1b[2Jann", "\x9b2Jb\u202een\U000e0041")):
        with Scribe(folder / "labels", f"s{number}", annotator) as scribe:
            for draw, text in enumerate(texts):
                document = a_document(draw, text, corpus="hostile", url="=http://x/\x1b[2J")
                scribe.label(document, ("News", "Forum")[draw % 2 * number])
