"""Tests of the main path in a real terminal: label, crash, restart, count."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from terminal import CORPUSCOPE, Terminal, a_document_and, the_document_after

NOWHERE = {"HF_ENDPOINT": "http://127.0.0.1:9"}
"""Environment with a Hub address at which no server listens."""


def corpuscope(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "corpuscope", *arguments],
        cwd=folder,
        env={**os.environ, "HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


def labels_counted(folder: Path) -> int:
    summary = json.loads(corpuscope("summary", "--format", "json", folder=folder).stdout)
    return sum(corpus["n"] for corpus in summary["corpora"])


def test_thirty_labels_survive_a_kill_and_the_next_start_continues_after_them(tmp_path: Path) -> None:
    with Terminal("demo", folder=tmp_path) as terminal:
        terminal.wait_for(a_document_and("0 / 120"))
        for labelled in range(1, 31):
            terminal.press("1234567"[labelled % 7])
            terminal.wait_for(the_document_after(labelled, 120))
        terminal.kill()
    assert labels_counted(tmp_path) == 30
    with Terminal("demo", folder=tmp_path) as terminal:
        terminal.wait_for(a_document_and("30 / 120"))
        terminal.press("\t")
        # the corpus named first comes first, whichever opened first
        terminal.wait_for(lambda text: "demo-crawl" in text and "30 labels" in text)
        terminal.press("\t")
        terminal.wait_for(a_document_and("30 / 120"))
        terminal.press("1")
        terminal.wait_for("31 / 120")
        assert terminal.quit() == 0
    assert labels_counted(tmp_path) == 31


def test_the_next_document_after_a_restart_is_the_one_that_was_on_screen(tmp_path: Path) -> None:
    def document(text: str) -> str:
        return "\n".join(line[:48] for line in text.splitlines()[1:18])

    with Terminal("demo", "crawl", folder=tmp_path) as terminal:
        terminal.wait_for(a_document_and("0 / 40"))
        terminal.press("1")
        terminal.wait_for("previous ● Educational")
        before = document(terminal.wait_until_idle())
        terminal.kill()
    with Terminal("demo", "crawl", folder=tmp_path) as terminal:
        terminal.wait_for(lambda text: "1 / 40" in text and "drawing" not in text)
        assert document(terminal.wait_until_idle()) == before


def test_undo_reaches_back_into_the_previous_session(tmp_path: Path) -> None:
    with Terminal("demo", "crawl", folder=tmp_path) as terminal:
        terminal.wait_for(a_document_and("0 / 40"))
        terminal.press("1")
        terminal.wait_for(a_document_and("1 / 40"))
        assert terminal.quit() == 0
    with Terminal("demo", "crawl", folder=tmp_path) as terminal:
        terminal.wait_for(a_document_and("1 / 40"))
        terminal.press("u")
        terminal.wait_for(a_document_and("0 / 40"))
        assert terminal.quit() == 0
    assert labels_counted(tmp_path) == 0


def test_a_hub_that_cannot_be_reached_is_a_state_that_says_what_still_works(tmp_path: Path) -> None:
    with Terminal("label", "c4", folder=tmp_path, environment=NOWHERE) as terminal:
        screen = terminal.wait_for(lambda text: "offline, retrying in" in text and "corpuscope demo" in text)
        assert "could not fetch" in screen
        assert "Your labels are safe" in screen
        assert "corpuscope demo" in screen
        terminal.press("1su/x")
        terminal.wait_for(lambda text: "no match" in text and "esc close" in text)
        terminal.press("\x1b")  # directly before another key it would mean alt and that key
        terminal.wait_for(lambda text: "no match" not in text and "esc close" not in text)
        assert terminal.quit() == 0


def test_quitting_restores_the_terminal(tmp_path: Path) -> None:
    with Terminal("demo", folder=tmp_path) as terminal:
        terminal.wait_for(a_document_and("0 / 120"))
        assert terminal.quit() == 0
        for switched_on, switched_off in (("?1049h", "?1049l"), ("?1000h", "?1000l"), ("?25l", "?25h")):
            assert terminal.raw.rfind(switched_off) > terminal.raw.rfind(switched_on), switched_on
        assert "Traceback" not in terminal.raw


def test_ctrl_z_returns_to_the_shell_and_fg_to_the_same_document(tmp_path: Path) -> None:
    with Terminal("-i", folder=tmp_path, command=("sh",), environment={"PS1": "shell> "}) as terminal:

        def in_shell(_: str) -> bool:
            return terminal.raw.endswith("shell> ")

        terminal.wait_for(in_shell)
        terminal.press(f"{' '.join(CORPUSCOPE)} demo\n")
        terminal.wait_for(a_document_and("0 / 120"))
        terminal.press("1")
        terminal.wait_for(a_document_and("1 / 120"))
        terminal.press("\x1a")
        terminal.wait_for(in_shell)
        terminal.press("fg\n")
        terminal.wait_for(a_document_and("1 / 120"))
        terminal.press("2")
        terminal.wait_for(a_document_and("2 / 120"))
        terminal.press("q")
        terminal.wait_for(in_shell)
    assert labels_counted(tmp_path) == 2


@pytest.mark.parametrize("command", [["label", "demo-crawl"], ["demo"], []])
def test_without_a_terminal_the_app_says_so_and_exits_with_2(command: list[str], tmp_path: Path) -> None:
    result = corpuscope(*command, folder=tmp_path)
    assert result.returncode == 2
    assert "needs an interactive terminal (standard input" in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "labels").exists()


def test_a_terminal_that_cannot_draw_is_named(tmp_path: Path) -> None:
    with Terminal("demo", folder=tmp_path, environment={"TERM": "dumb"}) as terminal:
        assert terminal.wait_for_exit() == 2
        assert "TERM is dumb" in terminal.raw


def test_an_app_of_60_by_20_is_usable_and_a_smaller_one_says_so(tmp_path: Path) -> None:
    with Terminal("demo", folder=tmp_path, columns=60, rows=20) as terminal:
        terminal.wait_for(a_document_and("0 / 120"))
        terminal.press("1")
        terminal.wait_for(a_document_and("1 / 120"))
        terminal.resize(50, 15)
        terminal.wait_for("needs 60 columns")
        terminal.resize(100, 30)
        terminal.wait_for(lambda text: "1 / 120" in text and "needs 60 columns" not in text)
        assert terminal.quit() == 0


def test_an_app_started_too_small_says_so_and_continues_when_it_is_enlarged(tmp_path: Path) -> None:
    with Terminal("demo", folder=tmp_path, columns=40, rows=10) as terminal:
        terminal.wait_for("needs 60 columns")
        terminal.resize(80, 24)
        terminal.wait_for(a_document_and("0 / 120"))
        assert terminal.quit() == 0


def test_rubbish_pasted_into_the_app_labels_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    with Terminal("demo", folder=tmp_path) as terminal:
        terminal.wait_for(a_document_and("0 / 120"))
        terminal.press("\x1b[200~1234 [/nope] [red]\x00\x07 12345\x1b[31m 1 2 3 \udcff s\x1b[201~")
        terminal.wait_for("pasted characters ignored")
        terminal.press("\x1b[<0;10;10M\x1b[<0;10;10m")
        terminal.press("2")
        terminal.wait_for(lambda text: re.search(r"\b1 / 120", text) is not None)
        assert terminal.quit() == 0
    assert labels_counted(tmp_path) == 1
