"""Read a ledger repeatedly, decoding only the files that changed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from corpuscope.domain.document import Document, StoredDocument, format_address
from corpuscope.errors import LedgerError
from corpuscope.files import explained
from corpuscope.ledger.event_record import Record, document_of, stored_document_of
from corpuscope.ledger.folder import JOURNAL, FileVersion, file_version, list_ledger
from corpuscope.ledger.journal import scan_events
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.event_columns import (
    EventColumns,
    EventColumnsBuilder,
    StringDictionaries,
    empty,
    new_dictionaries,
)
from corpuscope.ledger.read.resolution import decision_rows, latest_decisions, not_undone
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:  # the first frame must not wait for numpy and pyarrow
    from concurrent.futures import Future

    import pyarrow as pa

    from corpuscope.ledger.parquet_part import PartDamaged
    from corpuscope.ledger.read.documents import EventRecordReader

READ_AHEAD = 256
"""Documents read together when many are requested: enough to share row groups, few enough for memory."""

_TEXTS = frozenset({"text", "text_bytes", "sha256", "url"})
"""Columns without which it can be told whether a row is an event."""

_REPAIR = "`corpuscope ledger check` names the reason, `corpuscope ledger compact` repairs the file"

_MAX_READS = 50
"""Attempts to read a folder; each failed one means that a file came or went meanwhile."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file of the ledger as it was read."""

    version: FileVersion
    """The file's version when it was read."""
    columns: EventColumns
    """Events of the file; none when it was left out."""
    problem: str = ""
    """What could not be read, as a sentence; "" when all of it could."""


