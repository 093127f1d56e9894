"""Test that parts are published once, by one process at a time, and what is said of what was saved of damaged ones."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.domain.label import EventKind
from corpuscope.errors import LedgerError
from corpuscope.ledger.event_record import to_record
from corpuscope.ledger.parquet_part import ROWS_A_GROUP, write
from corpuscope.ledger.parquet_schema import to_table
from corpuscope.ledger.write.publishing import Salvaged, in_order, publish, publishing, salvage
from ledger_fakes import Scribe, UnsyncedFiles, damage_texts, flip, parts
from makers import a_document


def events(folder: Path, *draws: int) -> pa.Table:
    """Return the table of labels of these draws."""
    with Scribe(folder / "elsewhere", f"s{draws[0]}") as scribe:
        labels = [scribe.event(EventKind.LABEL, a_document(draw), category="News") for draw in draws]
    return to_table(map(to_record, labels))


def draws_in(path: Path) -> list[int]:
    drawn: list[int] = pq.read_table(path)["draw"].to_pylist()
    return drawn


def test_events_are_published_once_and_further_ones_under_a_numbered_name(tmp_path: Path) -> None:
    first, second = events(tmp_path, 1, 2), events(tmp_path, 3)
    path, files = tmp_path / "labels" / "web" / "s.parquet", UnsyncedFiles()
    for table in (first, first, pa.concat_tables([second, first]), second):
        assert publish(table, path, files) == []
    assert [part.name for part in parts(tmp_path / "labels")] == ["s.2.parquet", "s.parquet"]
    assert [draws_in(part) for part in parts(tmp_path / "labels")] == [[3], [1, 2]]
    publish(first, path, files, instead_of=[path])
    assert draws_in(path.with_name("s.3.parquet")) == [1, 2]


def test_a_second_process_waits_for_the_one_that_publishes(tmp_path: Path) -> None:
    files = UnsyncedFiles()
    with publishing(tmp_path, files):
        words = f"another process has been rewriting {tmp_path} for 0 s"
        with pytest.raises(LedgerError, match=words), publishing(tmp_path, files, timeout=0.0):
            pass
    with publishing(tmp_path, files, timeout=0.0):
        pass


def test_of_an_event_with_two_copies_the_one_with_its_text_is_kept(tmp_path: Path) -> None:
    table = events(tmp_path, 2, 1)
    place = table.column_names.index("text")
    textless = table.set_column(place, table.field("text"), pa.nulls(2, pa.string()))
    for copies in ([table, textless], [textless, table], [textless, table, textless]):
        kept = in_order(pa.concat_tables(copies))
        assert kept["text"].to_pylist() == ["document 2", "document 1"]
        assert kept["event_id"].to_pylist() == sorted(kept["event_id"].to_pylist())


@pytest.mark.parametrize(
    ("saved", "total", "lost", "words", "whole"),
    [
        (2, 2, {}, "saved 2 of its 2 events", True),
        (2, 2, {"text": 1, "url": 2}, "saved 2 of its 2 events, 1 without text, 2 without url", False),
        (1, 2, {}, "saved 1 of its 2 events", False),
        (0, 1, {}, "saved 0 of its 1 event", False),
        (0, None, {}, "nothing in it could be read", False),
    ],
)
def test_what_was_saved_of_a_part_is_said(
    saved: int, total: int | None, lost: dict[str, int], words: str, whole: bool
) -> None:
    table = pa.table({"a": [1] * saved}) if saved else None
    salvaged = Salvaged(table, total, lost)
    assert (str(salvaged), salvaged.is_whole) == (words, whole)


def test_a_damaged_row_group_costs_its_own_texts_only(tmp_path: Path) -> None:
    table = events(tmp_path, *range(ROWS_A_GROUP + 3))
    write(table, tmp_path / "s.parquet", UnsyncedFiles())
    assert salvage(tmp_path / "s.parquet").is_whole
    damage_texts(tmp_path / "s.parquet")
    salvaged = salvage(tmp_path / "s.parquet")
    assert salvaged.table is not None
    assert (len(salvaged.table), salvaged.total) == (ROWS_A_GROUP + 3, ROWS_A_GROUP + 3)
    assert salvaged.lost == {"text": ROWS_A_GROUP}
    assert salvaged.table["text"].to_pylist()[-3:] == [f"document {ROWS_A_GROUP + n}" for n in range(3)]


def test_a_part_without_a_footer_is_saved_from_its_second_copy(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    write(events(tmp_path, 1, 2), path, UnsyncedFiles())
    whole = path.read_bytes()
    path.write_bytes(whole[:-4])
    salvaged = salvage(path)
    assert salvaged.table is not None
    assert (salvaged.total, salvaged.lost["text"], salvaged.table["draw"].to_pylist()) == (2, 2, [1, 2])
    path.write_bytes(whole[:100])
    assert str(salvage(path)) == "nothing in it could be read"
    path.write_bytes(whole)
    flip(path, len(whole) - 1)
    assert salvage(path).total == 2
