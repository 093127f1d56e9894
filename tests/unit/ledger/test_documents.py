"""Test that documents read in bulk equal those read one by one, and that damage to one loses no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuscope.domain.label import EventKind
from corpuscope.errors import LedgerError
from corpuscope.files import Files
from corpuscope.ledger import parquet_part as part_files
from corpuscope.ledger.check import compact
from corpuscope.ledger.read.documents import EventRecordLookup, EventRecordReader, find
from corpuscope.ledger.read.event_columns import EventColumns
from corpuscope.ledger.read.reader import READ_AHEAD, LedgerReader
from corpuscope.ledger.write.compaction import merge_parts
from hostile import PAYLOADS
from ledger_fakes import Scribe, damage_texts, journals, parts
from makers import a_document


def ids_of(reader: LedgerReader) -> list[str]:
    return [decision.event_id for decision in reader.read().by_draw()]


def test_bulk_reading_equals_reading_one_by_one(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1", events_a_journal=40) as scribe:
        for number, payload in enumerate(PAYLOADS):
            scribe.label(a_document(number, payload.text or " ", url=payload.text[:100]))
    with Scribe(tmp_path, "s2") as scribe:
        scribe.label(a_document(900, parts=[("query", "q"), ("answer", "a\ud800")]))
        reader = LedgerReader(tmp_path)
        ids = ids_of(reader)
        assert len(journals(tmp_path)) == 1
        assert len(parts(tmp_path)) > 0
        assert list(reader.documents(ids)) == [reader.document(event_id) for event_id in ids]
        assert next(reader.documents(reversed(ids))).text == "q\n\na\ud800"


def test_more_documents_than_are_read_ahead_come_in_the_requested_order(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for number in range(READ_AHEAD + 50):
            scribe.label(number)
    reader = LedgerReader(tmp_path)
    backwards = ids_of(reader)[::-1]
    drawn = [document.draw for document in reader.documents(backwards)]
    assert drawn == list(range(READ_AHEAD + 50))[::-1]


def test_only_row_groups_that_fit_stay_in_the_cache(tmp_path: Path) -> None:
    for session in range(3):
        with Scribe(tmp_path, f"s{session}") as scribe:
            for number in range(5):
                scribe.label(a_document(10 * session + number, "x" * 5_000))
    reader = LedgerReader(tmp_path)
    ids = ids_of(reader)
    bulk_reader = EventRecordReader(
        {path: source.columns for path, source in reader._sources.items()}, cache_bytes=10_000
    )
    assert list(bulk_reader.find(ids).records) == ids
    assert len(bulk_reader._cached) == 1
    assert [*bulk_reader.find(ids[:1]).records] == ids[:1]


def test_a_ledger_compacted_and_merged_meanwhile_loses_no_document(tmp_path: Path) -> None:
    scribe = Scribe(tmp_path, "s1")
    for number in range(READ_AHEAD + 5):
        scribe.label(number)
    reader = LedgerReader(tmp_path)
    documents = reader.documents(ids_of(reader))
    first = next(documents)
    scribe.writer.close()
    merge_parts(tmp_path, Files(), at_least=2)
    assert journals(tmp_path) == []
    assert [document.draw for document in (first, *documents)] == list(range(READ_AHEAD + 5))


def test_bulk_reading_names_a_damaged_part_and_sets_it_aside(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
    reader = LedgerReader(tmp_path)
    ids = ids_of(reader)
    parts(tmp_path)[0].write_bytes(b"not what it was")
    with pytest.raises(LedgerError, match="there is no event"):
        list(reader.documents(ids))
    assert "damaged" in " ".join(reader.problems)


def test_a_malformed_event_id_and_an_unknown_one_are_refused(tmp_path: Path) -> None:
    reader = LedgerReader(tmp_path)
    reader.read()
    with pytest.raises(LedgerError, match="not an event id"):
        list(reader.documents(["nonsense"]))
    with pytest.raises(LedgerError, match="there is no event"):
        list(reader.documents(["01900000-0000-7000-8000-000000000000"]))


def test_rows_of_every_row_group_are_found(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for number in range(6):
            scribe.label(number)
    path = parts(tmp_path)[0]
    table = part_files.read(path)
    metadata = pq.read_schema(path).metadata
    pq.write_table(table.replace_schema_metadata(metadata), path, row_group_size=2)
    reader = LedgerReader(tmp_path)
    assert [document.draw for document in reader.documents(ids_of(reader))] == list(range(6))


def test_decisions_by_draw_are_in_the_same_order_whatever_the_sessions_were(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1", "zoe") as scribe:
        scribe.label(a_document(7, corpus="web"))
        scribe.label(a_document(2, corpus="web"))
    with Scribe(tmp_path, "s2", "ann") as scribe:
        scribe.label(a_document(7, corpus="web"))
        scribe.label(a_document(9, corpus="news"))
        scribe.write(EventKind.SKIP, a_document(1, corpus="web"))
    decisions = LedgerReader(tmp_path).read()
    everything = [(d.corpus, d.draw, d.annotator) for d in decisions.by_draw()]
    assert everything == [
        ("news", 9, "ann"), ("web", 1, "ann"), ("web", 2, "zoe"), ("web", 7, "ann"), ("web", 7, "zoe"),
    ]  # fmt: skip
    assert [d.draw for d in decisions.by_draw(["web"], "zoe")] == [2, 7]
    assert [d.draw for d in decisions.by_draw(["web", "news", "web"], "ann")] == [9, 1, 7]


def columns_in(folder: Path) -> dict[Path, EventColumns]:
    reader = LedgerReader(folder)
    reader.read()
    return {path: source.columns for path, source in reader._sources.items()}


def test_an_event_in_two_files_is_read_from_the_one_that_has_its_text(tmp_path: Path) -> None:
    with Scribe(tmp_path / "whole") as scribe:
        events = [scribe.label(1), scribe.label(2)]
    shutil.copytree(tmp_path / "whole", tmp_path / "textless")
    damage_texts(parts(tmp_path / "textless")[0])
    damaged = columns_in(tmp_path / "textless")
    compact(tmp_path / "textless")  # which saves all but the texts
    whole, textless = columns_in(tmp_path / "whole"), columns_in(tmp_path / "textless")
    for event_id, draw in zip(events, (1, 2), strict=True):
        for sources in (textless | whole, whole | textless):
            lookup = find(event_id, sources)
            assert lookup.record is not None
            assert (lookup.record["draw"], lookup.record["text"]) == (draw, f"document {draw}")
        saved = find(event_id, textless).record
        assert saved is not None
        assert (saved["draw"], "text" in saved) == (draw, False)
    assert find(events[0], damaged) == EventRecordLookup(None, {})  # it was set aside
    unknown = f"{events[0][:-1]}{'0' if events[0][-1] != '0' else '1'}"
    assert find(unknown, whole).record is None
    [path] = whole
    path.write_bytes(path.read_bytes()[:-9])
    assert find(events[0], whole).damaged.keys() == {path}
    with pytest.raises(LedgerError, match="'nonsense' is not an event id"):
        find("nonsense", whole)
