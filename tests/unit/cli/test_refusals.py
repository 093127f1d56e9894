"""Tests of the errors for options and names that fit nothing: each says what is wrong and what to do."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpuscope.cli import main
from corpuscope.cli.label import demo_key
from corpuscope.errors import CorpuscopeError, UsageError
from ledger_fakes import Scribe
from makers import a_document


@pytest.fixture(autouse=True)
def labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with one label of the corpus web, and with files that hold no token."""
    monkeypatch.chdir(tmp_path)
    for name, token in (("empty", b" \n"), ("control", b"a\x07b"), ("binary", b"\xff")):
        (tmp_path / name).write_bytes(token)
    with Scribe(tmp_path / "labels", "one") as scribe:
        scribe.label(a_document(0, corpus="web"))


@pytest.mark.parametrize(
    ("command", "message", "hint"),
    [
        ("agreement web --at 3", "--at needs a score", "--score int_score"),
        ("agreement web --score s --model m", "--model and --score exclude each other", "one second reader"),
        ("annotate web --model ''", "--model is empty", "name the model as the server calls it"),
        ("annotate --model m --dry-run --export-batch f", "exclude each other", "name one of them"),
        (
            "annotate wbe --model m --base-url http://localhost:1",
            "'wbe' is neither labelled nor planned",
            "web",
        ),
        ("export --format jsonl --spreadsheet", "--spreadsheet writes csv, not jsonl", "--format csv"),
        ("export --format jsonl --assisted", "jsonl holds labels and no shares", "estimate --format csv"),
        ("export --format argilla --skips", "argilla has no place for skips", "csv, jsonl or parquet"),
        ("merge labels", "labels is the folder to merge into", "--labels"),
        ("report web.pdf", "web.pdf: cannot write .pdf files", "use .html or .md"),
        ("report web", "web: its name has no extension", "use .html or .md"),
        ("sample demo-web -n 1 -o web.xlsx", "web.xlsx: cannot write .xlsx files", "or choose with --format"),
        ("sample a b --path web -n 1", "--path is for one corpus", "NAME=PATH"),
        ("sample web --path '' -n 1", "a path is empty", "name a file, a folder or a glob"),
        ("plan wbe -n 9", "the plan has no corpus wbe", "corpuscope label wbe"),
        ("label web --for-mix first", "--for-mix names the corpora itself", "leave out web"),
        ("serve --token-file none", "none: cannot be read: No such file", ""),
        ("serve --token-file empty", "empty: holds no token", "leave --token-file out for a random one"),
        ("serve --token-file control", "control: holds no token", "write one line into it"),
        ("serve --token-file binary", "binary: cannot be read: 'utf-8' codec", ""),
        ("serve --host 203.0.113.7", "cannot listen on 203.0.113.7, port 8127: ", "another --host or --port"),
        ("ledger show é", "no id begins with 'é'", "hexadecimal digits"),
    ],
)
def test_what_fits_nothing_is_refused_with_a_way_out(command: str, message: str, hint: str) -> None:
    result = CliRunner().invoke(main, shlex.split(command))
    assert isinstance(result.exception, CorpuscopeError), result.output
    assert message in result.exception.message
    assert hint in result.exception.hint
    assert result.stdout == ""


@pytest.mark.parametrize(
    "command", ["", "demo", "demo crawl", "label web", "label --for-mix first", "practice", "browse web"]
)
def test_what_opens_the_app_needs_a_terminal(command: str) -> None:
    result = CliRunner().invoke(main, shlex.split(command))
    assert isinstance(result.exception, UsageError), result.output
    name = " ".join(["corpuscope", *command.split()[:1]])
    assert f"{name} needs an interactive terminal" in result.exception.message


def test_a_demo_corpus_may_be_named_without_its_prefix() -> None:
    assert demo_key("crawl") == demo_key("demo-crawl") == "demo-crawl"
    with pytest.raises(UsageError, match="there is no demo corpus 'crwal'") as refused:
        demo_key("crwal")
    assert "did you mean crawl?" in refused.value.hint
