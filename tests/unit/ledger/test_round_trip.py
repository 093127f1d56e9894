"""Test that every field of an event survives a journal and a part."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpuscope.domain.document import Address, Document, join_sections
from corpuscope.domain.label import Event, EventKind
from corpuscope.files import Files
from corpuscope.ledger.event_record import from_record, to_record
from corpuscope.ledger.journal import encode, scan
from corpuscope.ledger.parquet_part import read, write
from corpuscope.ledger.parquet_schema import record_of, to_table
from corpuscope.ledger.read.reader import LedgerReader
from ledger_fakes import Scribe
from makers import a_document

text = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
name = st.text("abc", min_size=1, max_size=5)
uuids = st.uuids(version=4).map(str)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text
)
counts = st.integers(0, 2**40)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    whole, sections = join_sections(draw(st.lists(st.tuples(text, text), min_size=1, max_size=3)))
    address = Address(draw(text), draw(st.none() | text), draw(text), draw(text), draw(text), draw(counts))
    metadata = draw(st.dictionaries(text, scalars, max_size=3))
    return Document(
        draw(name),
        address,
        draw(counts),
        draw(st.floats(0, 1)),
        whole,
        sections,
        metadata,
        draw(st.integers(0, 100)),
        draw(st.none() | counts),
    )


@st.composite
def events(draw: st.DrawFn) -> Event:
    return Event(
        id=draw(uuids),
        session=draw(name),
        annotator=draw(text),
        at=draw(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001
        kind=draw(st.sampled_from(EventKind)),
        document=draw(documents()),
        category=draw(st.none() | text),
        scheme=draw(text),
        target=draw(st.none() | uuids),
        note=draw(st.none() | text),
        reading_ms=draw(st.none() | counts),
        blind=draw(st.booleans()),
        look=draw(st.integers(1, 2)),
    )


@given(events())
def test_a_journal_gives_back_every_field(event: Event) -> None:
    assert from_record(scan(encode(to_record(event))).events[0]) == event


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(events(), min_size=1, max_size=5, unique_by=lambda e: e.id))
def test_a_part_gives_back_every_field(written: list[Event]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        in_order = sorted(written, key=lambda e: e.id)
        write(to_table(map(to_record, in_order)), path, Files())
        assert [from_record(record_of(row)) for row in read(path).to_pylist()] == in_order


def test_numbers_that_json_cannot_hold_are_stored_as_null(tmp_path: Path) -> None:
    document = a_document(1, nan=float("nan"), infinite=float("inf"), fine=0.5)
    with Scribe(tmp_path) as scribe:
        event_id = scribe.label(document)
        document_read = LedgerReader(tmp_path).document(event_id)
    assert dict(document_read.metadata) == {"nan": None, "infinite": None, "fine": 0.5}


def test_a_text_with_lone_surrogates_is_exact_in_journal_and_part(tmp_path: Path) -> None:
    document = a_document(1, "broken \ud83d emoji and \udc80 byte", url="http://x/\udcff")
    with Scribe(tmp_path) as scribe:
        event_id = scribe.label(document, "Nonsens\udce9")
        assert LedgerReader(tmp_path).document(event_id) == document
    reader = LedgerReader(tmp_path)
    reader.read()
    assert reader.document(event_id) == document
    row = pq.read_table(next(tmp_path.glob("*/*.parquet"))).to_pylist()[0]
    assert row["text"] == "broken \ufffd emoji and \ufffd byte"
    assert row["text_bytes"].decode("utf-8", "surrogatepass") == document.text
    assert row["sha256"] == document.sha256


def test_sections_come_back_with_their_titles_and_spans(tmp_path: Path) -> None:
    document = a_document(2, parts=[("query", "why?"), ("reasoning", ""), ("answer", "because")])
    with Scribe(tmp_path) as scribe:
        event_id = scribe.label(document)
    document_read = LedgerReader(tmp_path).document(event_id)
    assert [(s.title, document_read.text[s.start : s.end]) for s in document_read.sections] == [
        ("query", "why?"),
        ("reasoning", ""),
        ("answer", "because"),
    ]
