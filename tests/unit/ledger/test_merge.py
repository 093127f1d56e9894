"""Events of other folders come into this one, each once, and nothing over there changes."""

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
def here(tmp_path: Path) -> Path:
    """Three labels of ann."""
    with Scribe(tmp_path / "here", "a", "ann") as scribe:
        for draw in range(3):
            scribe.label(draw)
    return tmp_path / "here"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """Labels of ben in two sittings and corpora, one of them taken back."""
    with Scribe(tmp_path / "there", "b1", "ben") as scribe:
        scribe.label(0, "Forum")
        scribe.undo(scribe.label(1), 1)
    with Scribe(tmp_path / "there", "b2", "ben") as scribe:
        scribe.label(a_document(0, "exact \ud800 text", corpus="other"), "Forum")
        scribe.note(2, "hm")
    return tmp_path / "there"


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_event_comes_and_is_counted_by_annotator_and_corpus(here: Path, there: Path) -> None:
    brought = merge_folder(here, there)
    assert brought.events == {("ben", "web"): 4, ("ben", "other"): 1}
    assert (brought.total, brought.duplicates, brought.problems) == (5, 0, ())
    assert brought.categories == {"Forum": 2, "News": 1}
    decisions = read(here)
    assert decisions.annotators() == ("ann", "ben")
    assert [(each.corpus, each.draw) for each in decisions.recent("ben")] == [("web", 0), ("other", 0)]
    assert [remark.note for remark in decisions.notes()] == ["hm"]
    assert check(here).problems == ()


def test_a_second_time_brings_nothing_and_writes_nothing(here: Path, there: Path) -> None:
    merge_folder(here, there)
    before = content(here)
    brought = merge_folder(here, there)
    assert (brought.total, brought.duplicates) == (0, 5)
    assert content(here) == before


def test_what_was_added_there_since_comes_alone(here: Path, there: Path) -> None:
    merge_folder(here, there)
    with Scribe(there, "b3", "ben") as scribe:
        scribe.label(7)
    compact(there)
    assert merge_folder(here, there).events == {("ben", "web"): 1}
    assert check(here).repeated == 0


