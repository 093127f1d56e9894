"""Tests of the progress bar, which only a terminal shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from corpuscope.cli.stderr import STEP, with_progress
from hostile import leaks

PROGRAM = (
    "from corpuscope.cli.stderr import with_progress\n"
    "import time\n"
    f"print(sum(1 for _ in (time.sleep(0.002) for _ in with_progress(range({4 * STEP}), {4 * STEP}, 'exporting'))))\n"
)


def test_a_terminal_shows_a_progress_bar() -> None:
    child = pexpect.spawn(
        sys.executable, ["-c", PROGRAM], env={"TERM": "xterm", "PATH": "/usr/bin"}, timeout=60
    )
    child.expect("exporting")
    child.expect(f"/{4 * STEP}")
    child.expect(f"\\D{4 * STEP}\r\n")
    child.expect(pexpect.EOF)


def test_a_pipe_gets_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(with_progress(iter(range(3)), 3, "exporting")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_the_log_holds_no_escape_of_web_texts(tmp_path: Path) -> None:
    program = (
        "import logging, sys; from pathlib import Path; from corpuscope.cli.app_runner import log_to\n"
        "log_to(Path(sys.argv[1]))\n"
        "try: raise ValueError('\\x1b[2J\\x9b2J\\u202e')\n"
        "except ValueError: logging.exception('\\x1b]0;title\\x07')\n"
    )
    log = tmp_path / "log"
    subprocess.run([sys.executable, "-c", program, str(log)], check=True, timeout=60)
    assert "ValueError: ␛[2J" in log.read_text()
    assert leaks(log.read_text().replace("\n", "")) == []
