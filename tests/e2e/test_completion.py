"""Completion in the shells people use: a key is pressed, the shell's own line is read."""

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
SWITCH_ON = {
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
    """A folder with a plan, own categories, and `corpuscope` on the path of its shell."""
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


def shows(wanted: str, text: str) -> bool:
    """Whether a command line holds these words, in whatever quotes."""
    return wanted in text.replace("'", "").replace("\\", "")


@pytest.mark.parametrize("shell", list(SHELLS))
def test_a_shell_completes_what_was_begun(shell: str, study: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (study / "home").mkdir()
    path = {"PATH": f"{study / 'bin'}:{os.environ['PATH']}", "PS1": "> ", "PROMPT": "> "}
    with Terminal(folder=study, command=SHELLS[shell], environment=path, columns=120) as terminal:
        terminal.press(f"{SWITCH_ON[shell]}; echo re''ady\n")
        terminal.wait_for(lambda text: "ready" in text)
        for begun, wanted in LINES.items():
            terminal.press(f"{begun}\t")
            terminal.wait_for(partial(shows, wanted))
            terminal.press("\x15\x0c")
            terminal.wait_for(lambda text: "corpuscope" not in text)


def offered(line: str, folder: Path, first: str = "") -> list[str]:
    asked = {"_CORPUSCOPE_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    done = subprocess.run(
        [sys.executable, "-c", f"{first}\nfrom corpuscope.cli import run; run()"],
        cwd=folder, env={**os.environ, **asked}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split()


def test_what_cannot_be_read_is_not_offered_and_nothing_is_said(study: Path) -> None:
    (study / "labels" / "plan.json").write_text("{")
    (study / "categories.yaml").write_text("categories: 7")
    assert "plain,mine-2" not in offered("corpuscope label ", study)
    assert "plain,c4" in offered("corpuscope label ", study)
    assert offered("corpuscope export --category ", study) == []
    assert offered("corpuscope nope ", study)


def test_files_are_offered_where_no_corpus_begins_so(study: Path) -> None:
    assert offered("corpuscope label data/", study) == ["file,data/"]
    assert "plain,c4" not in offered("corpuscope label c4 ", study)


def test_completing_loads_nothing_heavy(study: Path) -> None:
    at_exit = (
        "import atexit, sys\n"
        "HEAVY = {'textual', 'datasets', 'pyarrow', 'numpy', 'scipy', 'pydantic', 'rich', 'yaml'}\n"
        "atexit.register(lambda: print('loaded', *HEAVY & set(sys.modules)))"
    )
    offered("corpuscope export --category ", study)  # the category file is now known to be sound
    for begun in ("", "label mi", "export --format ", "export --category "):
        assert offered(f"corpuscope {begun}", study, at_exit)[-1] == "loaded", begun


def test_a_shell_nobody_wrote_a_script_for_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "csh"]) == 2
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err