def test_the_other_folder_is_not_touched_even_when_it_cannot_be_written(here: Path, there: Path) -> None:
    flip(parts(there)[0], 300)
    before = content(there)
    for path in (*there.rglob("*"), there):
        path.chmod(0o555 if path.is_dir() else 0o444)
    brought = merge_folder(here, there)
    assert content(there) == before
    assert brought.problems
    for path in (there, *there.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_what_would_come_is_said_without_writing(tmp_path: Path, there: Path) -> None:
    assert merge_folder(tmp_path / "new", there, write=False).total == 5
    assert not (tmp_path / "new").exists()
    assert merge_folder(tmp_path / "new", there).total == 5


def test_an_open_session_there_is_read_as_far_as_it_is_acknowledged(here: Path, tmp_path: Path) -> None:
    with Scribe(tmp_path / "open", "o", "cem") as scribe:
        scribe.label(5)
        path = journals(tmp_path / "open")[0]
        path.write_bytes(path.read_bytes() + b"0123")
        brought = merge_folder(here, tmp_path / "open")
        assert brought.events == {("cem", "web"): 1}
        assert "the last line" in brought.problems[0]
    assert merge_folder(here, tmp_path / "open").duplicates == 1


def test_an_open_session_here_is_not_disturbed(tmp_path: Path, there: Path) -> None:
    with Scribe(tmp_path / "here") as scribe:
        scribe.label(8)
        assert merge_folder(tmp_path / "here", there).total == 5
        scribe.label(9)
    assert sorted(labels(read(tmp_path / "here"))) == [0, 8, 9]


def test_the_same_session_on_both_sides_counts_once(here: Path, tmp_path: Path) -> None:
    with Scribe(tmp_path / "copy", "s", "ann") as scribe:
        for draw in range(4):
            scribe.label(draw)
        (here / "s.journal").write_bytes(journals(tmp_path / "copy")[0].read_bytes())
    assert merge_folder(here, tmp_path / "copy").duplicates == 4
    compact(here)
    assert check(here).events == 7


def test_damage_there_is_reported_and_what_is_whole_comes(here: Path, there: Path) -> None:
    damaged = next(path for path in parts(there) if path.stem == "b1")
    flip(damaged, 300)
    brought = merge_folder(here, there)
    assert str(damaged) in brought.problems[0]
    assert brought.events == {("ben", "web"): 1, ("ben", "other"): 1}
    flip(damaged, 300)
    assert merge_folder(here, there).events == {("ben", "web"): 3}, "mended, the rest follows"


def test_a_damaged_line_of_a_journal_is_reported_and_the_others_come(here: Path, tmp_path: Path) -> None:
    with Scribe(tmp_path / "dead", "d", "cem") as scribe:
        for draw in range(3):
            scribe.label(draw)
        saved = journals(tmp_path / "dead")[0].read_bytes()
    other = tmp_path / "other"
    other.mkdir()
    (other / "d.journal").write_bytes(saved)
    flip(other / "d.journal", saved.index(b"document 1"))
    brought = merge_folder(here, other)
    assert brought.total == 2
    assert "1 line(s)" in brought.problems[0]


def test_a_strange_parquet_file_there_is_named_and_left_out(here: Path, there: Path) -> None:
    (there / "web" / "notes.parquet").write_bytes(b"PAR1 not really PAR1")
    assert "notes.parquet" in merge_folder(here, there).problems[0]


def test_a_full_disk_is_explained_and_the_next_try_brings_the_rest(here: Path, there: Path) -> None:
    with pytest.raises(LedgerError, match="No space left"):
        merge_folder(here, there, FailingFiles(write=errno.ENOSPC))
    assert labels(read(here)).keys() == {0, 1, 2}
    assert merge_folder(here, there).total == 5


def test_power_that_fails_at_any_moment_loses_nothing_and_doubles_nothing(
    tmp_path: Path, there: Path
) -> None:
    def attempt(folder: Path, cut_after: int | None) -> tuple[PowerFiles, int]:
        """One label here, then a merge with the power cut after so many operations, and how many it made."""
        folder.parent.mkdir()
        files = PowerFiles(folder)
        with Scribe(folder, "a", "ann", files=files) as scribe:
            scribe.label(0)
        before = files.operations
        files.cut_at = None if cut_after is None else before + cut_after
        with suppress(LedgerError):
            merge_folder(folder, there, files)
        return files, files.operations - before

    _, operations = attempt(tmp_path / "whole" / "labels", None)
    assert operations > 10
    for cut_after in range(operations):
        for luck in (None, random.Random(cut_after)):
            folder = tmp_path / f"{cut_after}-{luck is None}" / "labels"
            files, _ = attempt(folder, cut_after)
            disk = files.disk(folder.with_name("after"), luck)
            assert "ann" in read(disk).annotators()
            merge_folder(disk, there)
            report = check(disk)
            assert (report.events, report.repeated, report.problems) == (6, 0, ())


def test_one_name_on_both_sides_is_told_unless_it_only_came_from_there(here: Path, there: Path) -> None:
    assert merge_folder(here, there).in_both == ()
    with Scribe(there, "b3", "ben") as scribe:
        scribe.label(7)
    with Scribe(there, "a2", "ann") as scribe:
        scribe.label(8)
    assert merge_folder(here, there, write=False).in_both == ("ann",)


def test_a_corpus_that_would_lead_out_of_the_folder_is_left_out(here: Path, tmp_path: Path) -> None:
    with Scribe(tmp_path / "evil", "e", "eve") as scribe:
        scribe.label(0)
        line = journals(tmp_path / "evil")[0].read_bytes()
    other = tmp_path / "other"
    other.mkdir()
    (tmp_path / "line").write_bytes(line)
    (record,) = scan_file(tmp_path / "line").events
    (other / "e.journal").write_bytes(encode({**record, "corpus": "../../out"}))
    brought = merge_folder(here, other)
    assert brought.total == 0
    assert "cannot name a corpus" in brought.problems[0]
    assert not (here.parent.parent / "out").exists()
