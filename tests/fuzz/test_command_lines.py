"""Fuzz tests of the command line: any arguments give a result or an error message, and labels stay unchanged."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpuscope.cli import COMMANDS, run
from corpuscope.ledger.read.reader import LedgerReader
from ledger_fakes import Scribe
from makers import a_document

ENDLESS = {"serve"}
"""Commands that run until they are stopped."""
OPTIONS = [
    "--labels",
    "--categories",
    "--annotator",
    "--format",
    "--level",
    "--by",
    "--to",
    "--seed",
    "-n",
    "-o",
]
OPTIONS += [
    "--text",
    "--path",
    "--name",
    "--split",
    "--from",
    "--reference",
    "--category",
    "--bookmarked",
    "--mine",
]
OPTIONS += [
    "--dry-run",
    "--offline",
    "--documents",
    "--help",
    "--version",
    "--",
    "-",
    "--force",
    "--interval",
    "--all",
]
VALUES = [
    "demo-crawl",
    "crawl",
    "web",
    "labels",
    "nowhere",
    "file.txt",
    "out",
    "0",
    "1",
    "-1",
    "0.5",
    "1e999",
    "nan",
]
VALUES += [
    "json",
    "table",
    "csv",
    "parquet",
    "jsonl",
    "fasttext",
    "",
    " ",
    "[red]",
    "\x1b[31m",
    "\udcff",
    "a=b,c=d",
    "*",
]
argument = st.sampled_from(OPTIONS) | st.sampled_from(VALUES) | st.text("abc.-_=[]%\x1b☃\u202e0", max_size=6)
command_name = st.sampled_from(sorted(set(COMMANDS) - ENDLESS)) | st.sampled_from(
    ["ledger check", "ledger show", "nope"]
)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Path]:
    """A folder with labels, in which commands run."""
    with Scribe(tmp_path / "labels", annotator="ann") as scribe:
        for draw in range(8):
            scribe.label(a_document(draw), ("News", "Forum")[draw % 2])
        scribe.note(3, "[/nope] \x1b]0;title\x07")
    (tmp_path / "file.txt").write_text("a local document\n")
    with contextlib.chdir(tmp_path):
        yield tmp_path


def written(stream: io.TextIOWrapper) -> bytes:
    """Return the bytes written to a stream so far."""
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(command=command_name, arguments=st.lists(argument, max_size=5))
@example(command="summary", arguments=["web", "--format", "json"])
@example(command="export", arguments=["--format", "csv"])
def test_any_command_line_gives_a_result_or_an_error_message(
    study: Path, command: str, arguments: list[str]
) -> None:
    # with the error handlers that Python opens the two with
    stdout = io.TextIOWrapper(io.BytesIO(), "utf-8", "strict")
    stderr = io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace")
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        code = run([*command.split(), *arguments])
    output, errors = written(stdout), written(stderr)
    assert code in {0, 1, 2}
    assert code == 0 or output or errors
    assert b"Traceback" not in errors
    assert b"\x1b" not in errors
    # exports into a pipe keep the stored text byte for byte
    assert b"\x1b" not in output or command in {"export", "sample"}
    labelled = {
        decision.draw
        for decision in LedgerReader(study / "labels").read().recent()
        if decision.corpus == "web"
    }
    assert labelled == set(range(8))
