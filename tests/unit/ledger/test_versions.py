"""Test that parts of older schema versions are read and migrated, and that the docs describe every column."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.ledger.check import check, compact, history
from corpuscope.ledger.columns import COLUMNS
from corpuscope.ledger.parquet_part import BACKUP_MARK, DECIDING
from corpuscope.ledger.parquet_schema import LAST_EVENT_KEY, VERSION, VERSION_KEY, arrow_schema
from corpuscope.ledger.read.reader import LedgerReader
from ledger_fakes import Scribe, labels, parts, read
from makers import a_document

DOCS = Path(__file__).parents[3] / "docs" / "labels.md"


@pytest.fixture
def old_part(tmp_path: Path) -> Path:
    """A part as version 0 wrote it, with fewer columns and without looks."""
    with Scribe(tmp_path) as scribe:
        for draw in range(3):
            scribe.label(a_document(draw, f"three plain words {draw}", tokens=7))
    [path] = parts(tmp_path)
    table = pq.read_table(path).select(arrow_schema(0).names)
    metadata = {VERSION_KEY: b"0", LAST_EVENT_KEY: table["event_id"][-1].as_py().encode()}
    pq.write_table(table.replace_schema_metadata(metadata), path, write_page_checksum=True)
    return path


def test_the_older_schema_lacks_columns_of_the_present_one() -> None:
    later = [column.name for column in COLUMNS if column.since > 0]
    assert later
    assert not set(later) & set(arrow_schema(0).names)
    assert arrow_schema().names == [column.name for column in COLUMNS]


def test_a_part_of_an_older_schema_counts_with_defaults_for_what_it_lacks(old_part: Path) -> None:
    before = old_part.read_bytes()
    reader = LedgerReader(old_part.parents[1])
    decisions = reader.read()
    assert labels(decisions) == {0: "News", 1: "News", 2: "News"}
    first = decisions.recent()[0]
    assert (first.look, first.words, first.tokens) == (1, None, 7)
    assert reader.document(first.event_id) == a_document(0, "three plain words 0", tokens=7)
    assert reader.problems == ()
    assert old_part.read_bytes() == before


def test_sessions_and_their_merges_leave_older_parts_untouched(old_part: Path) -> None:
    before = old_part.read_bytes()
    folder = old_part.parents[1]
    for number in range(8):
        with Scribe(folder, f"later-{number}") as scribe:
            scribe.label(10 + number)
    assert old_part.read_bytes() == before
    assert len(parts(folder)) == 2
    assert len(read(folder)) == 11


def test_compacting_rewrites_older_parts_and_keeps_the_originals(old_part: Path) -> None:
    before, folder = old_part.read_bytes(), old_part.parents[1]
    decided = labels(read(folder))
    report = compact(folder)
    assert any("the original is kept as s1.parquet.version-0" in notice for notice in report.notices)
    assert old_part.with_name("s1.parquet.version-0").read_bytes() == before
    [path] = parts(folder)
    assert pq.read_schema(path).remove_metadata().equals(arrow_schema())
    assert labels(read(folder)) == decided
    assert [decision.words for decision in read(folder).recent()] == [4, 4, 4]
    assert check(folder).problems == ()
    assert compact(folder).notices == ()


def with_backup_of_that_version(part: bytes, table: pa.Table) -> bytes:
    """Return a part with the backup of the columns that its version had, as that version wrote it."""
    columns = [name for name in DECIDING if name in table.column_names]
    buffer = pa.BufferOutputStream()
    pq.write_table(table.select(columns), buffer)
    copy: bytes = buffer.getvalue().to_pybytes()
    footer = len(part) - 8 - int.from_bytes(part[-8:-4], "little")
    frame = len(copy).to_bytes(8, "little") + crc32(copy).to_bytes(4, "little") + BACKUP_MARK
    return part[:footer] + copy + frame + part[footer:]


def test_a_damaged_part_of_an_older_schema_is_saved_from_its_backup(old_part: Path) -> None:
    folder = old_part.parents[1]
    content = with_backup_of_that_version(old_part.read_bytes(), pq.read_table(old_part))
    old_part.write_bytes(content[:40] + bytes(byte ^ 0xFF for byte in content[40:60]) + content[60:])
    assert labels(read(folder)) == {0: "News", 1: "News", 2: "News"}
    assert not old_part.exists()
    assert [decision.look for decision in read(folder).recent()] == [1, 1, 1]


def test_the_history_of_a_document_reaches_into_older_parts(old_part: Path) -> None:
    folder = old_part.parents[1]
    with Scribe(folder, "later") as scribe:
        scribe.label(a_document(1, "three plain words 1"), "Ads")
    assert [event.category for event in history(folder, a_document(1).id)] == ["News", "Ads"]


def test_a_column_of_another_type_is_damage_not_data(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
    [path] = parts(tmp_path)
    table = pq.read_table(path)
    place = table.schema.get_field_index("draw")
    table = table.set_column(place, "draw", table["draw"].cast(pa.float64()))
    pq.write_table(table.replace_schema_metadata({VERSION_KEY: str(VERSION).encode()}), path)
    reader = LedgerReader(tmp_path)
    assert len(reader.read()) == 0
    assert "its columns are not those of schema" in reader.problems[0]


def test_the_docs_describe_every_column_as_it_is() -> None:
    written = DOCS.read_text()
    types = dict(zip(arrow_schema().names, arrow_schema().types, strict=True))
    rows = [f"| `{c.name}` | `{types[c.name]}` | {c.since} | {c.meaning} |" for c in COLUMNS]
    assert "\n".join(rows) in written
