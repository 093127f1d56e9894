"""Which documents hold a string: read through file by file, beside whatever else is going on."""

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
    """How far a search has come."""

    documents: frozenset[str]
    """Ids of the documents found so far."""
    events: int
    """Events looked at so far."""
    total: int
    """Events there are, as far as it is known."""
    unread: int
    """Events whose text damage took, so far."""
    done: bool = False
    """Whether everything was read."""


def search(folder: Path, needle: str) -> Iterator[Searched]:
    """Looks for `needle` in every text of a ledger, upper and lower case alike, some thousand events at a time.

    Stop asking to cancel it. A text that cannot be read is counted. Files that become others meanwhile are read
    under their new names. Raises LedgerError when the folder cannot be read.
    """
    needle = needle.encode("utf-8", "replace").decode()  # no stored column holds a lone surrogate
    found: frozenset[str] = frozenset()
    events = unread = 0
    seen: set[Path] = set()
    try:
        while unseen := [path for path in _files(folder) if path not in seen]:
            whole = events + sum(map(_events, unseen))
            for path in unseen:
                seen.add(path)
                for table in _tables(path):
                    if isinstance(table, int):
                        unread += table
                        events += table
                    else:
                        found |= _matching(table, needle)
                        unread += table["text"].null_count
                        events += len(table)
                    yield Searched(found, events, max(whole, events), unread)
    except OSError as error:
        raise explained(error, folder, "the labels cannot be searched") from error
    yield Searched(found, events, events, unread, done=True)


def _files(folder: Path) -> tuple[Path, ...]:
    listing = list_ledger(folder)
    return (*listing.journals, *listing.parts)


def _events(path: Path) -> int:
    """Events of a file; a journal has few, and is read but once."""
    if path.suffix == JOURNAL:
        return 0
    try:
        with ParquetPart(path) as part:
            return part.rows
    except (PartDamaged, NotAPart, FileNotFoundError):
        return 0


def _tables(path: Path) -> Iterator[Any]:
    """A table for each stretch of a file that can be read, a number of events for each that cannot."""
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
