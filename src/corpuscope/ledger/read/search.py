"""Search the texts of a ledger for a string, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpuscope.domain.document import DocumentKey
from corpuscope.files import explained
from corpuscope.ledger.folder import JOURNAL, list_ledger
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.parquet_part import DamagedRows, NotAPart, ParquetPart, PartDamaged
from corpuscope.ledger.parquet_schema import to_table
from corpuscope.ledger.tables import use_parts, walk

_NEEDED = ("corpus", "document_id", "text")


@dataclass(frozen=True, slots=True)
class Searched:
    """The progress of a search."""

    documents: frozenset[DocumentKey]
    """The matching documents so far."""
    events: int
    """Number of events searched so far."""
    total: int
    """Number of events to search; it may still grow."""
    unread: int
    """Number of events so far whose text was lost to damage."""
    done: bool = False
    """Whether the search is complete."""


def search(folder: Path, needle: str) -> Iterator[Searched]:
    """Search every text of a ledger for `needle`, ignoring case; yield progress every few thousand events.

    Close the iterator to cancel. Unreadable texts are counted. Files that are compacted or merged meanwhile
    are read under their new names. Raises LedgerError when the folder cannot be read.
    """
    needle = needle.encode("utf-8", "replace").decode()  # no stored column has a lone surrogate
    documents: frozenset[DocumentKey] = frozenset()
    events = unread = 0
    try:
        parts = use_parts(list_ledger(folder).parts, lambda part: part.rows, lambda *_: None)
        total = sum(
            rows for _, rows in parts
        )  # without journals: they have few events and are read only once
        for path in walk(folder):
            for rows in _groups(path):
                if isinstance(rows, DamagedRows):
                    unread += rows.rows
                    events += rows.rows
                else:
                    documents |= _matching(rows, needle)
                    unread += rows["text"].null_count
                    events += len(rows)
                yield Searched(documents, events, max(total, events), unread)
    except OSError as error:
        raise explained(error, folder, "the labels cannot be searched") from error
    yield Searched(documents, events, events, unread, done=True)


def _groups(path: Path) -> Iterator[pa.Table | DamagedRows]:
    """Yield the events of a journal, or of a part by row group."""
    try:
        if path.suffix == JOURNAL:
            yield to_table(scan_file(path).events).select(list(_NEEDED))
        else:
            with ParquetPart(path) as part:
                yield from part.groups(_NEEDED)
    except (PartDamaged, NotAPart, FileNotFoundError):
        return


def _matching(table: pa.Table, needle: str) -> frozenset[DocumentKey]:
    matches = pc.match_substring(table["text"], needle, ignore_case=True)
    matching = table.filter(matches.fill_null(False))
    return frozenset(zip(matching["corpus"].to_pylist(), matching["document_id"].to_pylist(), strict=True))
