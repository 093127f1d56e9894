"""Finding one event, with its text, among files whose columns are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpuscope.errors import LedgerError
from corpuscope.ledger.columns import Columns, split_id
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.layout import JOURNAL
from corpuscope.ledger.parts import NotAPart, Part, PartDamaged
from corpuscope.ledger.record import Record
from corpuscope.ledger.rows import record_of


@dataclass(frozen=True, slots=True)
class Found:
    """What looking for one event brought."""

    record: Record | None
    """Its record, without text where damage took it; None when no file has the event any more."""
    damaged: Mapping[Path, PartDamaged]
    """Parts that should have had it and turned out to be damaged."""


def find(event_id: str, sources: Mapping[Path, Columns]) -> Found:
    """Looks for an event in the files `sources`, as they were read. Raises LedgerError for what is no event id."""
    try:
        high, low = split_id(event_id)
    except ValueError:
        raise LedgerError(f"{event_id!r} is not an event id") from None
    textless: Record | None = None
    damaged: dict[Path, PartDamaged] = {}
    for path, columns in sources.items():
        for row in np.flatnonzero((columns.event_low == low) & (columns.event_high == high)):
            try:
                record = _read(path, int(row))
            except PartDamaged as damage:
                damaged[path] = damage
                continue
            if record is None or record["event_id"] != event_id:
                continue
            if "text" in record:
                return Found(record, damaged)
            textless = record
    return Found(textless, damaged)


def _read(path: Path, row: int) -> Record | None:
    """The record in `row` of a file; None when the file is gone."""
    try:
        if path.suffix == JOURNAL:
            return dict(enumerate(scan_file(path).events)).get(row)
        with Part(path) as part:
            return record_of(part.read_row(row))
    except (FileNotFoundError, NotAPart):
        return None
