"""Test that torn lines and flipped bytes are set aside, named and never overwritten, and all else is read."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from corpuscope.domain.label import EventKind
from corpuscope.files import Files
from corpuscope.ledger.check import check, compact
from corpuscope.ledger.event_record import to_record
from corpuscope.ledger.parquet_part import BACKUP_MARK, ROWS_A_GROUP, write
from corpuscope.ledger.parquet_schema import to_table
from ledger_fakes import Scribe, a_reader, flip, journals, labels, parts, read
from makers import a_document


def a_dead_session(folder: Path, session: str, draws: range) -> Path:
    """Write a journal as kill -9 leaves it."""
    with Scribe(folder / "elsewhere", session) as scribe:
        for draw in draws:
            scribe.label(draw)
        content = journals(folder / "elsewhere")[0].read_bytes()
    path = folder / "labels" / f"{session}.journal"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_torn_last_line_is_cut_and_reported(tmp_path: Path) -> None:
    path = a_dead_session(tmp_path, "dead", range(3))
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    folder = path.parent
    assert sorted(labels(read(folder))) == [0, 1]
    with Scribe(folder, "next") as scribe:
        assert any("last line" in notice and path.name in notice for notice in scribe.writer.notices)
        scribe.label(9)
    assert sorted(labels(read(folder))) == [0, 1, 9]
    assert list(folder.glob("*.damaged")) == []


def test_a_tail_of_zeros_as_power_loss_leaves_it_is_cut(tmp_path: Path) -> None:
    path = a_dead_session(tmp_path, "dead", range(3))
    path.write_bytes(path.read_bytes() + bytes(5000))
    with Scribe(path.parent, "next"):
        pass
    assert sorted(labels(read(path.parent))) == [0, 1, 2]


def test_a_journal_that_died_before_its_first_line_is_removed(tmp_path: Path) -> None:
    for number, content in enumerate([b"", b"0000", bytes(100)]):
        (tmp_path / f"dead{number}.journal").write_bytes(content)
    with Scribe(tmp_path, "next") as scribe:
        scribe.label(1)
    assert labels(read(tmp_path)) == {1: "News"}
    assert [p.name for p in tmp_path.iterdir() if "journal" in p.name] == []


def test_a_flipped_byte_in_a_journal_costs_one_line_and_keeps_the_original(tmp_path: Path) -> None:
    path = a_dead_session(tmp_path, "dead", range(10))
    flip(path, len(path.read_bytes()) // 2)
    damaged = path.read_bytes()
    folder = path.parent
    reader = a_reader(folder)
    assert len(reader.read()) == 9
    assert str(path) in reader.problems[0]
    with Scribe(folder, "next") as scribe:
        scribe.label(99)
    assert any(f"{path.name}.damaged" in notice for notice in scribe.writer.notices)
    assert path.with_name("dead.journal.damaged").read_bytes() == damaged
    assert len(read(folder)) == 10


@pytest.mark.parametrize("seed", range(40))
def test_a_flipped_bit_in_a_part_costs_no_label_and_is_never_read_as_a_wrong_one(
    tmp_path: Path, seed: int
) -> None:
    for session in ("a", "b"):
        with Scribe(tmp_path, session) as scribe:
            for draw in range(50):
                scribe.label(draw if session == "a" else draw + 100, "News" if draw % 2 else "Forum")
    before = labels(read(tmp_path))
    path = tmp_path / "web" / "a.parquet"
    chance = random.Random(seed)
    flip(path, chance.randrange(path.stat().st_size), chance.randrange(8))
    damaged = path.read_bytes()
    reader = a_reader(tmp_path)
    after = labels(reader.read())
    assert after == before
    if reader.problems:
        assert path.with_name("a.parquet.damaged").read_bytes() == damaged
        assert "a.parquet" in reader.problems[0]


def test_a_lost_footer_costs_texts_and_no_label_of_any_row_group(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        records = [
            to_record(
                scribe.event(EventKind.LABEL, a_document(draw), category="News" if draw % 2 else "Forum")
            )
            for draw in range(ROWS_A_GROUP + 3)
        ]
    path = tmp_path / "web" / "s.parquet"
    path.parent.mkdir()
    write(to_table(records), path, Files())
    before = labels(read(tmp_path))
    assert len(before) == len(records)
    flip(path, path.stat().st_size - 6)  # the length of the footer
    reader = a_reader(tmp_path)
    assert labels(reader.read()) == before
    assert f"saved {len(before):,} of its {len(before):,} events" in reader.problems[0]
    assert f"{len(before):,} without text" in reader.problems[0]


def test_a_damaged_part_without_an_intact_backup_has_no_labels_left(
    tmp_path: Path,
) -> None:
    with Scribe(tmp_path, "s") as scribe:
        scribe.label(1)
    path = parts(tmp_path)[0]
    content = path.read_bytes()
    flip(path, content.rfind(BACKUP_MARK) - 100)
    assert labels(a_reader(tmp_path).read()) == {1: "News"}  # only the backup is damaged
    assert "second copy" in check(tmp_path).problems[0]
    path.write_bytes(path.read_bytes()[:-10])
    assert len(a_reader(tmp_path).read()) == 0


def test_compacting_rewrites_a_part_whose_backup_is_damaged(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s") as scribe:
        scribe.label(1)
    path = parts(tmp_path)[0]
    flip(path, path.read_bytes().rfind(BACKUP_MARK) - 100)
    assert "second copy" in compact(tmp_path).notices[0]
    assert check(tmp_path).problems == ()
    (saved,) = parts(tmp_path)
    flip(saved, saved.stat().st_size - 6)
    assert labels(read(tmp_path)) == {1: "News"}


def test_a_part_without_a_backup_as_earlier_versions_wrote_it_is_read_and_kept(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s") as scribe:
        scribe.label(1)
    path = parts(tmp_path)[0]
    path.write_bytes(path.read_bytes().replace(BACKUP_MARK, bytes(len(BACKUP_MARK))))
    assert labels(a_reader(tmp_path).read()) == {1: "News"}
    flip(path, path.stat().st_size - 6)
    assert len(a_reader(tmp_path).read()) == 0
    assert list(tmp_path.glob("*/*.damaged"))


def test_a_second_damaged_file_of_the_same_name_does_not_overwrite_the_first(tmp_path: Path) -> None:
    path = a_dead_session(tmp_path, "s", range(2))
    folder, journal = path.parent, path.read_bytes()
    for content in (b"first damage", b"second damage"):
        path.write_bytes(journal)
        with Scribe(folder, f"next-{len(content)}"):
            pass
        parts(folder)[0].write_bytes(content)
        assert len(read(folder)) == 0
    set_aside = sorted(p.read_bytes() for p in folder.glob("web/*.damaged*"))
    assert set_aside == [b"first damage", b"second damage"]


def test_a_part_that_was_cut_short_is_set_aside(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s") as scribe:
        scribe.label(1)
    path = parts(tmp_path)[0]
    path.write_bytes(path.read_bytes()[:-10])
    reader = a_reader(tmp_path)
    assert labels(reader.read()) == {1: "News"}
    assert path.with_name("s.parquet.damaged").exists()
    assert not reader.changed()


def test_one_damaged_part_does_not_keep_others_from_being_read_with_one_pattern(tmp_path: Path) -> None:
    import pyarrow.dataset as ds

    for session in ("a", "b"):
        with Scribe(tmp_path, session) as scribe:
            scribe.label(1)
    (tmp_path / "web" / "a.parquet").write_bytes(b"PAR1 nothing PAR1")
    read(tmp_path)
    rows = ds.dataset(sorted(map(str, tmp_path.glob("*/*.parquet")))).count_rows()
    assert rows == 1
