"""Tests of the command line as scripts use it: data on stdout, remarks on stderr, exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest

from command_lines import Finished, finished
from corpuscope.cli import COMMANDS, main
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.label import Event, EventKind
from corpuscope.ledger.write.writer import LedgerWriter
from makers import a_document


def corpuscope(*arguments: str, folder: Path, **environment: str) -> Finished:
    return finished(*arguments, folder=folder, HOME=str(folder / "home"), **environment)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A folder with ten labels and a skip of documents whose texts attack the terminal."""
    write(tmp_path / "labels", ["Forum"] * 6 + ["News"] * 3 + ["Creative", None])
    return tmp_path


def write(labels: Path, categories: Iterable[str | None], corpus: str = "web") -> None:
    ids = EventIds(Clock())
    with LedgerWriter.open(labels, f"session-{corpus}", Clock()) as writer:
        for draw, category in enumerate(categories):
            kind = EventKind.SKIP if category is None else EventKind.LABEL
            document = a_document(
                draw, f"text {draw} \x1b[31m\u202e", corpus=corpus, url="http://x.example/\x07"
            )
            writer.append(
                Event(ids.next(), "s", "reader", Clock().now(), kind, document, category=category, scheme="h")
            )


def test_summary_in_a_pipe_is_a_plain_table_with_n_method_and_level(labelled: Path) -> None:
    result = corpuscope("summary", folder=labelled)
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
    row = next(line for line in result.stdout.splitlines() if line.startswith("Forum"))
    assert row.split()[:12] == [
        *("Forum", "6", "60.0", "%", "31.3", "to", "83.2", "%", "54.5", "to", "63.6", "%")
    ]
    assert "n = 10" in result.stdout
    assert "95 % intervals (Wilson)" in result.stdout
    assert "of the documents not skipped (1 skipped)" in result.stdout
    assert "1 of 11 documents of web was skipped (9.1 %)" in result.stdout


def test_summary_as_json_holds_the_unrounded_numbers(labelled: Path) -> None:
    summary = json.loads(corpuscope("summary", "--format", "json", folder=labelled).stdout)
    (corpus,) = summary["corpora"]
    forum = next(share for share in corpus["shares"] if share["category"] == "Forum")
    assert corpus["n"] == 10
    assert corpus["skips"] == 1
    assert forum["share"] == 0.6
    assert forum["low"] == pytest.approx(0.3126738)


def test_summary_as_csv_and_markdown_have_the_same_cells(labelled: Path) -> None:
    table = list(csv.reader(io.StringIO(corpuscope("summary", "--format", "csv", folder=labelled).stdout)))
    markdown = corpuscope("summary", "--format", "markdown", folder=labelled).stdout
    for row in table[1:]:
        assert "| " + " | ".join(row[1:-2]) + " |" in markdown


def test_summary_without_labels_says_so_on_stderr(tmp_path: Path) -> None:
    result = corpuscope("summary", "--format", "json", folder=tmp_path)
    assert result.returncode == 0
    assert json.loads(result.stdout)["corpora"] == []
    assert "no labels in" in result.stderr
    assert not (tmp_path / "labels").exists()


def test_an_export_is_addresses_only_unless_text_is_asked_for(labelled: Path) -> None:
    plain = list(csv.DictReader(io.StringIO(corpuscope("export", folder=labelled).stdout)))
    assert len(plain) == 10
    assert "text" not in plain[0]
    assert plain[0]["shard"] == "part-0.jsonl"
    lines = corpuscope("export", "--format", "jsonl", "--text", folder=labelled).stdout.splitlines()
    assert json.loads(lines[3])["text"] == "text 3 \x1b[31m\u202e"
    assert json.loads(lines[3])["category"] == "Forum"


def test_a_parquet_export_is_complete_and_in_a_fixed_order(labelled: Path) -> None:
    for name in ("one.parquet", "two.parquet"):
        result = corpuscope("export", "--format", "parquet", "--text", "-o", name, folder=labelled)
        assert result.returncode == 0
        assert f"10 labels in {name}" in result.stderr
    assert (labelled / "one.parquet").read_bytes() == (labelled / "two.parquet").read_bytes()
    table = pq.read_table(labelled / "one.parquet")
    assert table["draw"].to_pylist() == list(range(10))
    assert sorted(path.name for path in labelled.glob("*parquet*")) == ["one.parquet", "two.parquet"]


def test_an_export_into_a_missing_folder_names_it(labelled: Path) -> None:
    result = corpuscope("export", "-o", "nowhere/labels.csv", folder=labelled)
    assert result.returncode == 2
    assert "there is no folder nowhere" in result.stderr
    assert "labels.csv needs a folder to be in" in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        "summary",
        "agreement",
        "corpora",
        "doctor",
        "export",
        "ledger check",
        "report x.md",
        "plan c4 -n 9",
    ],
)
def test_a_missing_labels_folder_is_an_error_and_not_an_empty_study(tmp_path: Path, command: str) -> None:
    (tmp_path / "notes").write_text("")
    for name, message in (("lables", "there is no folder lables"), ("notes", "notes is a file")):
        result = corpuscope(*command.split(), "--labels", name, folder=tmp_path)
        assert result.returncode == 2
        assert message in result.stderr
        assert "--labels" in result.stderr
        assert result.stdout == ""


