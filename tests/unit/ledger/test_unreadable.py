"""Test what is said of folders and files that cannot be read, are not the ledger's, or are of another version."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.errors import LedgerError
from corpuscope.ledger.check import check, compact, history
from corpuscope.ledger.journal import HEADER, encode
from corpuscope.ledger.merge import merge_folder
from corpuscope.ledger.parquet_schema import LAST_EVENT_KEY, VERSION_KEY, arrow_schema
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.ledger.read.search import search
from ledger_fakes import Scribe, damage_texts, flip, journals, labels, parts, read
from makers import a_document


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (check, "the ledger cannot be checked"),
        (compact, "the ledger cannot be compacted"),
        (lambda folder: history(folder, "0"), "the ledger cannot be read"),
        (lambda folder: list(search(folder, "a")), "the labels cannot be searched"),
        (lambda folder: LedgerReader(folder).read(), "the labels cannot be read"),
        (lambda folder: merge_folder(folder, folder.parent / "other"), "the labels cannot be read"),
        (lambda folder: merge_folder(folder.parent / "new", folder), "the labels cannot be read"),
    ],
)
def test_a_file_in_place_of_the_folder_is_named_with_what_could_not_be_done(
    tmp_path: Path, use: Callable[[Path], object], words: str
) -> None:
    (tmp_path / "labels").write_text("a file")
    with pytest.raises(LedgerError, match=f"{words}: .*Not a directory"):
        use(tmp_path / "labels")


def test_a_reader_whose_folder_became_a_file_says_so(tmp_path: Path) -> None:
    with Scribe(tmp_path / "labels") as scribe:
        scribe.label(1)
    reader = LedgerReader(tmp_path / "labels")
    assert reader.changed()
    reader.read()
    assert not reader.changed()
    shutil.rmtree(tmp_path / "labels")
    (tmp_path / "labels").write_text("a file")
    with pytest.raises(LedgerError, match=r"the labels cannot be read: .*Not a directory"):
        reader.changed()


@pytest.fixture
def with_foreign_parquet(tmp_path: Path) -> Path:
    """A ledger of one label beside a Parquet file of another program."""
    with Scribe(tmp_path / "labels") as scribe:
        scribe.label(1)
    pq.write_table(pa.table({"a": [1]}), tmp_path / "labels" / "web" / "foreign.parquet")
    return tmp_path / "labels"


def test_parquet_of_another_program_is_named_by_everything_and_read_by_nothing(
    with_foreign_parquet: Path, tmp_path: Path
) -> None:
    folder, foreign = with_foreign_parquet, with_foreign_parquet / "web" / "foreign.parquet"
    assert check(folder).problems == (f"{foreign} is not a ledger file",)
    merged = merge_folder(tmp_path / "new", folder)
    assert (merged.total, merged.problems) == (1, (f"{foreign} is not a ledger file and was left out",))
    reader = LedgerReader(folder)
    assert labels(reader.read()) == {1: "News"}
    assert reader.problems == (f"{foreign} is not a ledger file and was left out",)
    *_, last = search(folder, "document")
    assert (last.events, last.unread) == (1, 0)
    assert [event.document for event in history(folder, a_document(1).id)] == [a_document(1)]


def test_damage_in_the_folder_merged_into_is_named_with_what_saves_it(tmp_path: Path) -> None:
    for name, session in (("labels", "a"), ("other", "b")):
        with Scribe(tmp_path / name, session, session) as scribe:
            scribe.label(1)
    [path] = parts(tmp_path / "labels")
    path.write_bytes(path.read_bytes()[:-20])
    merged = merge_folder(tmp_path / "labels", tmp_path / "other")
    assert merged.total == 1
    [problem] = merged.problems
    assert problem.startswith(f"{path} is damaged (")
    assert problem.endswith("); `corpuscope ledger compact` saves what it can")


def test_a_damaged_row_group_of_the_other_folder_is_left_out_with_its_number_of_events(
    tmp_path: Path,
) -> None:
    with Scribe(tmp_path / "other") as scribe:
        scribe.label(1)
        scribe.label(2)
    [path] = parts(tmp_path / "other")
    damage_texts(path)
    merged = merge_folder(tmp_path / "labels", tmp_path / "other")
    assert merged.total == 0
    [problem] = merged.problems
    assert problem.startswith(f"{path}: 2 damaged events left out (")
    *_, last = search(tmp_path / "other", "document")
    assert (last.events, last.total, last.unread, last.documents) == (2, 2, 2, frozenset())


def test_a_journal_of_a_newer_version_is_left_out_and_asks_for_an_upgrade(tmp_path: Path) -> None:
    with Scribe(tmp_path / "labels") as scribe:
        scribe.label(1)
        lines = journals(tmp_path / "labels")[0].read_bytes().partition(b"\n")[2]
    other = tmp_path / "other"
    other.mkdir()
    for version, merged in ((3, 0), (2, 1)):
        (other / "s.journal").write_bytes(encode({HEADER: version}) + lines)
        result = merge_folder(tmp_path / "new", other)
        assert result.total == merged
        assert ("was left out: upgrade this one" in "".join(result.problems)) is not merged


def test_the_last_line_of_a_session_that_writes_is_no_event_yet(tmp_path: Path) -> None:
    with Scribe(tmp_path / "labels") as scribe:
        scribe.label(1)
        lines = journals(tmp_path / "labels")[0].read_bytes()
    other = tmp_path / "other"
    other.mkdir()
    (other / "s.journal").write_bytes(lines + lines[:50])
    result = merge_folder(tmp_path / "new", other)
    assert result.total == 1
    assert result.problems == (
        f"the last line of {other / 's.journal'} is not complete and was left out; it was not acknowledged",
    )


def test_an_older_part_of_the_other_folder_is_merged_with_the_present_columns(tmp_path: Path) -> None:
    with Scribe(tmp_path / "other") as scribe:
        scribe.label(a_document(1, "three plain words"))
    [path] = parts(tmp_path / "other")
    table = pq.read_table(path).select(arrow_schema(0).names)
    metadata = {VERSION_KEY: b"0", LAST_EVENT_KEY: table["event_id"][-1].as_py().encode()}
    pq.write_table(table.replace_schema_metadata(metadata), path, write_page_checksum=True)
    assert merge_folder(tmp_path / "labels", tmp_path / "other").total == 1
    assert [(decision.look, decision.words) for decision in read(tmp_path / "labels").recent()] == [(1, 3)]
    assert check(tmp_path / "labels").problems == ()


def test_what_could_not_be_saved_of_a_file_set_aside_is_reported_until_it_is_removed(tmp_path: Path) -> None:
    with Scribe(tmp_path / "labels") as scribe:
        scribe.label(1)
        scribe.label(2)
        path = journals(tmp_path / "labels")[0]
        copy = path.with_name("copy.journal")
        copy.write_bytes(path.read_bytes())
    flip(copy, copy.read_bytes().index(b"document 2") + 3)
    compact(tmp_path / "labels")
    [aside] = [file for file in check(tmp_path / "labels").files if file.kind == "set aside"]
    assert aside.loss == f"{aside.path} was damaged and set aside: lost 1 damaged line of it"
    aside.path.unlink()
    assert [file.kind for file in check(tmp_path / "labels").files if file.kind == "set aside"] == []
