"""Fuzz tests of damaged ledgers: intact labels are read and no label is invented."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from corpuscope.errors import LedgerError
from corpuscope.ledger.check import check
from corpuscope.ledger.read.reader import LedgerReader
from fuzz.mutations import mutated
from fuzz.profiles import examples
from ledger_fakes import Scribe, a_reader, journals, labels, parts
from makers import a_document

LABELS = 6
EXAMPLES = examples(suite=40, bench=250, whole=1_000)
"""Examples of a test that opens a ledger for each."""
EVERYTHING = {draw: ("News", "Forum")[draw % 2] for draw in range(LABELS)}


@cache
def _written() -> tuple[bytes, bytes]:
    """Return the bytes of a journal and of a Parquet part with the same labels."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Scribe(folder) as scribe:
            for draw, category in EVERYTHING.items():
                scribe.label(a_document(draw, f"text {draw} \ud800 [/nope]"), category)
            journal = journals(folder)[0].read_bytes()
        return journal, parts(folder)[0].read_bytes()


@contextmanager
def a_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@settings(max_examples=EXAMPLES)
@given(st.deferred(lambda: mutated(_written()[0], b"\n", b'{"', b" ")))
def test_a_damaged_journal_yields_its_intact_labels_and_no_others(content: bytes) -> None:
    intact = {line for line in _written()[0].split(b"\n") if b"label" in line}
    lines = content.split(b"\n")
    with a_folder() as folder:
        (folder / "s1.journal").write_bytes(content)
        salvaged = labels(LedgerReader(folder).read())
        assert salvaged.items() <= EVERYTHING.items()
        # the last line may lack its newline; a torn one fails its checksum
        assert len(salvaged) >= len(intact & set(lines[:-1]))
        check(folder)
        with Scribe(folder, "s2") as scribe:
            scribe.label(100, "News")
        assert labels(LedgerReader(folder).read()).items() >= salvaged.items() | {(100, "News")}


@settings(max_examples=EXAMPLES)
@given(st.deferred(lambda: mutated(_written()[1], b"PAR1", b"\x15\x04")))
def test_a_damaged_part_is_read_or_set_aside_and_kept(content: bytes) -> None:
    with a_folder() as folder:
        (folder / "web").mkdir()
        path = folder / "web" / "s1.parquet"
        path.write_bytes(content)
        with Scribe(folder, "s2") as scribe:
            scribe.label(100, "News")
        reader = a_reader(folder)
        salvaged = labels(reader.read())
        for event in [decision.event_id for decision in reader.read().recent()]:
            try:
                reader.document(event)
            except LedgerError as lost:
                assert "damage took the text" in lost.message or "there is no event" in lost.message
        reader.read()
        assert salvaged.items() <= EVERYTHING.items() | {(100, "News")}
        assert salvaged[100] == "News"
        if len(salvaged) < LABELS + 1:
            assert reader.problems or scribe.writer.notices
            files = [path for path in (folder / "web").rglob("*") if path.is_file()]
            assert content in [path.read_bytes() for path in files]
