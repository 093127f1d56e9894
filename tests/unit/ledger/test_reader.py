"""Test reading while other sessions write, compact and merge: no acknowledged event is ever missing."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import pytest

from corpuscope.errors import LedgerError
from corpuscope.files import Files
from corpuscope.ledger import parquet_part as part_files
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.ledger.write.compaction import merge_parts
from ledger_fakes import Scribe, a_reader, damage_texts, flip, journals, labels, parts, read
from makers import a_document, a_scheme


def test_a_missing_folder_is_an_empty_ledger(tmp_path: Path) -> None:
    reader = LedgerReader(tmp_path / "none")
    assert reader.changed()
    decisions = reader.read()
    assert len(decisions) == 0
    assert decisions.corpora() == decisions.annotators() == ()
    assert decisions.counts("web", scheme=a_scheme("News")) == {"News": 0}
    assert len(decisions.labels("web", a_scheme("News"))) == 0
    assert not reader.changed()
    assert not (tmp_path / "none").exists()


def test_a_reader_notices_every_new_event(tmp_path: Path) -> None:
    reader = LedgerReader(tmp_path)
    with Scribe(tmp_path) as scribe:
        for draw in range(5):
            scribe.label(draw)
            assert reader.changed()
            assert len(reader.read()) == draw + 1
            assert not reader.changed()
    assert len(reader.read()) == 5


def test_a_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
    reader = LedgerReader(tmp_path)
    first = reader.read()
    assert reader.read() is first


def test_decisions_stay_as_they_were_while_the_ledger_grows(tmp_path: Path) -> None:
    reader = LedgerReader(tmp_path)
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "News")
        before = reader.read()
        scribe.label(1, "Forum")
        scribe.label(2, "Ads")
        after = reader.read()
    assert labels(before) == {1: "News"}
    assert labels(after) == {1: "Forum", 2: "Ads"}


def test_a_part_replaced_under_its_name_is_read_again(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1") as scribe:
        scribe.label(1)
        content = journals(tmp_path)[0].read_bytes()
    reader = a_reader(tmp_path)
    assert len(reader.read()) == 1
    path = parts(tmp_path)[0]
    path.write_bytes(b"not what it was")
    assert len(reader.read()) == 0
    assert not path.exists()
    assert len(reader.problems) == 1
    (tmp_path / "s1.journal").write_bytes(content)
    with Scribe(tmp_path, "s2"):
        pass
    assert path.exists()
    assert len(reader.read()) == 1


@pytest.mark.slow
def test_nothing_is_missing_while_sessions_write_compact_and_merge(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    failures: list[str] = []
    done = threading.Event()

    def write() -> None:
        try:
            for session in range(12):
                with Scribe(tmp_path, f"s{session}", events_a_journal=4) as scribe:
                    for number in range(15):
                        scribe.label(session * 100 + number)
                        acknowledged.append(session * 100 + number)
                merge_parts(tmp_path, Files(), at_least=2)
        finally:
            done.set()

    def watch() -> None:
        reader = LedgerReader(tmp_path)
        while not done.is_set():
            count = len(acknowledged)
            decisions = reader.read()
            missing = set(acknowledged[:count]) - decisions.draws("web", "ann")
            if missing or len(decisions.recent()) != len(decisions.draws("web", "ann")):
                failures.append(f"missing {sorted(missing)}")
            if reader.problems:
                failures.append(str(reader.problems))
            failures.extend(
                f"another document for draw {decision.draw}"
                for decision in decisions.recent(limit=3)
                if reader.document(decision.event_id) != a_document(decision.draw)
            )

    threads = [threading.Thread(target=target, daemon=True) for target in (write, watch, watch)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert failures == []
    assert len(read(tmp_path)) == 180


def test_a_document_is_found_after_its_journal_became_a_part_and_that_was_merged(tmp_path: Path) -> None:
    reader = LedgerReader(tmp_path)
    with Scribe(tmp_path, "s1") as scribe:
        event_id = scribe.label(a_document(1, "the text"))
        reader.read()
        assert reader.document(event_id).text == "the text"
    assert reader.document(event_id).text == "the text"
    with Scribe(tmp_path, "s2") as scribe:
        scribe.label(2)
    merge_parts(tmp_path, Files(), at_least=2)
    assert reader.document(event_id).text == "the text"


def test_an_unknown_event_and_a_malformed_id_have_clear_errors(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
    reader = LedgerReader(tmp_path)
    with pytest.raises(LedgerError, match="no event 01234567"):
        reader.document("01234567-89ab-7cde-8f01-23456789abcd")
    with pytest.raises(LedgerError, match="'nonsense' is not an event id"):
        reader.document("nonsense")


def test_texts_are_not_held_in_memory(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in range(20):
            scribe.label(a_document(draw, f"{draw} " + "word " * 100_000))
        reader = LedgerReader(tmp_path)
        decisions = reader.read()
        held = sum(array.nbytes for array in decisions._table.events.arrays.values())
        assert held < 20_000
    reader.read()
    assert decisions.recent()[0].words == 100_001


def test_a_damaged_line_is_named_and_everything_else_is_read(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in range(3):
            scribe.label(draw)
        path = journals(tmp_path)[0]
        flip(path, len(path.read_bytes()) // 2)
        reader = LedgerReader(tmp_path)
        assert len(reader.read()) == 2
        assert str(path) in reader.problems[0]


def test_a_damaged_part_that_cannot_be_renamed_is_left_out_and_not_read_repeatedly(
    tmp_path: Path,
) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
    parts(tmp_path)[0].write_bytes(b"nothing")

    class ReadOnly(Files):
        def open_lock(self, path: Path) -> int:
            raise OSError(errno.EROFS, "Read-only file system", path)

    reader = a_reader(tmp_path, ReadOnly())
    assert len(reader.read()) == 0
    assert "left out" in reader.problems[0]
    assert not reader.changed()
    assert parts(tmp_path)[0].read_bytes() == b"nothing"


def test_a_reader_that_may_change_nothing_leaves_a_damaged_part_where_it_is(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
    path = parts(tmp_path)[0]
    path.write_bytes(b"nothing")
    reader = LedgerReader(tmp_path)
    assert len(reader.read()) == 0
    assert "left out" in reader.problems[0]
    assert path.read_bytes() == b"nothing"


def test_a_damaged_part_among_several_is_the_one_that_is_named_and_left_out(tmp_path: Path) -> None:
    for draw in range(4):
        with Scribe(tmp_path, f"s{draw}") as scribe:
            scribe.label(draw)
    damaged = parts(tmp_path)[1]
    [lost] = part_files.read(damaged, ("draw",))["draw"].to_pylist()
    damaged.write_bytes(b"not what it was")
    reader = LedgerReader(tmp_path)
    assert set(labels(reader.read())) == set(range(4)) - {lost}
    [problem] = reader.problems
    assert str(damaged) in problem


def test_a_part_of_a_newer_version_with_more_columns_is_read(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from corpuscope.ledger.parquet_schema import VERSION_KEY

    with Scribe(tmp_path) as scribe:
        scribe.label(1)
    path = parts(tmp_path)[0]
    table = pq.read_table(path)
    table = table.append_column("later", pa.array(["x"]))
    pq.write_table(table.replace_schema_metadata({VERSION_KEY: b"3"}), path)
    assert labels(read(tmp_path)) == {1: "News"}


def test_a_part_of_a_version_that_cannot_be_read_asks_for_an_upgrade_and_stays(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    from corpuscope.ledger.parquet_schema import VERSION_KEY

    with Scribe(tmp_path) as scribe:
        scribe.label(1)
    path = parts(tmp_path)[0]
    table = pq.read_table(path).drop_columns(["look"])
    pq.write_table(table.replace_schema_metadata({VERSION_KEY: b"3"}), path)
    with pytest.raises(LedgerError, match="newer corpuscope"):
        read(tmp_path)
    assert path.exists()


def test_one_row_is_read_without_the_others(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in range(4):
            scribe.label(draw)
    with part_files.ParquetPart(parts(tmp_path)[0]) as part:
        assert part.read_row(2)["draw"] == 2
        with pytest.raises(part_files.PartDamaged):
            part.read_row(4)


def test_a_part_that_turns_out_to_be_damaged_at_one_document_is_set_aside(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        first, second = scribe.label(1), scribe.label(2)
    reader = a_reader(tmp_path)
    reader.read()
    [path] = parts(tmp_path)
    damage_texts(path)
    with pytest.raises(LedgerError, match=f"damage took the text of event {first}"):
        reader.document(first)
    assert path.with_name(f"{path.name}.damaged").is_file()
    assert "is damaged (" in reader.problems[0]
    assert labels(reader.read()) == {1: "News", 2: "News"}
    with pytest.raises(LedgerError, match=f"damage took the text of event {second}"):
        reader.document(second)
