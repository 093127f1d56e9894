"""Reading a ledger, again and again, at the price of what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpuscope.domain.document import Document
from corpuscope.errors import LedgerError
from corpuscope.ledger.faults import explained
from corpuscope.ledger.files import Files
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.layout import Stamp, list_ledger, stamp
from corpuscope.ledger.lines import scan
from corpuscope.ledger.record import Record, document_of

if TYPE_CHECKING:  # the first frame must not wait for numpy and pyarrow
    import pyarrow as pa

    from corpuscope.ledger.columns import Columns, Vocabularies
    from corpuscope.ledger.decisions import Decisions

_ATTEMPTS = 50
"""Readings after which a folder that never stays the same is given up; each needs a part published meanwhile."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as it was read."""

    stamp: Stamp
    """What it was then."""
    columns: "Columns"
    """Its events."""
    end: int = 0
    """Bytes of a journal that were read."""
    damaged: int = 0
    """Lines of a journal that could not be read."""


class LedgerReader:
    """One ledger, read from disk. Not thread-safe; what it returns is."""

    def __init__(self, folder: Path, files: Files | None = None) -> None:
        """Opens nothing: a missing folder is an empty ledger."""
        self._folder = folder
        self._files = files or Files()
        self._sources: dict[Path, _Source] = {}
        self._aside: dict[Path, str] = {}
        self._strangers: dict[Path, Stamp] = {}
        self._decisions: Decisions | None = None
        self._vocabularies: Vocabularies | None = None

    @property
    def problems(self) -> tuple[str, ...]:
        """What the last `read` could not read, in sentences."""
        lines = [
            f"{source.damaged} damaged line{'s' if source.damaged != 1 else ''} in {path}; all others were read"
            for path, source in self._sources.items()
            if source.damaged
        ]
        return (*self._aside.values(), *lines)

    def changed(self) -> bool:
        """Whether files came, went or grew since the last `read`; true before the first. Raises LedgerError."""
        if self._decisions is None:
            return True
        try:
            found = self._stamps()
        except OSError as error:
            raise explained(error, self._folder, "the labels cannot be read") from error
        return found != {path: source.stamp for path, source in self._sources.items()} | self._strangers

    def read(self) -> "Decisions":
        """Every decision that stands: undone events taken out, the last word of each document kept.

        Files that did not change since the last call are not read again. A damaged part is set aside and named
        in `problems`, everything else is read all the same. Raises LedgerError when the folder cannot be read.
        """
        from corpuscope.ledger.columns import new_vocabularies

        if self._vocabularies is None:
            self._vocabularies = new_vocabularies()
        try:
            for _ in range(_ATTEMPTS):
                before = self._stamps()
                if not self._take_in(before):
                    continue
                # A part published or a journal removed meanwhile may have moved events from one to the other.
                if self._stamps().keys() <= before.keys():
                    return self._resolved()
        except OSError as error:
            raise explained(error, self._folder, "the labels cannot be read") from error
        raise LedgerError(
            f"{self._folder} changes all the time and cannot be read", "close other sessions there"
        )

    def document(self, event_id: str) -> Document:
        """The document of one event, its text exact. Raises LedgerError for an unknown event."""
        for _ in range(2):
            for path, source in reversed(self._sources.items()):
                if (row := _row_of(source.columns, event_id)) is not None:
                    found = self._record(path, row, event_id)
                    if found is not None:
                        return document_of(found)
            self.read()
        raise LedgerError(f"there is no event {event_id} in {self._folder}")

    def _record(self, path: Path, row: int, event_id: str) -> Record | None:
        """The record of an event known to be in `path`; None when the file is not what it was."""
        from corpuscope.ledger import parts
        from corpuscope.ledger.layout import JOURNAL
        from corpuscope.ledger.rows import record_of

        if path.name.endswith(JOURNAL):
            return next((r for r in scan_file(path).events if r["event_id"] == event_id), None)
        try:
            record = record_of(parts.read_row(path, row))
        except (OSError, parts.PartDamaged, parts.NotAPart):
            return None
        return record if record["event_id"] == event_id else None

    def _stamps(self) -> dict[Path, Stamp]:
        """Every journal and part with what it is now."""
        listing = list_ledger(self._folder)
        stamps: dict[Path, Stamp] = {}
        for path in (*listing.journals, *listing.parts):
            try:
                stamps[path] = stamp(path)
            except FileNotFoundError:
                continue
        return stamps

    def _take_in(self, stamps: dict[Path, Stamp]) -> bool:
        """Reads what is new among these files; False when one of them vanished and all must be listed again."""
        from corpuscope.ledger.layout import JOURNAL

        kept: dict[Path, _Source] = {}
        for path, now in stamps.items():
            known = self._sources.get(path)
            if known is not None and known.stamp == now:
                kept[path] = known
            elif self._strangers.get(path) == now or path in self._aside:
                continue
            elif path.name.endswith(JOURNAL):
                kept[path] = self._journal(path, now, known)
            else:
                try:
                    part = self._part(path, now)
                except FileNotFoundError:
                    return False
                if part is not None:
                    kept[path] = part
        self._sources = kept
        self._strangers = {path: now for path, now in self._strangers.items() if path in stamps}
        return True

    def _journal(self, path: Path, now: Stamp, known: _Source | None) -> _Source:
        """A journal, from where it was read to before when it is the same file and only grew."""
        from corpuscope.ledger.columns import Columns

        grew = known is not None and known.stamp.inode == now.inode and now.size >= known.end
        start = known.end if known is not None and grew else 0
        try:
            with path.open("rb") as file:
                file.seek(start)
                found = scan(file.read())
        except FileNotFoundError:
            found = scan(b"")
        pieces = [known.columns] if known is not None and grew else []
        pieces.append(self._columns(found.events))
        damaged = found.damaged + (known.damaged if known is not None and grew else 0)
        return _Source(now, Columns.joined(pieces), start + found.end, damaged)

    def _part(self, path: Path, now: Stamp) -> _Source | None:
        """A part; None when it is none, or damaged and set aside. Raises OSError, LedgerError."""
        from corpuscope.ledger import parts
        from corpuscope.ledger.columns import NEEDED, Columns
        from corpuscope.ledger.compaction import set_aside

        assert self._vocabularies is not None
        try:
            table = parts.read(path, NEEDED)
            return _Source(now, Columns.from_table(_encoded(table), self._vocabularies))
        except parts.NotAPart:
            self._strangers[path] = now
        except (parts.PartDamaged, ValueError) as damage:
            try:
                self._aside[path] = set_aside(path, parts.PartDamaged(str(damage)), self._files)
            except OSError:
                self._aside[path] = f"{path} is damaged ({damage}) and was left out"
        return None

    def _columns(self, records: Sequence[Record]) -> "Columns":
        from corpuscope.ledger.columns import NEEDED, Columns, empty
        from corpuscope.ledger.rows import to_table

        assert self._vocabularies is not None
        if not records:
            return empty()
        return Columns.from_table(_encoded(to_table(records).select(list(NEEDED))), self._vocabularies)

    def _resolved(self) -> "Decisions":
        from corpuscope.ledger.columns import Columns, empty
        from corpuscope.ledger.decisions import Decisions
        from corpuscope.ledger.resolution import deciding, last_of_each, standing

        assert self._vocabularies is not None
        pieces = [source.columns for source in self._sources.values()]
        events = Columns.joined(pieces) if pieces else empty()
        stands = standing(events)
        rows = deciding(events, stands)
        self._decisions = Decisions(events, self._vocabularies, stands, rows, last_of_each(events, rows))
        return self._decisions


def _row_of(columns: "Columns", event_id: str) -> int | None:
    """The position of an event, None when it is not there."""
    import numpy as np

    from corpuscope.ledger.columns import split_id

    try:
        high, low = split_id(event_id)
    except ValueError:
        raise LedgerError(f"{event_id!r} is not an event id") from None
    rows = np.flatnonzero((columns.event_low == low) & (columns.event_high == high))
    return int(rows[0]) if len(rows) else None


def _encoded(table: "pa.Table") -> "pa.Table":
    """The coded columns as dictionaries of one vocabulary each, as a part is read."""
    import pyarrow as pa

    from corpuscope.ledger.columns import CODED

    for name in (*CODED, "kind"):
        if not pa.types.is_dictionary(table.schema.field(name).type):
            place = table.schema.get_field_index(name)
            table = table.set_column(place, name, table[name].combine_chunks().dictionary_encode())
    return table.unify_dictionaries()
