"""Test that compacting journals and merging small parts neither loses nor doubles an event."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.files import Files
from corpuscope.ledger import parquet_part as part_files
from corpuscope.ledger.parquet_schema import VERSION_KEY, arrow_schema
from corpuscope.ledger.write.compaction import merge_parts
from ledger_fakes import Scribe, UnsyncedFiles, journals, labels, parts, read
from makers import a_document


def write_sessions(folder: Path, count: int, labels_a_session: int = 2) -> None:
    for number in range(count):
        with Scribe(folder, f"s{number}") as scribe:
            for draw in range(number * labels_a_session, (number + 1) * labels_a_session):
                scribe.label(draw)


def test_a_closed_session_is_one_part_per_corpus_and_no_journal(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1") as scribe:
        scribe.label(a_document(1, corpus="c4"))
        scribe.label(a_document(1, corpus="fineweb"))
    assert journals(tmp_path) == []
    assert [str(p.relative_to(tmp_path)) for p in parts(tmp_path)] == ["c4/s1.parquet", "fineweb/s1.parquet"]


def test_a_session_without_events_leaves_nothing(tmp_path: Path) -> None:
    with Scribe(tmp_path):
        assert len(journals(tmp_path)) == 1
    assert journals(tmp_path) == parts(tmp_path) == []


def test_a_full_journal_becomes_a_part_while_labelling_goes_on(tmp_path: Path) -> None:
    with Scribe(tmp_path, events_a_journal=5) as scribe:
        for draw in range(12):
            scribe.label(draw)
            assert len(read(tmp_path)) == draw + 1
    assert len(read(tmp_path)) == 12
    assert len(parts(tmp_path)) == 3


def test_what_a_dead_session_left_is_compacted_at_the_next_start(tmp_path: Path) -> None:
    with Scribe(tmp_path, "dead") as scribe:
        scribe.label(1)
        content = journals(tmp_path)[0].read_bytes()
    parts(tmp_path)[0].unlink()
    (tmp_path / "dead.journal").write_bytes(content)
    with Scribe(tmp_path, "next") as scribe:
        assert any("recovered" in notice for notice in scribe.writer.notices)
        assert labels(read(tmp_path)) == {1: "News"}
    assert labels(read(tmp_path)) == {1: "News"}
    assert [p.name for p in parts(tmp_path)] == ["dead.parquet"]


def test_many_small_parts_become_one_and_nothing_changes_for_the_reader(tmp_path: Path) -> None:
    write_sessions(tmp_path, 7)
    before = labels(read(tmp_path))
    assert len(parts(tmp_path)) == 7
    with Scribe(tmp_path, "last") as scribe:
        scribe.label(99)
    assert len(parts(tmp_path)) == 1
    assert labels(read(tmp_path)) == {**before, 99: "News"}


def test_parts_of_different_corpora_are_never_mixed(tmp_path: Path) -> None:
    for number in range(8):
        with Scribe(tmp_path, f"s{number}") as scribe:
            scribe.label(a_document(number, corpus="c4"))
            scribe.label(a_document(number, corpus="synth"))
    assert sorted(p.parent.name for p in parts(tmp_path)) == ["c4", "synth"]
    for path in parts(tmp_path):
        assert set(pq.read_table(path)["corpus"].to_pylist()) == {path.parent.name}


def test_a_merge_that_is_repeated_after_a_crash_doubles_nothing(tmp_path: Path) -> None:
    write_sessions(tmp_path, 4)
    copies = {path: path.read_bytes() for path in parts(tmp_path)}
    merge_parts(tmp_path, Files(), at_least=2)
    for path, content in copies.items():
        path.write_bytes(content)
    merge_parts(tmp_path, Files(), at_least=2)
    assert len(parts(tmp_path)) == 1
    table = pq.read_table(parts(tmp_path)[0])
    assert len(set(table["event_id"].to_pylist())) == len(table) == 8


def test_temporary_files_of_a_dead_process_are_removed_and_never_read(tmp_path: Path) -> None:
    write_sessions(tmp_path, 1)
    leftover = tmp_path / "web" / "x.parquet.tmp"
    leftover.write_bytes(b"PAR1 half")
    assert len(read(tmp_path)) == 2
    merge_parts(tmp_path, Files())
    assert not leftover.exists()


@pytest.mark.parametrize("columns", [("a",), ("corpus", "category", "event_id", "document_id")])
def test_a_foreign_parquet_file_is_left_alone_as_is_an_export(
    tmp_path: Path, columns: tuple[str, ...]
) -> None:
    write_sessions(tmp_path, 1)
    foreign = tmp_path / "web" / "mine.parquet"
    pq.write_table(pa.table({name: ["x"] for name in columns}), foreign)
    assert len(read(tmp_path)) == 2
    merge_parts(tmp_path, Files(), at_least=1)
    assert foreign.exists()


def test_a_part_stores_its_schema_version_and_stable_types(tmp_path: Path) -> None:
    write_sessions(tmp_path, 1)
    schema = pq.read_schema(parts(tmp_path)[0])
    assert schema.metadata[VERSION_KEY] == b"2"
    assert schema.remove_metadata().equals(arrow_schema())


def test_every_page_of_a_part_carries_a_checksum(tmp_path: Path) -> None:
    write_sessions(tmp_path, 1)
    path = parts(tmp_path)[0]
    with part_files.ParquetPart(path) as part:
        assert part.rows == 2
    assert pq.ParquetFile(path, page_checksum_verification=True).read().num_rows == 2


def test_pyarrow_reads_all_parts_as_one_dataset(tmp_path: Path) -> None:
    write_sessions(tmp_path, 3)
    import pyarrow.dataset as ds

    table = ds.dataset(sorted(map(str, parts(tmp_path)))).to_table(columns=["category", "draw"])
    assert sorted(table["draw"].to_pylist()) == list(range(6))


@pytest.mark.slow
def test_the_datasets_library_reads_all_parts_with_one_pattern(tmp_path: Path) -> None:
    with Scribe(tmp_path / "labels") as scribe:
        scribe.label(a_document(1, "surrogate \ud800", corpus="c4"), "News")
        scribe.label(a_document(2, parts=[("query", "a"), ("answer", "b")], corpus="synth"), "Forum")
        scribe.note(2, "a note")
    program = (
        "from datasets import load_dataset\n"
        f"rows = load_dataset('parquet', data_files={str(tmp_path / 'labels/*/*.parquet')!r}, split='train')\n"
        "print(sorted((r['corpus'], r['kind'], r['category'] or '') for r in rows))"
    )
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == str(
        [("c4", "label", "News"), ("synth", "label", "Forum"), ("web", "note", "")]
    ), done.stderr


def test_parts_of_a_journal_that_is_still_there_are_not_merged(tmp_path: Path) -> None:
    for session in ("a", "b", "s1"):
        with Scribe(tmp_path, session, session) as scribe:
            scribe.label(1)
    part = tmp_path / "web" / "s1.parquet"
    shutil.copy(part, part.with_name("s1.2.parquet"))
    with Scribe(tmp_path, "later", "ann") as scribe:
        scribe.label(2)
        journals(tmp_path)[0].rename(tmp_path / "s1.journal")
        merge_parts(tmp_path, UnsyncedFiles(), at_least=2)
        names = [path.name for path in parts(tmp_path)]
    assert names[1:] == ["s1.2.parquet", "s1.parquet"]
    assert names[0].startswith("merged-")
