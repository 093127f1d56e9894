"""Test merging another labels folder: each event is merged once, and the other folder stays as it is."""

from __future__ import annotations

import errno
import random
from contextlib import suppress
from pathlib import Path

import pytest

from corpuscope.errors import LedgerError
from corpuscope.ledger.check import check, compact
from corpuscope.ledger.journal import encode, scan_file
from corpuscope.ledger.merge import merge_folder
from faults.power import PowerFiles
from ledger_fakes import FailingFiles, Scribe, flip, journals, labels, parts, read
from makers import a_document


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three labels of ann."""
    with Scribe(tmp_path / "labels", "a", "ann") as scribe:
        for draw in range(3):
            scribe.label(draw)
    return tmp_path / "labels"


@pytest.fixture
def other_folder(tmp_path: Path) -> Path:
    """Labels of ben in two sessions and corpora, one of them undone."""
    with Scribe(tmp_path / "other", "b1", "ben") as scribe:
        scribe.label(0, "Forum")
        scribe.undo(scribe.label(1), 1)
    with Scribe(tmp_path / "other", "b2", "ben") as scribe:
        scribe.label(a_document(0, "exact \ud800 text", corpus="other"), "Forum")
        scribe.note(2, "hm")
    return tmp_path / "other"


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_event_is_merged_and_counted_by_annotator_and_corpus(folder: Path, other_folder: Path) -> None:
    result = merge_folder(folder, other_folder)
    assert result.events == {("ben", "web"): 4, ("ben", "other"): 1}
    assert (result.total, result.duplicates, result.problems) == (5, 0, ())
    assert result.categories == {"Forum": 2, "News": 1}
    decisions = read(folder)
    assert decisions.annotators() == ("ann", "ben")
    assert [(decision.corpus, decision.draw) for decision in decisions.recent("ben")] == [
        ("web", 0),
        ("other", 0),
    ]
    assert [notes.note for notes in decisions.notes()] == ["hm"]
    assert check(folder).problems == ()


def test_a_second_merge_adds_nothing_and_writes_nothing(folder: Path, other_folder: Path) -> None:
    merge_folder(folder, other_folder)
    before = content(folder)
    result = merge_folder(folder, other_folder)
    assert (result.total, result.duplicates) == (0, 5)
    assert content(folder) == before


def test_a_later_merge_adds_only_the_new_events(folder: Path, other_folder: Path) -> None:
    merge_folder(folder, other_folder)
    with Scribe(other_folder, "b3", "ben") as scribe:
        scribe.label(7)
    compact(other_folder)
    assert merge_folder(folder, other_folder).events == {("ben", "web"): 1}
    assert check(folder).repeated == 0


def test_the_other_folder_is_unchanged_and_may_be_read_only(folder: Path, other_folder: Path) -> None:
    flip(parts(other_folder)[0], 300)
    before = content(other_folder)
    for path in (*other_folder.rglob("*"), other_folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    result = merge_folder(folder, other_folder)
    assert content(other_folder) == before
    assert result.problems
    for path in (other_folder, *other_folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_new_events_are_counted_without_writing(tmp_path: Path, other_folder: Path) -> None:
    assert merge_folder(tmp_path / "new", other_folder, write=False).total == 5
    assert not (tmp_path / "new").exists()
    assert merge_folder(tmp_path / "new", other_folder).total == 5


def test_only_acknowledged_events_of_an_open_session_in_the_other_folder_are_merged(
    folder: Path, tmp_path: Path
) -> None:
    with Scribe(tmp_path / "open", "o", "cem") as scribe:
        scribe.label(5)
        path = journals(tmp_path / "open")[0]
        path.write_bytes(path.read_bytes() + b"0123")
        result = merge_folder(folder, tmp_path / "open")
        assert result.events == {("cem", "web"): 1}
        assert "the last line" in result.problems[0]
    assert merge_folder(folder, tmp_path / "open").duplicates == 1


def test_an_open_session_in_the_folder_is_not_disturbed(tmp_path: Path, other_folder: Path) -> None:
    with Scribe(tmp_path / "labels") as scribe:
        scribe.label(8)
        assert merge_folder(tmp_path / "labels", other_folder).total == 5
        scribe.label(9)
    assert sorted(labels(read(tmp_path / "labels"))) == [0, 8, 9]


def test_a_session_in_both_folders_counts_once(folder: Path, tmp_path: Path) -> None:
    with Scribe(tmp_path / "copy", "s", "ann") as scribe:
        for draw in range(4):
            scribe.label(draw)
        (folder / "s.journal").write_bytes(journals(tmp_path / "copy")[0].read_bytes())
    assert merge_folder(folder, tmp_path / "copy").duplicates == 4
    compact(folder)
    assert check(folder).events == 7


def test_damage_in_the_other_folder_is_reported_and_undamaged_events_are_merged(
    folder: Path, other_folder: Path
) -> None:
    damaged = next(path for path in parts(other_folder) if path.stem == "b1")
    flip(damaged, 300)
    result = merge_folder(folder, other_folder)
    assert str(damaged) in result.problems[0]
    assert result.events == {("ben", "web"): 1, ("ben", "other"): 1}
    flip(damaged, 300)
    assert merge_folder(folder, other_folder).events == {("ben", "web"): 3}, (
        "once repaired, the remaining events are merged"
    )


def test_a_damaged_line_of_a_journal_is_reported_and_the_other_lines_are_merged(
    folder: Path, tmp_path: Path
) -> None:
    with Scribe(tmp_path / "dead", "d", "cem") as scribe:
        for draw in range(3):
            scribe.label(draw)
        saved = journals(tmp_path / "dead")[0].read_bytes()
    other = tmp_path / "other"
    other.mkdir()
    (other / "d.journal").write_bytes(saved)
    flip(other / "d.journal", saved.index(b"document 1"))
    result = merge_folder(folder, other)
    assert result.total == 2
    assert "1 damaged line left out" in result.problems[0]


def test_a_foreign_parquet_file_in_the_other_folder_is_named_and_left_out(
    folder: Path, other_folder: Path
) -> None:
    (other_folder / "web" / "notes.parquet").write_bytes(b"PAR1 not really PAR1")
    assert "notes.parquet" in merge_folder(folder, other_folder).problems[0]


def test_a_full_disk_is_explained_and_the_next_merge_adds_the_rest(folder: Path, other_folder: Path) -> None:
    with pytest.raises(LedgerError, match="No space left"):
        merge_folder(folder, other_folder, FailingFiles(write=errno.ENOSPC))
    assert labels(read(folder)).keys() == {0, 1, 2}
    assert merge_folder(folder, other_folder).total == 5


@pytest.mark.slow
def test_a_power_failure_at_any_moment_loses_and_doubles_nothing(tmp_path: Path, other_folder: Path) -> None:
    def attempt(folder: Path, cut_after: int | None) -> tuple[PowerFiles, int]:
        """Write a label, then merge with the power cut after `cut_after` operations; count them."""
        folder.parent.mkdir()
        files = PowerFiles(folder)
        with Scribe(folder, "a", "ann", files=files) as scribe:
            scribe.label(0)
        before = files.operations
        files.cut_at = None if cut_after is None else before + cut_after
        with suppress(LedgerError):
            merge_folder(folder, other_folder, files)
        return files, files.operations - before

    _, operations = attempt(tmp_path / "whole" / "labels", None)
    assert operations > 10
    for cut_after in range(operations):
        for luck in (None, random.Random(cut_after)):
            folder = tmp_path / f"{cut_after}-{luck is None}" / "labels"
            files, _ = attempt(folder, cut_after)
            disk = files.disk(folder.with_name("after"), luck)
            assert "ann" in read(disk).annotators()
            merge_folder(disk, other_folder)
            report = check(disk)
            assert (report.events, report.repeated, report.problems) == (6, 0, ())


def test_an_annotator_in_both_folders_is_named_unless_merged_from_the_other(
    folder: Path, other_folder: Path
) -> None:
    assert merge_folder(folder, other_folder).in_both == ()
    with Scribe(other_folder, "b3", "ben") as scribe:
        scribe.label(7)
    with Scribe(other_folder, "a2", "ann") as scribe:
        scribe.label(8)
    assert merge_folder(folder, other_folder, write=False).in_both == ("ann",)


def test_a_corpus_whose_name_would_escape_the_folder_is_left_out(folder: Path, tmp_path: Path) -> None:
    with Scribe(tmp_path / "evil", "e", "eve") as scribe:
        scribe.label(0)
        line = journals(tmp_path / "evil")[0].read_bytes()
    other = tmp_path / "other"
    other.mkdir()
    (tmp_path / "line").write_bytes(line)
    (record,) = scan_file(tmp_path / "line").events
    (other / "e.journal").write_bytes(encode({**record, "corpus": "../../out"}))
    result = merge_folder(folder, other)
    assert result.total == 0
    assert "cannot name a corpus" in result.refusals[0]
    assert not (folder.parent.parent / "out").exists()
