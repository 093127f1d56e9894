"""Test that checking reports problems, compacting repairs them, and a history lists every event."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.domain.label import EventKind
from corpuscope.errors import LedgerError, UsageError
from corpuscope.files import Files
from corpuscope.ledger import parquet_part as part_files
from corpuscope.ledger.check import check, compact, history
from ledger_fakes import Scribe, flip, journals, labels, parts, read
from makers import a_document


def everything_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_whole_ledger_has_no_problems_and_every_event_is_counted_once(tmp_path: Path) -> None:
    with Scribe(tmp_path, "closed") as scribe:
        for draw in range(4):
            scribe.label(draw)
        scribe.undo(scribe.label(9), 9)
    with Scribe(tmp_path, "open") as scribe:
        scribe.note(a_document(2), "a note")
        before = everything_in(tmp_path)
        report = check(tmp_path)
        assert everything_in(tmp_path) == before
    assert [(file.kind, file.events) for file in report.files] == [("journal", 1), ("part", 6)]
    assert (report.events, report.documents, report.repeated) == (7, 5, 0)
    assert report.problems == ()


def test_an_empty_or_missing_folder_is_whole(tmp_path: Path) -> None:
    assert check(tmp_path / "nowhere").problems == ()
    assert check(tmp_path).events == 0


def test_a_file_in_place_of_the_folder_has_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text("a file")
    with pytest.raises(LedgerError, match="cannot be checked"):
        check(tmp_path / "labels")


def test_a_flipped_byte_in_a_text_is_found_although_no_summary_reads_it(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(1, "findme " * 3))
    [path] = parts(tmp_path)
    flip(path, path.read_bytes().index(b"findme") + 3)
    assert labels(read(tmp_path)) == {1: "News"}
    before = everything_in(tmp_path)
    [problem] = check(tmp_path).problems
    assert str(path) in problem
    assert everything_in(tmp_path) == before


def test_compacting_saves_the_labels_of_a_part_that_lost_a_text(tmp_path: Path) -> None:
    with Scribe(tmp_path, "a") as scribe:
        event_id = scribe.label(a_document(1, "findme " * 3))
    with Scribe(tmp_path, "b") as scribe:
        scribe.label(2)
    path = tmp_path / "web" / "a.parquet"
    flip(path, path.read_bytes().index(b"findme") + 3)
    report = compact(tmp_path)
    assert any("saved 1 of its 1 event, 1 without text" in n for n in report.notices)
    assert labels(read(tmp_path)) == {1: "News", 2: "News"}
    assert history(tmp_path, event_id)[0].document.text == ""


def test_a_text_that_is_not_the_labelled_one_is_found(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        event_id = scribe.label(a_document(1, "true"))
    [path] = parts(tmp_path)
    table = part_files.read(path)
    place = table.schema.get_field_index("text")
    path.unlink()
    part_files.write(table.set_column(place, "text", pa.array(["false"])), path, Files())
    assert any(event_id in problem for problem in check(tmp_path).problems)


def test_an_undo_of_an_event_that_is_not_there_is_found(tmp_path: Path) -> None:
    missing = "01234567-89ab-7cde-8f01-23456789abcd"
    with Scribe(tmp_path) as scribe:
        scribe.undo(missing, 1)
    assert any(missing in problem for problem in check(tmp_path).problems)


def test_a_damaged_line_and_a_torn_one_are_distinguished(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in range(3):
            scribe.label(draw)
        content = journals(tmp_path)[0].read_bytes()
    dead = tmp_path / "dead.journal"
    dead.write_bytes(content[:-5])
    assert check(tmp_path).problems == ()
    assert check(tmp_path).files[0].torn > 0
    flip(dead, len(content) // 2)
    assert any(str(dead) in problem for problem in check(tmp_path).problems)


def test_compacting_leaves_one_part_a_corpus_and_live_sessions_alone(tmp_path: Path) -> None:
    for number in range(3):
        with Scribe(tmp_path, f"s{number}") as scribe:
            scribe.label(number)
            scribe.label(a_document(number, corpus="other"))
    with Scribe(tmp_path, "open") as scribe:
        scribe.label(9)
        report = compact(tmp_path)
        assert (report.live, report.parts_before, report.parts_after) == (1, 6, 2)
        scribe.label(10)
    assert sorted(labels(read(tmp_path))) == [0, 1, 2, 9, 10]


def test_events_in_two_files_are_reported_and_merging_makes_them_one(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
    [path] = parts(tmp_path)
    path.with_name("copy.parquet").write_bytes(path.read_bytes())
    assert check(tmp_path).repeated == 1
    compact(tmp_path)
    assert check(tmp_path).repeated == 0
    assert pq.read_metadata(parts(tmp_path)[0]).num_rows == 1


def test_a_history_lists_every_event_of_a_document_oldest_first(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1") as scribe:
        first = scribe.label(a_document(1, "text \ud800"), "Forum")
        scribe.note(a_document(1, "text \ud800"), "hm")
        scribe.label(2)
    with Scribe(tmp_path, "s2") as scribe:
        scribe.undo(first, a_document(1, "text \ud800"))
        for prefix in (first, a_document(1).id, a_document(1).id[:12]):
            events = history(tmp_path, prefix)
            assert [event.kind for event in events] == [EventKind.LABEL, EventKind.NOTE, EventKind.UNDO]
            assert {event.document.text for event in events} == {"text \ud800"}
            assert events[2].target == first


def test_a_prefix_that_fits_nothing_or_several_documents_is_refused(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        ids = [scribe.label(1), scribe.label(2)]
    with pytest.raises(UsageError, match="begins with nonsense"):
        history(tmp_path, "nonsense")
    with pytest.raises(UsageError, match="2 documents fit") as refused:
        history(tmp_path, ids[0][:8])
    assert a_document(1).id in refused.value.hint
