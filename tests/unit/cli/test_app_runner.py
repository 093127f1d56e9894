"""Tests of what surrounds the app: its log, the note after a crash, and the terminal that it needs."""

from __future__ import annotations

import io
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_lines import logging_kept
from corpuscope.cli.app_runner import MAX_LOG_BYTES, crash_note, log_to, need_terminal
from corpuscope.errors import UsageError


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave logging and warnings as they were."""
    with logging_kept():
        yield


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "state" / "corpuscope.log"


def test_warnings_of_libraries_go_to_the_log_and_nothing_else_does(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to(log)
    logging.getLogger("library").info("too much detail")
    logging.getLogger("library").warning("the \x1b[31mserver is slow")
    warnings.warn("this is old", DeprecationWarning, stacklevel=1)
    first, *others = log.read_text().splitlines()
    assert first.endswith("WARNING library the ␛[31mserver is slow")
    assert "DeprecationWarning: this is old" in others[0]
    assert "too much detail" not in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("size", "kept"), [(MAX_LOG_BYTES, True), (MAX_LOG_BYTES + 1, False)])
def test_a_log_goes_on_until_it_is_too_long(log: Path, size: int, *, kept: bool) -> None:
    log.parent.mkdir()
    log.write_bytes(b"x" * size)
    log_to(log)
    logging.getLogger("library").warning("new")
    assert (log.stat().st_size > size) == kept
    assert MAX_LOG_BYTES == 1_000_000
    assert log.read_text().endswith("WARNING library new\n")


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "file" / "log", tmp_path / "pipe", tmp_path):
        log_to(place)
        logging.getLogger("library").warning("lost")
    assert capsys.readouterr() == ("", "")


def test_a_crash_is_in_the_log_and_the_note_says_that_no_label_is_lost(log: Path, tmp_path: Path) -> None:
    log_to(log)
    with pytest.raises(KeyError) as crash:
        os.environ["ABSENT_FROM_HERE"]
    note = crash_note(crash.value, log, tmp_path / "labels")
    assert note == (
        "corpuscope crashed: KeyError: 'ABSENT_FROM_HERE'\n"
        f"every acknowledged label is safe in {tmp_path / 'labels'}; the next start resumes where you were\n"
        f"what happened is in {log}"
    )
    assert "CRITICAL corpuscope Traceback (most recent call last)" in log.read_text()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_app_needs_all_three_streams_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, Terminal())
    need_terminal("corpuscope label")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(UsageError, match=r"label needs an .* terminal \(standard output is not one\)"):
        need_terminal("corpuscope label")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(UsageError, match=r"\(standard input and standard output are not one\)"):
        need_terminal("corpuscope label")
    monkeypatch.setenv("TEXTUAL_DRIVER", "a browser")
    need_terminal("corpuscope label")


def test_a_terminal_that_cannot_move_its_cursor_is_none_for_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    monkeypatch.setenv("TERM", "dumb")
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, Terminal())
    with pytest.raises(UsageError, match=r"TERM is dumb"):
        need_terminal("corpuscope label")