def test_corpora_lists_what_is_known_planned_and_labelled(labelled: Path) -> None:
    result = corpuscope("corpora", folder=labelled)
    assert result.returncode == 0
    for key in ("c4", "fineweb", "fineweb-edu", "synth", "demo-crawl"):
        assert key in result.stdout
    assert "first 48 rows" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["summary", "wbe"], "there are no labels of 'wbe'"),
        (["export", "--format", "xls"], "there is no format 'xls'"),
        (["summary", "--categories", "none.yaml"], "none.yaml: no such file"),
        (["summary", "--level", "2"], "not in the range"),
        (["summry"], "there is no command 'summry'"),
        (["label"], "Missing argument"),
    ],
)
def test_bad_usage_is_one_clear_error_with_exit_code_2(
    arguments: list[str], message: str, labelled: Path
) -> None:
    result = corpuscope(*arguments, folder=labelled)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_a_wrong_category_file_and_a_wrong_config_are_named_before_anything_happens(labelled: Path) -> None:
    (labelled / "categories.yaml").write_text("categories:\n  - key: 1\n")
    result = corpuscope("summary", folder=labelled)
    assert result.returncode == 2
    assert "categories.yaml:2: categories[1].name: missing" in result.stderr
    (labelled / "config.toml").write_text("thme = 'dark'")
    result = corpuscope("summary", folder=labelled, CORPUSCOPE_CONFIG="config.toml")
    assert "config.toml: thme: unknown; did you mean theme?" in result.stderr


def test_labels_of_a_removed_category_are_an_error_and_not_dropped_silently(labelled: Path) -> None:
    (labelled / "categories.yaml").write_text("categories:\n  - {key: 1, name: Forum, definition: talk}\n")
    result = corpuscope("summary", folder=labelled)
    assert result.returncode == 2
    assert "3 labels say 'News', which is not a category now" in result.stderr
    assert "formerly" in result.stderr


@pytest.mark.parametrize(
    "command",
    ["summary", "compare", "agreement", "mix web=1", "report -", "export", "corpora", "estimate --from x"],
)
def test_labels_that_cannot_be_read_are_never_left_out_in_silence(labelled: Path, command: str) -> None:
    for corpus in ("other", "bad"):
        write(labelled / "labels", ["News"] * 3, corpus)
    (part,) = (labelled / "labels" / "bad").glob("*.parquet")
    part.write_bytes(b"nonsense")
    assert f"{part} is damaged" in corpuscope(*command.split(), folder=labelled).stderr


def test_a_renamed_category_keeps_its_labels(labelled: Path) -> None:
    (labelled / "categories.yaml").write_text(
        "categories:\n"
        "  - {key: 1, name: Talk, definition: talk, formerly: [Forum]}\n"
        "  - {key: 2, name: Rest, definition: rest, formerly: [News, Creative]}\n"
    )
    summary = json.loads(corpuscope("summary", "--format", "json", folder=labelled).stdout)
    assert [share["count"] for share in summary["corpora"][0]["shares"]] == [6, 4]


def test_hostile_names_never_reach_the_terminal_raw(tmp_path: Path) -> None:
    (tmp_path / "categories.yaml").write_text(
        'categories:\n  - {key: 1, name: "a\u202eb\u200b[red]", definition: d}\n'
    )
    write(tmp_path / "labels", ["a\u202eb\u200b[red]"])
    for command in (["summary"], ["summary", "--format", "markdown"]):
        result = corpuscope(*command, folder=tmp_path)
        assert result.returncode == 0, result.stderr
        assert "[red]" in result.stdout
        assert not {"\u202e", "\u200b", "\x1b"} & set(result.stdout)


def test_the_list_of_commands_says_the_first_sentence_of_each_help() -> None:
    for name, door in COMMANDS.items():
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert command.get_short_help_str(100) == door.summary, name


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_behind_standard_output_is_a_message(labelled: Path) -> None:
    line = f"{sys.executable} -m corpuscope summary > /dev/full"
    result = subprocess.run(
        line,
        shell=True,
        cwd=labelled,
        env={**os.environ, "HOME": str(labelled / "home")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (result.returncode, result.stderr) == (1, "Error: could not go on: No space left on device\n")


def test_the_reader_of_a_pipe_may_close_it(labelled: Path) -> None:
    for command in ("summary", "export --format jsonl --text"):
        line = f"{sys.executable} -m corpuscope {command} | true; echo ${{PIPESTATUS[0]}}"
        result = subprocess.run(
            ["bash", "-c", line], cwd=labelled, capture_output=True, text=True, timeout=60
        )
        assert (result.stdout, "Error" in result.stderr) == ("141\n", False), result.stderr


def test_closed_standard_output_is_a_usage_error(labelled: Path) -> None:
    line = f"{sys.executable} -m corpuscope summary >&-"
    result = subprocess.run(["bash", "-c", line], cwd=labelled, capture_output=True, text=True, timeout=60)
    assert result.returncode == 2
    assert result.stderr.startswith("Error: standard output is closed\n")


@pytest.mark.parametrize("command", ["summary", "export", "corpora", "home"])
def test_a_labels_folder_that_is_a_file_is_a_usage_error(command: str, tmp_path: Path) -> None:
    (tmp_path / "labels").touch()
    result = corpuscope(command, folder=tmp_path)
    assert (result.returncode, result.stderr) == (
        2,
        f"Error: {tmp_path / 'labels'} is a file\nsay where the labels are with --labels\n",
    )
