"""From journals to parts, and from small parts to large ones, so that no crash loses or changes an event."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from corpuscope.errors import LedgerError
from corpuscope.ledger import parts
from corpuscope.ledger.files import Files
from corpuscope.ledger.journal import Journal
from corpuscope.ledger.layout import LOCK, PART, damaged_path, free_path, list_ledger, siblings
from corpuscope.ledger.rows import to_table
from corpuscope.ledger.schema import VERSION

if TYPE_CHECKING:
    from corpuscope.ledger.record import Record

ROWS_A_PART = 10_000
"""Events of a full part; a full part is never rewritten."""
BYTES_A_PART = 256 << 20
"""Bytes of columns before compression that make a part full whatever its rows."""
SMALL_PARTS = 8
"""So many small parts of a corpus are merged into one: each event is rewritten a few times only."""
PATIENCE = 10.0
"""Seconds to wait for another process that publishes parts."""


@contextmanager
def publishing(folder: Path, files: Files, patience: float = PATIENCE) -> Iterator[None]:
    """Only one process at a time publishes or removes parts. Raises LedgerError after `patience`, or OSError."""
    path = folder / LOCK
    try:
        descriptor = files.create(path)
    except FileExistsError:
        descriptor = files.open(path)
    try:
        deadline = time.monotonic() + patience
        while not files.lock(descriptor, wait=False):
            if time.monotonic() > deadline:
                raise LedgerError(f"another process has been rewriting {folder} for {patience:.0f} s")
            time.sleep(0.02)
        yield
    finally:
        files.close(descriptor)


def compact_journal(folder: Path, journal: Journal, files: Files) -> list[str]:
    """Publishes the events of `journal` as parts, then removes it. What was noticed, in sentences.

    Raises OSError or LedgerError; then the journal is still there and complete.
    """
    found = journal.scan()
    by_corpus: dict[str, list[Record]] = defaultdict(list)
    for record in found.events:
        by_corpus[record["corpus"]].append(record)
    notices: list[str] = []
    with publishing(folder, files):
        for corpus, records in by_corpus.items():
            notices += _publish(to_table(records), folder / corpus / f"{journal.path.stem}{PART}", files)
    if found.damaged:
        aside = damaged_path(journal.path)
        journal.set_aside(aside)
        notices.append(
            f"{_count(found.damaged, 'line')} of {journal.path} were damaged; the file is kept as {aside.name}"
        )
    else:
        journal.remove()
    return notices


def merge_parts(folder: Path, files: Files, *, at_least: int = SMALL_PARTS) -> list[str]:
    """Merges the small parts of each corpus that has `at_least` of them. What was noticed, in sentences.

    Parts of other schema versions are left as they are. Raises OSError or LedgerError; then no event is lost.
    """
    notices: list[str] = []
    with publishing(folder, files):
        listing = list_ledger(folder)
        for path in listing.temporary:
            files.remove(path)  # whoever wrote it held the lock, and has died
        for corpus, group in groupby(listing.parts, key=lambda path: path.parent):
            small: list[tuple[Path, parts.PartInfo]] = []
            for path in group:
                try:
                    part = parts.info(path)
                except parts.PartDamaged as damage:
                    notices.append(set_aside(path, damage, files))
                except parts.NotAPart:
                    continue
                else:
                    if part.version == VERSION and part.rows < ROWS_A_PART and part.bytes < BYTES_A_PART:
                        small.append((path, part))
            if len(small) >= at_least:
                for bundle in _bundles(small):
                    notices += _merge(corpus, bundle, files)
    return notices


def set_aside(path: Path, damage: parts.PartDamaged, files: Files) -> str:
    """Renames a damaged part so that nothing reads it and nothing overwrites it. The sentence that says so."""
    aside = damaged_path(path)
    files.rename(path, aside)
    files.sync_folder(path.parent)
    return f"{path} is damaged ({damage}) and was set aside as {aside.name}"


def _bundles(small: list[tuple[Path, parts.PartInfo]]) -> Iterator[list[Path]]:
    """Neighbours that fit into one part together."""
    bundle: list[Path] = []
    rows = size = 0
    for path, part in small:
        if bundle and (rows + part.rows > ROWS_A_PART or size + part.bytes > BYTES_A_PART):
            yield bundle
            bundle, rows, size = [], 0, 0
        bundle.append(path)
        rows, size = rows + part.rows, size + part.bytes
    yield bundle


def _merge(corpus: Path, bundle: list[Path], files: Files) -> list[str]:
    notices: list[str] = []
    tables: list[pa.Table] = []
    sources: list[Path] = []
    for path in bundle:
        try:
            tables.append(parts.read(path))
        except parts.PartDamaged as damage:
            notices.append(set_aside(path, damage, files))
        else:
            sources.append(path)
    if len(sources) < 2:
        return notices
    merged = _in_order(pa.concat_tables(tables))
    notices += _publish(merged, corpus / f"merged-{merged['event_id'][-1].as_py()}{PART}", files, sources)
    for path in sources:
        files.remove(path)
    files.sync_folder(corpus)
    return notices


def _publish(table: pa.Table, path: Path, files: Files, sources: list[Path] | None = None) -> list[str]:
    """Writes the events of `table` that are not in `path` or a numbered sibling yet, under a free name.

    The same journal or bundle comes here again when a crash hit between publishing and removing it.
    """
    files.make_folder(path.parent)
    notices: list[str] = []
    for published in siblings(path):
        if published in (sources or ()):
            continue
        try:
            known = parts.read(published, ("event_id",))["event_id"]
        except parts.PartDamaged as damage:
            notices.append(set_aside(published, damage, files))
        except parts.NotAPart:
            continue
        else:
            table = table.filter(pc.invert(pc.is_in(table["event_id"], value_set=known)))
    if len(table):
        parts.write(_in_order(table), free_path(path), files)
    return notices


def _in_order(table: pa.Table) -> pa.Table:
    """Rows by event id, each event once."""
    table = table.sort_by("event_id")
    ids = table["event_id"].combine_chunks()
    first = pa.array([True] * min(len(ids), 1))
    return table.filter(pa.concat_arrays([first, pc.not_equal(ids[1:], ids[:-1])]))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
