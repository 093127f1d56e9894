"""Search the texts of a ledger for a string, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from corpuscope.files import explained
from corpuscope.ledger.folder import JOURNAL, list_ledger
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.parquet_part import NotAPart, ParquetPart, PartDamaged
from corpuscope.ledger.parquet_schema import to_table

_NEEDED = ("document_id", "text")


@dataclass(frozen=True, slots=True)
class Searched:
    """The progress of a search."""

    documents: frozenset[str]
    """Ids of the matching documents so far."""
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
    documents: frozenset[str] = frozenset()
    events = unread = 0
    seen: set[Path] = set()
    try:
        while unseen := [path for path in _files(folder) if path not in seen]:
            total = events + sum(map(_events, unseen))
            for path in unseen:
                seen.add(path)
                for table in _tables(path):
                    if isinstance(table, int):
                        unread += table
                        events += table
                    else:
                        documents |= _matching(table, needle)
                        unread += table["text"].null_count
                        events += len(table)
                    yield Searched(documents, events, max(total, events), unread)
    except OSError as error:
        raise explained(error, folder, "the labels cannot be searched") from error
    yield Searched(documents, events, events, unread, done=True)


def _files(folder: Path) -> tuple[Path, ...]:
    listing = list_ledger(folder)
    return (*listing.journals, *listing.parts)


def _events(path: Path) -> int:
    """Count the events of a part.

    A journal counts as 0, since it has few events and is to be read only once.
    """
    if path.suffix == JOURNAL:
        return 0
    try:
        with ParquetPart(path) as part:
            return part.rows
    except (PartDamaged, NotAPart, FileNotFoundError):
        return 0


def _tables(path: Path) -> Iterator[Any]:
    """Yield a table for a journal or readable row group, the number of events for an unreadable one."""
    try:
        if path.suffix == JOURNAL:
            yield to_table(scan_file(path).events).select(list(_NEEDED))
            return
        with ParquetPart(path) as part:
            for number, rows in enumerate(part.group_rows):
                try:
                    yield part.read_group(number, _NEEDED)
                except PartDamaged:
                    yield rows
    except (PartDamaged, NotAPart, FileNotFoundError):
        return


def _matching(table: pa.Table, needle: str) -> frozenset[str]:
    matches = pc.match_substring(table["text"], needle, ignore_case=True)
    return frozenset(table["document_id"].filter(matches.fill_null(False)).to_pylist())
