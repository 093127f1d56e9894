"""Run labelling sessions as real processes, to be killed, limited and run side by side."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]

LIMIT = 120.0
"""Seconds after which a child is killed, so that no test waits for it for ever."""


def environment() -> dict[str, str]:
    """Return the environment of a child process that imports the tests' helpers."""
    return os.environ | {"PYTHONPATH": str(TESTS)}


def labeller(
    folder: Path, session: str, first: int, count: int, events_a_journal: int = 5, characters: int = 600
) -> subprocess.Popen[str]:
    """Start a session that labels `count` documents and ends when its standard input is closed."""
    program = str(TESTS / "faults" / "labeller.py")
    arguments = [str(folder), session, str(first), str(count), str(events_a_journal), str(characters)]
    child = subprocess.Popen(
        [sys.executable, program, *arguments],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    timer = threading.Timer(LIMIT, child.kill)
    timer.daemon = True
    timer.start()
    return child


def lines_until(child: subprocess.Popen[str], start: str) -> Iterator[str]:
    """Yield the lines a child prints before the one that starts with `start`; fail if there is none."""
    assert child.stdout is not None
    for line in iter(child.stdout.readline, ""):
        if line.startswith(start):
            return
        yield line
    raise AssertionError(f"the child ended before it printed {start!r}")


def python(code: str, *arguments: str) -> str:
    """Run a short program and return its standard output; raise with its standard error when it fails."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout
