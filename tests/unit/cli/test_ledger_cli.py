"""Tests of `corpuscope ledger`: data on stdout, remarks on stderr, damage as an exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_lines import run
from corpuscope.errors import UsageError
from ledger_fakes import Scribe, damage_texts, flip, journals, parts
from makers import a_document


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    for session in ("one", "two"):
        with Scribe(tmp_path, session) as scribe:
            scribe.label(1 if session == "one" else 2)
            scribe.skip(3)
    return tmp_path


def test_check_counts_files_events_and_documents(labelled: Path) -> None:
    result = run("ledger", "check", "--labels", str(labelled))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split("\t") == ["file", "kind", "events", "bytes", "state"]
    assert "web/one.parquet\tpart\t2" in result.stdout
    assert result.stdout.splitlines()[-1] == "4 events about 3 documents in 2 files: whole"
    assert result.stderr == ""


def test_check_finds_damage_changes_nothing_and_fails(labelled: Path) -> None:
    path = parts(labelled)[0]
    flip(path, 300)
    before = {p: p.read_bytes() for p in labelled.rglob("*") if p.is_file()}
    result = run("ledger", "check", "--labels", str(labelled))
    assert result.exit_code == 1
    assert f"{path} is damaged" in result.stdout
    assert ": 1 problem" in result.stdout
    assert result.stderr == (
        "`corpuscope ledger compact` sets damaged files aside, keeps them, and saves what it can\n"
    )
    assert {p: p.read_bytes() for p in labelled.rglob("*") if p.is_file()} == before


def test_check_counts_events_that_a_crash_left_in_two_files_once(labelled: Path) -> None:
    part = parts(labelled)[0]
    part.with_name("copy.parquet").write_bytes(part.read_bytes())
    result = run("ledger", "check", "--labels", str(labelled))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "4 events about 3 documents in 3 files: whole"
    assert result.stderr == "2 events in two files, as a crash leaves them; each counts once\n"


def test_check_shows_an_unfinished_line_without_calling_it_a_problem(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
        path = journals(tmp_path)[0]
        path.write_bytes(path.read_bytes() + b"0123")
        result = run("ledger", "check", "--labels", str(tmp_path))
    assert result.exit_code == 0
    assert "4 bytes of an unfinished line" in result.stdout


def test_compact_merges_and_reports(labelled: Path) -> None:
    result = run("ledger", "compact", "--labels", str(labelled))
    assert result.exit_code == 0
    assert result.stdout == "0 journals compacted; 2 parts before, 1 now\n"
    assert len(parts(labelled)) == 1


def test_compact_sets_a_damaged_file_aside_and_the_ledger_is_whole_again(labelled: Path) -> None:
    path = parts(labelled)[0]
    flip(path, 300)
    damaged = path.read_bytes()
    result = run("ledger", "compact", "--labels", str(labelled))
    assert result.exit_code == 0
    assert f"{path} is damaged" in result.stderr
    assert path.with_name(f"{path.name}.damaged").read_bytes() == damaged
    result = run("ledger", "check", "--labels", str(labelled))
    assert result.exit_code == 0
    assert "one.parquet.damaged\tset aside" in result.stdout
    assert "kept, all of it saved" in result.stdout


def test_check_reports_a_loss_until_the_file_set_aside_is_removed(labelled: Path) -> None:
    path = labelled / "web" / "one.parquet"
    damage_texts(path)
    assert run("ledger", "compact", "--labels", str(labelled)).exit_code == 0
    aside = path.with_name("one.parquet.damaged")
    for _ in range(2):
        result = run("ledger", "check", "--labels", str(labelled))
        assert result.exit_code == 1
        assert f"{aside} was damaged and set aside: saved 2 of its 2 events, 2 without text" in result.stdout
        assert result.stdout.endswith("in 2 files: whole, 1 earlier loss\n")
        assert "remove it" in result.stderr
    aside.unlink()
    result = run("ledger", "check", "--labels", str(labelled))
    assert result.exit_code == 0
    assert "2 texts lost" in result.stdout


def test_check_reports_lost_lines_of_a_journal_and_labels_of_a_part_that_nothing_could_be_read_of(
    labelled: Path,
) -> None:
    path = labelled / "web" / "one.parquet"
    path.write_bytes(path.read_bytes()[:100])
    with Scribe(labelled / "elsewhere", "dead") as scribe:
        scribe.label(7)
        scribe.label(8)
        content = journals(labelled / "elsewhere")[0].read_bytes()
    journal = labelled / "dead.journal"
    journal.write_bytes(content)
    flip(journal, len(content) // 2)
    run("ledger", "compact", "--labels", str(labelled))
    result = run("ledger", "check", "--labels", str(labelled))
    assert result.exit_code == 1
    assert "one.parquet.damaged was damaged and set aside: nothing in it could be read" in result.stdout
    assert "dead.journal.damaged was damaged and set aside: lost 1 damaged line of it" in result.stdout


def test_compact_leaves_an_open_session_alone_and_says_so(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
        result = run("ledger", "compact", "--labels", str(tmp_path))
        assert len(journals(tmp_path)) == 1
    assert "1 journal of open sessions" in result.stderr


def test_show_names_a_file_whose_events_it_cannot_show(labelled: Path) -> None:
    damaged = parts(labelled)[0]
    damaged.write_bytes(damaged.read_bytes()[:-9])
    result = run("ledger", "show", a_document(3).id, "--labels", str(labelled))
    assert f"{damaged} is damaged" in result.stderr
    assert result.stdout.count("\tskip\t") == 1


def test_show_prints_the_history_of_a_document_by_its_id_or_an_event(tmp_path: Path) -> None:
    document = a_document(1, "some text", url="https://x.example/a")
    with Scribe(tmp_path) as scribe:
        first = scribe.label(document, "News")
        scribe.note(document, "tricky")
        scribe.undo(first, document)
        scribe.label(2)
    for prefix in (document.id[:8], first):
        result = run("ledger", "show", prefix, "--labels", str(tmp_path))
        assert result.exit_code == 0
        assert f"document {document.id} of web, draw 1" in result.stdout
        assert "https://x.example/a" in result.stdout
        rows = [line.split("\t") for line in result.stdout.splitlines()][5:]
        assert [row[1] for row in rows] == ["label News", "note tricky", f"undo {first}"]
        assert rows[0][-1] == "undone"
        assert "some text" not in result.stdout
    assert run("ledger", "show", document.id, "--text", "--labels", str(tmp_path)).stdout.endswith(
        "\nsome text\n"
    )


def test_what_was_done_again_is_not_undone(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        first = scribe.label(1, "News")
        scribe.undo(scribe.undo(first, 1), 1)
    result = run("ledger", "show", first, "--labels", str(tmp_path))
    rows = [line.split("\t") for line in result.stdout.splitlines() if "\t" in line][1:]
    assert [row[-1] for row in rows] == ["", "undone", ""]


def test_texts_and_notes_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    document = a_document(1, "\x1b]52;c;eA==\x07 [red]x[/quote]", url="http://x/\x1b[2J")
    with Scribe(tmp_path) as scribe:
        scribe.label(document, "N\x1bews")
        scribe.note(document, "two\nlines \x9b1m [b]")
    result = run("ledger", "show", document.id, "--text", "--labels", str(tmp_path))
    assert result.exit_code == 0
    assert not {"\x1b", "\x07", "\x9b"} & set(result.stdout)
    assert "[red]x[/quote]" in result.stdout


@pytest.mark.parametrize(("prefix", "message"), [("ffff", "begins with ffff"), ("019", "documents fit 019")])
def test_an_unknown_or_ambiguous_id_is_an_error_of_usage(labelled: Path, prefix: str, message: str) -> None:
    result = run("ledger", "show", prefix, "--labels", str(labelled))
    assert isinstance(result.exception, UsageError)
    assert message in result.exception.message


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    result = run("ledger", "check", "--labels", str(tmp_path / "none"))
    assert isinstance(result.exception, UsageError)
    assert "none" in result.exception.message
