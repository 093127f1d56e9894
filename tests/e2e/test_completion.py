"""Tests of completion in bash, zsh and fish: press tab, read the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from corpuscope.cli import run
from terminal import Terminal

SHELLS = {
    "bash": ("bash", "--norc", "--noprofile", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config", "-i"),
}
ENABLE = {
    "bash": 'eval "$(corpuscope completion bash)"',
    "zsh": 'autoload -U compinit; compinit -u -d zcomp; eval "$(corpuscope completion zsh)"',
    "fish": "corpuscope completion fish | source",
}
LINES = {
    "corpuscope dem": "corpuscope demo",
    "corpuscope export --format arg": "corpuscope export --format argilla",
    "corpuscope label mine-": "corpuscope label mine-2",
    "corpuscope export --category Ques": "corpuscope export --category Question",
    "corpuscope summary --leng": "corpuscope summary --lengths",
}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A folder with a plan, a category file and a `bin` with `corpuscope`."""
    plan = {"version": 1, "seed": 1, "corpora": {"mine-2": {}}}
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "plan.json").write_text(json.dumps(plan))
    (tmp_path / "categories.yaml").write_text(
        'categories:\n  - {key: 1, name: "Question (any)", definition: d}\n  - {key: 2, name: Rest, definition: d}\n'
    )
    command = tmp_path / "bin" / "corpuscope"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m corpuscope "$@"\n')
    command.chmod(0o755)
    return tmp_path


def shows(expected: str, text: str) -> bool:
    """Tell whether the screen shows this command line, whatever its quotes."""
    return expected in text.replace("'", "").replace("\\", "")


@pytest.mark.parametrize("shell", list(SHELLS))
def test_a_shell_completes_a_partial_line(shell: str, study: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (study / "home").mkdir()
    path = {"PATH": f"{study / 'bin'}:{os.environ['PATH']}", "PS1": "> ", "PROMPT": "> "}
    with Terminal(folder=study, command=SHELLS[shell], environment=path, columns=120) as terminal:
        terminal.press(f"{ENABLE[shell]}; echo re''ady\n")
        terminal.wait_for(lambda text: "ready" in text)
        for typed, expected in LINES.items():
            terminal.press(f"{typed}\t")
            terminal.wait_for(partial(shows, expected))
            terminal.press("\x15\x0c")
            terminal.wait_for(lambda text: "corpuscope" not in text)


def candidates(line: str, folder: Path, first: str = "") -> list[str]:
    """Return what completion offers at the end of a line; `first` is code run before."""
    request = {
        "_CORPUSCOPE_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
    }
    process = subprocess.run(
        [sys.executable, "-c", f"{first}\nfrom corpuscope.cli import run; run()"],
        cwd=folder, env={**os.environ, **request}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert process.stderr == ""
    return process.stdout.split()


def test_unreadable_files_offer_nothing_and_print_no_error(study: Path) -> None:
    (study / "labels" / "plan.json").write_text("{")
    (study / "categories.yaml").write_text("categories: 7")
    assert "plain,mine-2" not in candidates("corpuscope label ", study)
    assert "plain,c4" in candidates("corpuscope label ", study)
    assert candidates("corpuscope export --category ", study) == []
    assert candidates("corpuscope nope ", study)


def test_no_candidate_of_a_shared_plan_can_run_a_command(study: Path) -> None:
    keys = [
        "crawl$(touch x)",
        "crawl`touch x`",
        "crawl;touch x",
        "crawl\ntouch x",
        "crawl\x1b[2J",
        "-crawl",
        "crawl-2",
    ]
    (study / "labels" / "plan.json").write_text(
        json.dumps({"corpora": {key: {} for key in (*keys, "crawl\u202e")}})
    )
    assert candidates("corpuscope label craw", study) == ["plain,crawl-2"]
    assert candidates("corpuscope summary craw", study) == ["plain,crawl-2"]


def test_category_names_are_quoted_for_bash(study: Path) -> None:
    (study / "categories.yaml").write_text(
        "categories:\n  - {key: 1, name: 'Q$(touch x)', definition: d}\n  - {key: 2, name: Rest, definition: d}\n"
    )
    assert candidates("corpuscope export --category Q", study) == ["plain,'Q$(touch", "x)'"]


def test_files_are_offered_when_no_corpus_begins_as_typed(study: Path) -> None:
    assert candidates("corpuscope label data/", study) == ["file,data/"]
    assert "plain,c4" not in candidates("corpuscope label c4 ", study)


def test_completing_loads_nothing_heavy(study: Path) -> None:
    at_exit = (
        "import atexit, sys\n"
        "HEAVY = {'textual', 'datasets', 'pyarrow', 'numpy', 'scipy', 'pydantic', 'rich', 'yaml'}\n"
        "atexit.register(lambda: print('loaded', *HEAVY & set(sys.modules)))"
    )
    candidates("corpuscope export --category ", study)  # the category file is now cached as valid
    for typed in ("", "label mi", "export --format ", "export --category "):
        assert candidates(f"corpuscope {typed}", study, at_exit)[-1] == "loaded", typed


def test_an_unsupported_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "csh"]) == 2
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err
