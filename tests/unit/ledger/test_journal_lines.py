"""Test that every readable journal line is read, whatever happened to the bytes around it."""

from __future__ import annotations

import json
from zlib import crc32

from hypothesis import given, settings
from hypothesis import strategies as st

from corpuscope.ledger.event_record import Record
from corpuscope.ledger.journal import encode, scan

text = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
records = st.dictionaries(
    st.sampled_from(["event_id", "note", "text", "row"]), text | st.integers(0, 9), min_size=1
)


@given(st.lists(records, max_size=6))
def test_encoded_records_are_scanned_back(written: list[Record]) -> None:
    journal = scan(b"".join(map(encode, written)))
    assert list(journal.events) == written
    assert (journal.damaged, journal.torn) == (0, 0)


def test_a_lone_surrogate_comes_back_as_it_was() -> None:
    assert scan(encode({"text": "a\ud800b\udfff"})).events == ({"text": "a\ud800b\udfff"},)


def test_a_line_is_legible_to_a_person_and_verifiable_by_standard_tools() -> None:
    line = encode({"text": "naïve [b]"})
    checksum, body = line.rstrip(b"\n").split(b" ", 1)
    assert json.loads(body) == {"text": "naïve [b]"}
    assert "naïve" in body.decode()
    assert len(checksum) == 8


@given(st.integers(1, 60))
def test_a_torn_last_line_is_dropped_and_measured(cut: int) -> None:
    whole, last = encode({"row": 1}), encode({"row": 2, "text": "x" * 60})
    journal = scan(whole + last[:cut])
    assert [r["row"] for r in journal.events] == [1]
    assert (journal.torn, journal.damaged, journal.end) == (cut, 0, len(whole))


@settings(max_examples=300)
@given(st.data())
def test_one_flipped_bit_costs_one_line_at_most_and_is_noticed(data: st.DataObject) -> None:
    written = [{"row": row, "text": f"line {row} end"} for row in range(5)]
    lines = b"".join(map(encode, written))
    place = data.draw(st.integers(0, len(lines) * 8 - 1))
    flipped = bytearray(lines)
    flipped[place // 8] ^= 1 << place % 8
    journal = scan(bytes(flipped))
    missing = [record for record in written if record not in journal.events]
    assert len(missing) <= 1
    assert journal.damaged >= 1
    assert all(record in written for record in journal.events)


def test_a_flipped_line_end_loses_no_line() -> None:
    lines = encode({"row": 1}) + encode({"row": 2})
    glued = lines.replace(b"\n", b"\x0b", 1)
    journal = scan(glued)
    assert [r["row"] for r in journal.events] == [1, 2]
    assert journal.damaged == 1


def test_a_text_that_looks_like_a_journal_is_only_text() -> None:
    inner = encode({"row": 7}).decode()
    journal = scan(encode({"row": 1, "text": inner})[:-4])
    assert journal.events == ()
    assert journal.torn > 0


def test_without_content_an_event_has_the_measures_of_its_text() -> None:
    event = {"event_id": "e", "metadata": {"a": 1}, "sections": [], "text": "two words"}
    assert scan(encode(event)).events == (event,)
    assert scan(encode(event), content=False).events == ({"event_id": "e", "characters": 9, "words": 2},)
    assert scan(encode({"event_id": "e", "text": 7}), content=False).events == ({"event_id": "e", "text": 7},)


def test_an_event_has_the_content_of_the_line_that_it_refers_to() -> None:
    content = encode({"document": "d", "metadata": {"a": 1}, "text": "two words"})
    event = encode({"event_id": "e", "document": "d", "characters": 9})
    assert scan(content + event).events == (
        {"event_id": "e", "metadata": {"a": 1}, "text": "two words", "characters": 9},
    )
    assert scan(content + event, content=False).events == ({"event_id": "e", "characters": 9},)
    assert scan(event).events == ({"event_id": "e", "characters": 9},)
    assert scan(content).events == ()


def test_the_version_is_the_greatest_of_the_headers_and_no_event() -> None:
    lines: list[Record] = [{"ledger": 1}, {"ledger": 3}, {"ledger": "x"}, {"event_id": "e"}]
    journal = scan(b"".join(map(encode, lines)))
    assert (journal.version, journal.events) == (3, ({"event_id": "e"},))
    assert scan(encode({"event_id": "e"})).version == 0


def test_a_line_that_is_no_object_of_its_checksum_is_damaged() -> None:
    def line(body: bytes, between: bytes = b" ") -> bytes:
        return b"%08x%b%b\n" % (crc32(body), between, body)

    assert scan(line(b'{"row":1}')).events == ({"row": 1},)
    for damaged in (line(b"[1]"), line(b"{}", b"-"), line(b"[" * 100_000), line(b"{"), b"\n"):
        assert (scan(damaged).events, scan(damaged).damaged) == ((), 1)
