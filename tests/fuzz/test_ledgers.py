"""Whatever happens to the bytes of a ledger, what can still be read is read, and nothing is made up."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from corpuscope.errors import LedgerError
from corpuscope.ledger.check import check
from corpuscope.ledger.read.reader import LedgerReader
from fuzz.mutations import mutated
from ledger_fakes import Scribe, journals, labels, parts
from makers import a_document

LABELS = 6
EVERYTHING = {draw: ("News", "Forum")[draw % 2] for draw in range(LABELS)}


@cache
def _written() -> tuple[bytes, bytes]:
    """A journal and a part, each of the same labels."""
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


@given(st.deferred(lambda: mutated(_written()[0], b"\n", b'{"', b" ")))
def test_a_journal_gives_back_what_is_whole_in_it_and_nothing_else(content: bytes) -> None:
    whole = {line for line in _written()[0].split(b"\n") if b"label" in line}
    left = content.split(b"\n")
    with a_folder() as folder:
        (folder / "s1.journal").write_bytes(content)
        found = labels(LedgerReader(folder).read())
        assert found.items() <= EVERYTHING.items()
        # the last line counts without its end: a torn one has no checksum that fits
        assert len(found) >= len(whole & set(left[:-1]))
        check(folder)
        with Scribe(folder, "s2") as scribe:
            scribe.label(100, "News")
        assert labels(LedgerReader(folder).read()).items() >= found.items() | {(100, "News")}


@given(st.deferred(lambda: mutated(_written()[1], b"PAR1", b"\x15\x04")))
def test_a_part_is_read_whole_or_set_aside_and_kept(content: bytes) -> None:
    with a_folder() as folder:
        (folder / "web").mkdir()
        path = folder / "web" / "s1.parquet"
        path.write_bytes(content)
        with Scribe(folder, "s2") as scribe:
            scribe.label(100, "News")
        reader = LedgerReader(folder)
        found = labels(reader.read())
        for event in [decision.event_id for decision in reader.read().recent()]:
            try:
                reader.document(event)
            except LedgerError as lost:
                assert "damage took the text" in lost.message or "there is no event" in lost.message
        reader.read()
        assert found.items() <= EVERYTHING.items() | {(100, "News")}
        assert found[100] == "News"
        if len(found) < LABELS + 1:
            assert reader.problems or scribe.writer.notices
            kept = [each for each in (folder / "web").rglob("*") if each.is_file()]
            assert content in [each.read_bytes() for each in kept]
