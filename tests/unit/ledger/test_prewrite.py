"""Test that a long document is written ahead of its events, which then only refer to it."""

from __future__ import annotations

import errno
import math
import threading
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.domain.document import Document
from corpuscope.errors import LedgerError
from corpuscope.files import Files
from corpuscope.ledger.check import check, history
from corpuscope.ledger.event_record import measures
from corpuscope.ledger.journal import encode, encode_long, scan
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.ledger.write.prewrite import LONG
from ledger_fakes import FailingFiles, Scribe, flip, journals, labels, parts, read
from makers import a_document

texts = st.text(st.characters(codec=None, exclude_categories=()))


def a_long_document(draw: int = 1, url: str | None = None) -> Document:
    return a_document(draw, "long \ud800 text\n" * (LONG // 10), url=url)


def prewrite(scribe: Scribe, document: Document) -> None:
    scribe.writer.prepare(document)
    prewriter = scribe.writer._prewriter
    with prewriter._changed:
        prewriter._changed.wait_for(lambda: prewriter._thread is None)


def line_lengths(journal: Path) -> list[int]:
    return [len(line) for line in journal.read_bytes().splitlines()]


@given(texts, st.integers(1, 200))
def test_a_long_record_is_encoded_like_a_short_one(text: str, times: int) -> None:
    record = {"document": "é", "text": text * times * 30}
    assert encode_long(record) == encode(record)


@given(texts, st.integers(1, 2000))
def test_words_are_counted_across_chunks(text: str, times: int) -> None:
    whole = text * times
    assert measures(whole) == {"characters": len(whole), "words": len(whole.split())}


def test_a_value_that_json_cannot_hold_is_refused_by_the_label_and_not_by_preparing(tmp_path: Path) -> None:
    document = replace(a_document(1, "text"), probability=math.nan)
    with Scribe(tmp_path) as scribe:
        scribe.writer.prepare(document)
        with pytest.raises(ValueError, match="JSON"):
            scribe.label(document)
        assert scribe.label(a_document(2, "next"))


def test_the_label_of_a_prepared_document_is_short_and_the_text_is_stored_once(tmp_path: Path) -> None:
    document = a_long_document(url="http://x")
    with Scribe(tmp_path) as scribe:
        prewrite(scribe, document)
        event_id = scribe.label(document)
        scribe.note(document, "a note")
        scribe.undo(event_id, document)
        relabel_id = scribe.label(document, "Forum")
        header, content, *events = line_lengths(journals(tmp_path)[0])
        assert header < 200
        assert content > LONG
        assert max(events) < 800
        assert LedgerReader(tmp_path).document(event_id) == document
        assert labels(read(tmp_path)) == {1: "Forum"}
    assert LedgerReader(tmp_path).document(relabel_id) == document
    assert {event.document.sha256 for event in history(tmp_path, relabel_id)} == {document.sha256}
    row = pq.read_table(parts(tmp_path)[0]).to_pylist()[0]
    assert (row["sha256"], row["url"], row["words"]) == (
        document.sha256,
        "http://x",
        len(document.text.split()),
    )
    assert check(tmp_path).problems == ()


def test_a_reader_knows_how_long_the_text_is_without_reading_it(tmp_path: Path) -> None:
    document = a_long_document()
    with Scribe(tmp_path) as scribe:
        prewrite(scribe, document)
        scribe.label(document)
        [while_open] = read(tmp_path).recent()
    [closed] = read(tmp_path).recent()
    assert while_open == closed
    assert (closed.characters, closed.words) == (len(document.text), len(document.text.split()))


def test_a_short_document_and_one_that_was_not_prepared_are_written_with_their_labels(tmp_path: Path) -> None:
    short, long = a_document(1), a_long_document(2)
    with Scribe(tmp_path) as scribe:
        prewrite(scribe, short)
        scribe.label(short)
        scribe.label(long)
        assert len(line_lengths(journals(tmp_path)[0])) == 3
        assert line_lengths(journals(tmp_path)[0])[2] > LONG
    assert len(read(tmp_path)) == 2


def test_a_document_prepared_and_never_labelled_leaves_nothing(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        prewrite(scribe, a_long_document())
        assert len(read(tmp_path)) == 0
    assert journals(tmp_path) == parts(tmp_path) == []


def test_a_document_prepared_in_a_full_journal_is_written_again(tmp_path: Path) -> None:
    document = a_long_document()
    with Scribe(tmp_path, events_a_journal=2) as scribe:
        prewrite(scribe, document)
        events = [scribe.label(document, category) for category in ("News", "Forum", "Ads")]
        assert labels(read(tmp_path)) == {1: "Ads"}
    reader = LedgerReader(tmp_path)
    assert all(reader.document(event_id) == document for event_id in events)


def test_another_text_at_the_same_address_is_not_mistaken_for_the_prepared_one(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        prewrite(scribe, a_long_document())
        other = a_document(1, "another text " * LONG)
        event_id = scribe.label(other)
    assert LedgerReader(tmp_path).document(event_id).text == other.text


def test_a_label_waits_for_the_content_line_of_its_document(tmp_path: Path) -> None:
    may_write = threading.Event()

    class Slow(Files):
        def write(self, descriptor: int, data: bytes | memoryview) -> None:
            if len(data) > LONG:
                assert may_write.wait(60)
            super().write(descriptor, data)

    document = a_long_document()
    with Scribe(tmp_path, files=Slow()) as scribe:
        scribe.writer.prepare(document)
        labelling = threading.Thread(target=scribe.label, args=(document,), daemon=True)
        labelling.start()
        assert len(read(tmp_path)) == 0
        may_write.set()
        labelling.join(60)
        assert not labelling.is_alive()
        assert max(line_lengths(journals(tmp_path)[0])[2:]) < 800
    assert labels(read(tmp_path)) == {1: "News"}


@pytest.mark.parametrize("operation", ["write", "sync"])
def test_a_failed_prewrite_does_not_prevent_a_later_label(tmp_path: Path, operation: str) -> None:
    document = a_long_document()
    files = FailingFiles()
    with Scribe(tmp_path, files=files) as scribe:
        files.failing[operation] = errno.ENOSPC
        prewrite(scribe, document)
        with pytest.raises(LedgerError):
            scribe.label(document)
        files.failing.clear()
        event_id = scribe.label(document)
        assert LedgerReader(tmp_path).document(event_id) == document
    assert LedgerReader(tmp_path).document(event_id) == document
    assert check(tmp_path).problems == ()


def test_a_flipped_byte_in_a_prewritten_text_costs_the_text_and_no_label(tmp_path: Path) -> None:
    document = a_long_document()
    with Scribe(tmp_path) as scribe:
        prewrite(scribe, document)
        event_id = scribe.label(document)
        scribe.label(2)
        path = journals(tmp_path)[0]
        flip(path, 50_000)
        damaged = path.read_bytes()
        assert labels(read(tmp_path)) == {1: "News", 2: "News"}
        with pytest.raises(LedgerError, match="damage took the text"):
            LedgerReader(tmp_path).document(event_id)
    assert path.with_name(f"{path.name}.damaged").read_bytes() == damaged
    decisions = read(tmp_path)
    assert labels(decisions) == {1: "News", 2: "News"}
    assert decisions.recent()[0].characters == len(document.text)
    row = pq.read_table(parts(tmp_path)[0]).to_pylist()[0]
    assert (row["text"], row["sha256"]) == (None, document.sha256)


def test_journals_of_version_1_are_read(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_long_document())
        lines = journals(tmp_path)[0].read_bytes().splitlines(keepends=True)
    old = tmp_path / "old" / "dead.journal"
    old.parent.mkdir()
    old.write_bytes(
        encode({"ledger": 1, "session": "dead", "opened": "2026-01-02T03:04:05+00:00"}) + lines[1]
    )
    assert scan(old.read_bytes()).version == 1
    with Scribe(old.parent, "next"):
        pass
    assert labels(read(old.parent)) == {1: "News"}
