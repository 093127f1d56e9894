"""Tests of the progress bar, which only a terminal shows."""

from __future__ import annotations

import sys

import pexpect
import pytest

from corpuscope.cli.stderr import STEP, with_progress

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
