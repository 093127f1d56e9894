"""Compact journals into parts and small parts into large ones, so that no crash loses or changes an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from corpuscope.errors import LedgerError
from corpuscope.files import Files
from corpuscope.ledger.event_record import Record
from corpuscope.ledger.folder import PART, LedgerFiles, damaged_path, list_ledger, unused_path
from corpuscope.ledger.journal import Journal
from corpuscope.ledger.parquet_part import ParquetPart, PartDamaged
from corpuscope.ledger.parquet_schema import VERSION, record_of, to_table
from corpuscope.ledger.tables import row_faults, use_parts
from corpuscope.ledger.validation import by_reason
from corpuscope.ledger.write.publishing import in_order, publish, publishing, setting_aside
from corpuscope.text.quantities import inflected, quantity

ROWS_A_PART = 10_000
"""Most events of a merged part; a part with half as many is not rewritten again."""
BYTES_A_PART = 128 << 20
"""Most bytes of columns, before compression, in a merged part; the same half applies."""
SMALL_PARTS = 8
"""Small parts of a corpus that are merged into one, so that each event is rewritten only a few times."""


@dataclass(frozen=True, slots=True)
class _Small:
    """A part small enough to be merged."""

    path: Path
    """Where the part is."""
    rows: int
    """Number of its events."""
    bytes: int
    """Size of its columns before compression."""


def compact_journal(folder: Path, journal: Journal, files: Files) -> list[str]:
    """Publish the events of `journal` as parts, remove it, and return notices in sentences.

    Works for a journal whose name was removed, too. Raises OSError or LedgerError; the journal is still there and
    complete then.
    """
    scan, detached = journal.scan(), journal.detached
    by_corpus: dict[str, list[Record]] = defaultdict(list)
    for record in scan.events:
        by_corpus[record["corpus"]].append(record)
    try:
        tables = {corpus: to_table(records) for corpus, records in by_corpus.items()}
    except (pa.ArrowException, KeyError, ValueError) as error:
        raise LedgerError(f"{journal.path} holds something that is not an event: {error}") from error
    notices: list[str] = []
    files.make_folder(folder)
    with publishing(folder, files):
        for corpus, table in tables.items():
            notices += publish(table, folder / corpus / f"{journal.path.stem}{PART}", files)
    if detached:
        notices.append(
            f"{journal.path} was removed or moved while it was open: {quantity(len(scan.events), 'event')} of it"
            f" {inflected(len(scan.events), 'was', 'were')} saved again in {folder}"
        )
    if scan.damaged and not detached:
        aside = damaged_path(journal.path)
        journal.set_aside(aside)
        notices.append(
            f"{journal.path} has {quantity(scan.damaged, 'damaged line')}; the file is kept as {aside.name}"
        )
    else:
        journal.remove()
    return notices


def merge_parts(folder: Path, files: Files, *, at_least: int = SMALL_PARTS) -> list[str]:
    """Merge the small parts of each corpus that has `at_least` of them, and return notices in sentences.

    Parts of other schema versions are left as they are. Raises OSError or LedgerError; no event is lost then.
    """
    notices: list[str] = []
    with publishing(folder, files):
        listing = list_ledger(folder)
        for path in listing.temporary:
            files.remove(path)  # its writer held the lock, so it has died
        on_damage = setting_aside(files, notices)
        for corpus, paths in groupby(_finished(listing), key=lambda path: path.parent):
            small = [part for _, part in use_parts(paths, _if_small, on_damage) if part]
            if len(small) >= at_least:
                for bundle in _bundles(small):
                    notices += _merge(corpus, bundle, files)
    return notices


def set_damaged_aside(folder: Path, files: Files, *, values: bool = False) -> list[str]:
    """Read every byte of every part, set damaged parts aside and salvage their events; return notices.

    With `values` so are parts with rows that are no events by their values, which takes longer. Raises OSError or
    LedgerError; nothing more is lost then.
    """
    notices: list[str] = []
    with publishing(folder, files):
        check = _verify_values if values else ParquetPart.verify
        for _ in use_parts(list_ledger(folder).parts, check, setting_aside(files, notices)):
            pass
    return notices


def _verify_values(part: ParquetPart) -> None:
    """Read every byte of a part and check every value. Raises PartDamaged."""
    part.verify()
    corpus = part.path.parent.name
    faults = [fault for group in part.groups() for fault in row_faults(group, corpus).values()]
    if faults:
        raise PartDamaged(
            f"it has {quantity(len(faults), 'row')} that cannot be an event: {by_reason(faults)}"
        )


def migrate_parts(folder: Path, files: Files) -> list[str]:
    """Rewrite parts of older schema versions in the present one, and return notices in sentences.

    The originals are kept under another name. Raises OSError or LedgerError; no event is lost then.
    """

    def old_rows(part: ParquetPart) -> tuple[int, list[Record]]:
        return part.version, part.read().to_pylist() if part.version < VERSION else []

    notices: list[str] = []
    with publishing(folder, files):
        parts = list_ledger(folder).parts
        for path, (version, rows) in use_parts(parts, old_rows, setting_aside(files, notices)):
            if version >= VERSION:
                continue
            notices += publish(to_table(map(record_of, rows)), path, files, [path])
            original = unused_path(path.with_name(f"{path.name}.version-{version}"))
            files.rename(path, original)
            files.sync_folder(path.parent)
            notices.append(
                f"{path} was rewritten in schema {VERSION}; the original is kept as {original.name}"
            )
    return notices


def _if_small(part: ParquetPart) -> _Small | None:
    """Return the part when it is small enough to be merged."""
    small = 2 * part.rows < ROWS_A_PART and 2 * part.bytes < BYTES_A_PART
    return _Small(part.path, part.rows, part.bytes) if small and part.version == VERSION else None


def _finished(listing: LedgerFiles) -> list[Path]:
    """Return the parts whose journal is gone.

    Compacting a journal again looks for its events under these names.
    """
    unfinished = {journal.stem for journal in listing.journals}
    return [
        path
        for path in listing.parts
        if path.stem not in unfinished and path.stem.rpartition(".")[0] not in unfinished
    ]


def _bundles(small: list[_Small]) -> Iterator[list[Path]]:
    """Yield runs of neighbouring parts that fit into one part."""
    bundle: list[Path] = []
    rows = size = 0
    for part in small:
        if bundle and (rows + part.rows > ROWS_A_PART or size + part.bytes > BYTES_A_PART):
            yield bundle
            bundle, rows, size = [], 0, 0
        bundle.append(part.path)
        rows, size = rows + part.rows, size + part.bytes
    yield bundle


def _merge(corpus: Path, bundle: list[Path], files: Files) -> list[str]:
    notices: list[str] = []
    tables = dict(use_parts(bundle, ParquetPart.read, setting_aside(files, notices)))
    if len(tables) < 2:
        return notices
    merged = in_order(pa.concat_tables(tables.values()))
    notices += publish(merged, corpus / f"merged-{merged['event_id'][-1].as_py()}{PART}", files, tables)
    for path in tables:
        files.remove(path)
    files.sync_folder(corpus)
    return notices
