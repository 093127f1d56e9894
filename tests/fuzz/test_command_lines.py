"""Whatever is typed after `corpuscope`, the answer is a result or a sentence, and labels stay what they were."""

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
"""Commands that go on until they are stopped."""
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
words = st.sampled_from(OPTIONS) | st.sampled_from(VALUES) | st.text("abc.-_=[]%\x1b☃\u202e0", max_size=6)
commands = st.sampled_from(sorted(set(COMMANDS) - ENDLESS)) | st.sampled_from(
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
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(command=commands, arguments=st.lists(words, max_size=5))
@example(command="summary", arguments=["web", "--format", "json"])
@example(command="export", arguments=["--format", "csv"])
def test_any_command_line_is_answered_in_words(study: Path, command: str, arguments: list[str]) -> None:
    # as Python opens the two
    said = io.TextIOWrapper(io.BytesIO(), "utf-8", "strict")
    told = io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace")
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        code = run([*command.split(), *arguments])
    answer, complaint = written(said), written(told)
    assert code in {0, 1, 2}
    assert code == 0 or answer or complaint
    assert b"Traceback" not in complaint
    assert b"\x1b" not in complaint
    # exports into a pipe hold what is stored, byte for byte
    assert b"\x1b" not in answer or command in {"export", "sample"}
    kept = {
        decision.draw
        for decision in LedgerReader(study / "labels").read().recent()
        if decision.corpus == "web"
    }
    assert kept == set(range(8))