class LedgerReader:
    """Reads one ledger from disk. Not thread-safe, but the values that it returns are."""

    def __init__(
        self, folder: Path, on_damage: Callable[[Path, PartDamaged], list[str]] | None = None
    ) -> None:
        """Remember `folder`, which may be missing; nothing is opened yet.

        `on_damage` sets a damaged part aside and returns sentences about it; None only leaves the part out.
        """
        self._folder = folder
        self._on_damage = on_damage
        self._sources: dict[Path, _Source] = {}
        self._set_aside: list[str] = []
        self._damaged: dict[Path, str] = {}
        self._decisions: Decisions | None = None
        self._dictionaries: StringDictionaries | None = None

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read so far, in sentences: files set aside or left out, and damaged lines."""
        damaged = (problem for path, problem in self._damaged.items() if path in self._sources)
        problems = (source.problem for source in self._sources.values() if source.problem)
        return (*self._set_aside, *damaged, *problems)

    def changed(self) -> bool:
        """Tell whether a file changed since the last `read`; True before the first. Raises LedgerError."""
        if self._decisions is None:
            return True
        try:
            return self._versions() != self._read_versions()
        except OSError as error:
            raise explained(error, self._folder, "the labels cannot be read") from error

    def read(self) -> Decisions:
        """Read the decisions that count: the latest of each document, without undone ones.

        Files that did not change since the last call are not read again. A damaged part is set aside and
        named in `problems`; all other files are still read. Raises LedgerError when the folder cannot be
        read.
        """
        try:
            for _ in range(_MAX_READS):
                before = self._versions()
                if self._decisions is not None and before == self._read_versions():
                    return self._decisions
                try:
                    events = self._load(before)
                except FileNotFoundError:
                    continue
                # A file published meanwhile may hold the events of one that was removed before it was read.
                if self._versions().keys() <= before.keys():
                    self._decisions = self._resolved(events)
                    return self._decisions
                self._decisions = None
        except OSError as error:
            raise explained(error, self._folder, "the labels cannot be read") from error
        raise self._keeps_changing()

    def document(self, event_id: str) -> Document:
        """Read the document of one event with its exact text.

        Raises LedgerError for an unknown event, and when the text was lost to damage.
        """
        from corpuscope.ledger.read.documents import find

        for _ in range(_MAX_READS):
            lookup = find(event_id, {path: source.columns for path, source in self._sources.items()})
            for path, damage in lookup.damaged.items():
                self._quarantine(path, damage)
            if lookup.record is not None and "text" in lookup.record:
                return document_of(lookup.record)
            if not self.changed():
                break
            self.read()
        else:
            raise self._keeps_changing()
        # a damaged part that could not be set aside still has the address
        [stored] = self.documents([event_id])
        if isinstance(stored, Document):
            return stored
        raise LedgerError(
            f"damage took the text of event {event_id}",
            f"it can be fetched again: {format_address(stored.address)}",
        )

    def documents(self, event_ids: Iterable[str]) -> Iterator[StoredDocument]:
        """Yield the document of each event in the given order, far faster than calling `document` for each.

        Reads ahead by at most `READ_AHEAD` events. Call `read` first. Raises LedgerError for an unknown event.
        """
        sources, bulk_reader = self._sources, self._record_reader()
        remaining = iter(event_ids)
        while batch := list(islice(remaining, READ_AHEAD)):
            for _ in range(_MAX_READS):
                if self._sources is not sources:
                    sources, bulk_reader = self._sources, self._record_reader()
                try:
                    lookup = bulk_reader.find(batch)
                except OSError as error:
                    raise explained(error, self._folder, "the labels cannot be read") from error
                for path, damage in lookup.damaged.items():
                    self._quarantine(path, damage)
                    self._damaged[path] = (
                        f"{path} is damaged ({damage}); what is lost of its documents is empty"
                    )
                # an event without text may have moved to another file, or its part was set aside just now
                if all(map(lookup.has_text, batch)) or not self.changed():
                    break
                self.read()
            else:
                raise self._keeps_changing()
            for event_id in batch:
                if event_id not in lookup.records:
                    raise LedgerError(f"there is no event {event_id} in {self._folder}")
                yield stored_document_of(lookup.records[event_id])
            lookup.records.clear()  # before the next ones are read

    def _record_reader(self) -> EventRecordReader:
        from corpuscope.ledger.read.documents import EventRecordReader

        return EventRecordReader({path: source.columns for path, source in self._sources.items()})

    def _keeps_changing(self) -> LedgerError:
        return LedgerError(
            f"{self._folder} changes all the time and cannot be read", "close other sessions there"
        )

    def _versions(self) -> dict[Path, FileVersion]:
        """Return the present version of every journal and part."""
        versions: dict[Path, FileVersion] = {}
        for path in list_ledger(self._folder).readable:
            with suppress(FileNotFoundError):
                versions[path] = file_version(path)
        return versions

    def _read_versions(self) -> dict[Path, FileVersion]:
        return {path: source.version for path, source in self._sources.items()}

    def _load(self, versions: dict[Path, FileVersion]) -> EventColumns:
        """Return the events of all files, reading only new versions.

        Raises FileNotFoundError when a file vanished, or another OSError.
        """
        builder, no_events = EventColumnsBuilder(), empty()
        sources: dict[Path, _Source] = {}
        ends = [0]
        with closing(self._changed_parts(versions)) as tables:
            for path, now in versions.items():
                source = self._sources.get(path)
                if source is None or source.version != now:
                    is_journal = path.suffix == JOURNAL
                    source = self._journal(path, now) if is_journal else self._part(path, now, next(tables))
                builder.add(source.columns)
                ends.append(len(builder))
                sources[path] = replace(source, columns=no_events)  # frees the columns just copied
        events = builder.done()
        if pyarrow := sys.modules.get("pyarrow"):  # not loaded for an empty folder
            pyarrow.default_memory_pool().release_unused()  # decoding needed this memory, counting does not
        self._sources = {
            path: replace(source, columns=events.part(start, end))
            for (path, source), (start, end) in zip(sources.items(), pairwise(ends), strict=True)
        }
        return events

    def _journal(self, path: Path, now: FileVersion) -> _Source:
        journal = scan_events(path.read_bytes(), content=False)
        lines = quantity(journal.damaged, "line")
        problem = f"{lines} of {path} could not be read; all others were" if journal.damaged else ""
        return _Source(now, self._columns(journal.events), problem)

    def _columns(self, events: tuple[Record, ...]) -> EventColumns:
        # This session's journal is empty at first, and the first list that pyarrow converts loads pandas.
        if not events:
            return empty()
        from corpuscope.ledger.parquet_schema import to_table
        from corpuscope.ledger.read.arrow_columns import columns_of

        return columns_of(to_table(events), self._string_dictionaries())

    def _changed_parts(self, versions: dict[Path, FileVersion]) -> Generator[Future[pa.Table], None, None]:
        """Yield the table of each part that is new or changed since the last read, in the order of `versions`."""
        from corpuscope.ledger.parquet_part import read_ahead
        from corpuscope.ledger.read.arrow_columns import NEEDED

        before = self._read_versions()
        yield from read_ahead(
            (path for path, now in versions.items() if path.suffix != JOURNAL and before.get(path) != now),
            NEEDED,
        )

    def _part(self, path: Path, now: FileVersion, table: Future[pa.Table]) -> _Source:
        from corpuscope.ledger.columns import NAMES
        from corpuscope.ledger.parquet_part import NotAPart, ParquetPart, PartDamaged
        from corpuscope.ledger.read.arrow_columns import (
            check_columns,
            columns_of,
            columns_without_faults,
        )

        try:
            events = table.result()
            try:
                columns = columns_of(events, self._string_dictionaries())
                check_columns(columns, self._string_dictionaries())
                return _Source(now, columns)
            except ValueError:
                with ParquetPart(path) as part:
                    rows = part.read(tuple(name for name in NAMES if name not in _TEXTS))
                columns, faults = columns_without_faults(rows, self._string_dictionaries())
                return _Source(
                    now,
                    columns,
                    f"left out of {path}: {quantity(len(faults), 'row')} that cannot be an event; {_REPAIR}",
                )
        except NotAPart:
            return _Source(now, empty(), f"{path} is not a ledger file and was left out")
        except PartDamaged as damage:
            self._quarantine(path, damage)
            if not path.exists():
                raise FileNotFoundError(path) from damage
            return _Source(now, empty(), f"{path} is damaged ({damage}) and was left out")
        except ValueError as error:
            return _Source(now, empty(), f"{path} was not written by corpuscope ({error}) and was left out")

    def _quarantine(self, path: Path, damage: PartDamaged) -> None:
        if self._on_damage is not None:
            self._set_aside += self._on_damage(path, damage)

    def _resolved(self, events: EventColumns) -> Decisions:
        stands = not_undone(events)
        rows = decision_rows(events, stands)
        return Decisions(events, self._string_dictionaries(), stands, rows, latest_decisions(events, rows))

    def _string_dictionaries(self) -> StringDictionaries:
        if self._dictionaries is None:
            self._dictionaries = new_dictionaries()
        return self._dictionaries
