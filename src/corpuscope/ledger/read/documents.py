"""Read the records of events with their texts: one event, or many with each row group decoded once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpuscope.errors import LedgerError
from corpuscope.ledger.event_record import Record
from corpuscope.ledger.folder import JOURNAL
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.parquet_part import DECIDING, NotAPart, ParquetPart, PartDamaged
from corpuscope.ledger.parquet_schema import record_of
from corpuscope.ledger.read.event_columns import EventColumns, Ids, split_id
from corpuscope.ledger.tables import readable_content, records_in, with_content


@dataclass(frozen=True, slots=True)
class EventRecordLookup:
    """The result of looking for one event."""

    record: Record | None
    """The event's record, without text when damage took it; None when no file has the event any more."""
    damaged: Mapping[Path, PartDamaged]
    """Parts that should hold the event and turned out to be damaged."""


def find(event_id: str, sources: Mapping[Path, EventColumns]) -> EventRecordLookup:
    """Look for an event in `sources`, the columns of each file as it was read.

    Raises LedgerError when `event_id` is not an event id.
    """
    try:
        high, low = split_id(event_id)
    except ValueError:
        raise LedgerError(f"{event_id!r} is not an event id") from None
    textless: Record | None = None
    damaged: dict[Path, PartDamaged] = {}
    for path, columns in sources.items():
        for row in np.flatnonzero((columns["event_low"] == low) & (columns["event_high"] == high)):
            try:
                records = records_in(path, [int(row)])
            except PartDamaged as damage:
                damaged[path] = damage
                continue
            except (FileNotFoundError, NotAPart):
                continue
            for record in records:
                if record["event_id"] == event_id and "text" in record:
                    return EventRecordLookup(record, damaged)
                if record["event_id"] == event_id:
                    textless = record
    return EventRecordLookup(textless, damaged)


@dataclass(frozen=True, slots=True)
class EventRecordsLookup:
    """The result of looking for many events."""

    records: dict[str, Record]
    """Records by event id, without text when damage took it; none for an event that no file has any more."""
    damaged: Mapping[Path, PartDamaged]
    """Parts that should hold some of the events and turned out to be damaged."""

    def has_text(self, event_id: str) -> bool:
        """Tell whether the record of an event was read whole."""
        return "text" in self.records.get(event_id, ())


CACHE_BYTES = 128 << 20
"""Bytes of decoded row groups kept for the next events, which mostly share them in the order of draws."""

_SPREAD = np.uint64(0x9E37_79B9_7F4A_7C15)

_Group = tuple[Path, int]

_Rows = Any  # a table, or the records of a journal by row; pyarrow publishes no type for the table


class EventRecordReader:
    """Reads the records of events, in any order, from files as they were read. Not thread-safe.

    It is fastest for events stored next to each other, as those of neighbouring draws are.
    """

    def __init__(self, sources: Mapping[Path, EventColumns], *, cache_bytes: int = CACHE_BYTES) -> None:
        """Index the event ids of `sources`, the columns of each file; no file is opened yet."""
        self._paths = tuple(sources)
        self._starts = np.cumsum([0, *(len(columns) for columns in sources.values())])
        mixed = [_mixed(columns["event_high"], columns["event_low"]) for columns in sources.values()]
        keys = np.concatenate(mixed) if mixed else np.empty(0, np.uint64)
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        self._groups: dict[Path, npt.NDArray[np.int64]] = {}
        self._cached: OrderedDict[_Group, tuple[_Rows, int]] = OrderedDict()
        self._damaged: dict[Path, PartDamaged] = {}
        self._cache_bytes = cache_bytes

    def find(self, event_ids: Sequence[str]) -> EventRecordsLookup:
        """Return the records of the given events; of one in several files, the record that has its text.

        Raises LedgerError for a malformed event id, and OSError.
        """
        rows_by_group: dict[_Group, list[int]] = {}
        for path, row in self._locations(event_ids):
            with self._noting_damage(path):
                group, row_in_group = self._locate_in_group(path, row)
                rows_by_group.setdefault((path, group), []).append(row_in_group)
        requested = set(event_ids)
        lookup = EventRecordsLookup({}, self._damaged)
        for group_of_file, rows in rows_by_group.items():
            with self._noting_damage(group_of_file[0]):
                for record in _records_at(self._rows(group_of_file), rows):
                    event_id = record["event_id"]
                    if event_id in requested and not lookup.has_text(event_id):
                        lookup.records[event_id] = record
        return lookup

    @contextmanager
    def _noting_damage(self, path: Path) -> Iterator[None]:
        """Note that a part is damaged; go on without one that is, is gone, or was replaced by another file."""
        try:
            yield
        except PartDamaged as damage:
            self._damaged[path] = damage
        except (NotAPart, FileNotFoundError):
            pass

    def _locations(self, event_ids: Sequence[str]) -> Iterator[tuple[Path, int]]:
        """Yield file and row of each requested event, and rarely of another whose mixed id is equal."""
        try:
            halves = np.array([split_id(event_id) for event_id in event_ids], np.uint64).reshape(-1, 2)
        except ValueError:
            raise LedgerError("the request is not an event id") from None
        keys = _mixed(halves[:, 0], halves[:, 1])
        first, last = np.searchsorted(self._keys, keys, "left"), np.searchsorted(self._keys, keys, "right")
        for start, stop in zip(first.tolist(), last.tolist(), strict=True):
            for position in self._order[start:stop].tolist():
                source = int(np.searchsorted(self._starts, position, "right")) - 1
                yield self._paths[source], position - int(self._starts[source])

    def _locate_in_group(self, path: Path, row: int) -> tuple[int, int]:
        """Return the row group of a row and its position in the group; a journal is one group."""
        if path.suffix == JOURNAL:
            return 0, row
        if path not in self._groups:
            with ParquetPart(path) as part:
                self._groups[path] = np.cumsum([0, *part.group_rows])
        starts = self._groups[path]
        group = int(np.searchsorted(starts, row, "right")) - 1
        return group, row - int(starts[group])

    def _rows(self, group: _Group) -> _Rows:
        """Return the rows of a group, from the cache or decoded, with nulls in place of content that is damaged."""
        if group in self._cached:
            self._cached.move_to_end(group)
            return self._cached[group][0]
        path, number = group
        if path.suffix == JOURNAL:
            rows = dict(enumerate(scan_file(path).events))
            size = path.stat().st_size
        else:
            with ParquetPart(path) as part:
                if number >= len(part.group_rows):
                    raise PartDamaged("it has fewer events than before")
                try:
                    rows = part.read_group(number)
                except PartDamaged as damage:
                    self._damaged[path] = damage
                    rows = with_content(part.read_group(number, DECIDING), readable_content(part, number))
            size = rows.nbytes
        self._cached[group] = rows, size
        while len(self._cached) > 1 and sum(size for _, size in self._cached.values()) > self._cache_bytes:
            self._cached.popitem(last=False)
        return rows


def _mixed(high: Ids, low: Ids) -> Ids:
    """Mix both halves of an id into one number, which two ids rarely share."""
    return high * _SPREAD ^ low


def _records_at(rows: _Rows, positions: Sequence[int]) -> Iterator[Record]:
    if isinstance(rows, pa.Table):
        for row in rows.take([position for position in positions if position < len(rows)]).to_pylist():
            yield record_of(row)
    else:
        for position in positions:
            if position in rows:
                yield rows[position]
