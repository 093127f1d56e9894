"""Tests of the entry point: where corpuscope can run, and how its process begins and ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpuscope.__main__ import why_unsupported

ENDING = "import sys, threading, time\nfrom corpuscope.__main__ import leave\n"
WAITING = "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"


def ended(program: str, redirections: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program of Python in a shell, and return what became of it."""
    command = ["sh", "-c", f'exec "$0" "$@" {redirections}', sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONUNBUFFERED": ""}
    return subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment)


def test_on_windows_a_sentence_names_wsl() -> None:
    assert "run it in WSL" in why_unsupported("win32")


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_linux_and_macos_are_supported(platform: str) -> None:
    assert why_unsupported(platform) == ""


@pytest.mark.parametrize("waiting", ["", WAITING])
def test_the_process_ends_with_its_code_and_its_output_also_while_a_document_is_fetched(waiting: str) -> None:
    process = ended(f"{ENDING}{waiting}print('out', end='')\nsys.stderr.write('err')\nleave(3)")
    assert (process.returncode, process.stdout, process.stderr) == (3, "out", "err")


def test_a_thread_that_writes_labels_is_waited_for(tmp_path: Path) -> None:
    write = f"lambda: (time.sleep(0.2), open({str(tmp_path / 'label')!r}, 'w').close())"
    process = ended(f"{ENDING}{WAITING}threading.Thread(target={write}).start()\nleave(0)")
    assert process.returncode == 0
    assert (tmp_path / "label").exists()


@pytest.mark.parametrize(("code", "left_with"), [(0, 1), (2, 2)])
def test_output_that_cannot_be_written_is_no_success(code: int, left_with: int) -> None:
    process = ended(f"{ENDING}{WAITING}print('out')\nleave({code})", "> /dev/full")
    assert process.returncode == left_with


def test_a_file_never_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """What a library prints would go into it."""
    program = (
        "from corpuscope.__main__ import open_closed_streams\nopen_closed_streams()\n"
        f"file = open({str(tmp_path / 'label')!r}, 'w')\nfile.write(str(file.fileno()))"
    )
    for closed in ("<&- >&- 2>&-", "2>&-", ""):
        ended(program, closed)
        assert (tmp_path / "label").read_text() == "3"


def test_without_standard_output_nothing_begins() -> None:
    process = ended("from corpuscope.__main__ import main\nmain()", ">&-")
    assert process.returncode == 2
    assert process.stderr == "Error: standard output is closed\nsend it to a file or to /dev/null\n"
