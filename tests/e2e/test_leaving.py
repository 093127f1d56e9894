"""Tests of exiting: while a document is being fetched, and by signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ledger_fakes import journals, labels, read
from terminal import Terminal, a_document_and

FETCHING = """
import io, sys, threading, time
import pyarrow as pa
from corpuscope.__main__ import leave

class Endless(io.RawIOBase):
    def readable(self): return True
    def seekable(self): return True
    def tell(self): return 0
    def seek(self, *_): return 0
    def read(self, size=-1):
        begun.set()
        time.sleep(0.0005)
        return b"x" * 64

def fetch():
    file = pa.PythonFile(Endless(), mode="r")
    while True:
        file.read(64)

def write():
    time.sleep(0.05)
    print("written")

begun = threading.Event()
threading.Thread(target=fetch, daemon=True).start()
threading.Thread(target=write).start()
begun.wait()
leave(3)
"""
"""Program that exits during an endless fetch inside pyarrow, while another thread has output to finish."""


def test_exiting_during_a_fetch_gives_the_exit_code_once_everything_is_written() -> None:
    process = subprocess.run([sys.executable, "-c", FETCHING], capture_output=True, text=True, timeout=60)
    assert (process.returncode, process.stdout, process.stderr) == (3, "written\n", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_restores_the_terminal_compacts_and_gives_its_code(
    number: signal.Signals, tmp_path: Path
) -> None:
    with Terminal("demo", "crawl", folder=tmp_path) as terminal:
        terminal.wait_for(a_document_and("0 / 40"))
        terminal.press("1")
        terminal.wait_for("1 / 40")
        os.kill(terminal.pid, number)
        assert terminal.wait_for_exit() == 128 + number
        assert terminal.raw.rindex("\x1b[?1049l") > terminal.raw.rindex("\x1b[?1049h")
    assert journals(tmp_path / "labels") == []
    assert len(labels(read(tmp_path / "labels"))) == 1


def test_a_corpus_that_cannot_be_read_is_named_after_the_app_and_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    with Terminal("label", "empty.jsonl", folder=tmp_path) as terminal:
        terminal.wait_for("empty.jsonl holds no documents")
        terminal.press("q")
        assert terminal.wait_for_exit() == 2
        assert "Error: empty.jsonl holds no documents" in terminal.raw.rpartition("\x1b[?1049l")[2]
