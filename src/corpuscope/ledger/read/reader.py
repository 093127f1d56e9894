"""Reading a ledger, again and again, at the price of what is new."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from corpuscope.domain.document import Document
from corpuscope.errors import LedgerError
from corpuscope.files import Files, explained
from corpuscope.ledger.event_record import address_of, document_of
from corpuscope.ledger.folder import JOURNAL, FileVersion, file_version, list_ledger

if TYPE_CHECKING:  # the first frame must not wait for numpy and pyarrow
    from corpuscope.ledger.event_record import Record
    from corpuscope.ledger.parquet_part import PartDamaged
    from corpuscope.ledger.read.decisions import Decisions
    from corpuscope.ledger.read.event_columns import EventColumns, StringDictionaries

READ_AHEAD = 256
"""Documents read together when many are asked for: enough to share row groups, few enough to hold."""

_MAX_READS = 50
"""Readings after which a folder that never stays the same is given up; each needs a part published meanwhile."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as it was read."""

    version: FileVersion
    """What it was then."""
    columns: "EventColumns"
    """Its events; none when it was left out."""
    problem: str = ""
    """What could not be read, as a sentence; "" when everything was."""


class LedgerReader:
    """One ledger, read from disk. Not thread-safe; what it returns is."""

    def __init__(self, folder: Path, files: Files | None = None) -> None:
        """Opens nothing: a missing folder is an empty ledger."""
        self._folder = folder
        self._files = files or Files()
        self._sources: dict[Path, _Source] = {}
        self._set_aside: list[str] = []
        self._decisions: Decisions | None = None
        self._dictionaries: StringDictionaries | None = None

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read so far, in sentences: files set aside, files left out, damaged lines."""
        return (*self._set_aside, *(source.problem for source in self._sources.values() if source.problem))

    def changed(self) -> bool:
        """Whether files came, went or grew since the last `read`; true before the first. Raises LedgerError."""
        if self._decisions is None:
            return True
        try:
            return self._versions() != self._read_versions()
        except OSError as error:
            raise explained(error, self._folder, "the labels cannot be read") from error

    def read(self) -> "Decisions":
        """Every decision that stands: undone events taken out, the last word of each document kept.

        Files that did not change since the last call are not read again. A damaged part is set aside and named
        in `problems`, everything else is read all the same. Raises LedgerError when the folder cannot be read.
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
                # A part published or a journal removed meanwhile may have moved events from one to the other.
                if self._versions().keys() <= before.keys():
                    self._decisions = self._resolved(events)
                    return self._decisions
                self._decisions = None
        except OSError as error:
            raise explained(error, self._folder, "the labels cannot be read") from error
        raise self._keeps_changing()

    def document(self, event_id: str) -> Document:
        """The document of one event, its text exact.

        Raises LedgerError for an unknown event, and when damage took the text.
        """
        from corpuscope.ledger.read.documents import find

        for _ in range(_MAX_READS):
            found = find(event_id, {path: source.columns for path, source in self._sources.items()})
            for path, damage in found.damaged.items():
                self._quarantine(path, damage)
            if found.record is not None and "text" in found.record:
                return document_of(found.record)
            if not self.changed():
                break
            self.read()
        else:
            raise self._keeps_changing()
        if found.record is None:
            raise LedgerError(f"there is no event {event_id} in {self._folder}")
        raise LedgerError(
            f"damage took the text of event {event_id}",
            f"it can be fetched again: {address_of(found.record)}",
        )

    def documents(self, event_ids: Iterable[str]) -> Iterator[Document]:
        """The documents of many events, one for each in the order asked, at a fraction of the price of `document`.

        Reads ahead by at most `READ_AHEAD` events. Call `read` before. Raises like `document`.
        """
        from corpuscope.ledger.read.documents import EventRecordReader

        bulk = EventRecordReader({path: source.columns for path, source in self._sources.items()})
        waiting = iter(event_ids)
        while batch := list(islice(waiting, READ_AHEAD)):
            try:
                found = bulk.find(batch)
            except OSError as error:
                raise explained(error, self._folder, "the labels cannot be read") from error
            for event_id in batch:
                # what moved to another file meanwhile, or is damaged, is looked for on its own
                record = found.pop(event_id, None)
                yield self.document(event_id) if record is None else document_of(record)

    def _keeps_changing(self) -> LedgerError:
        return LedgerError(
            f"{self._folder} changes all the time and cannot be read", "close other sessions there"
        )

    def _versions(self) -> dict[Path, FileVersion]:
        """Every journal and part with what it is now."""
        listing = list_ledger(self._folder)
        versions: dict[Path, FileVersion] = {}
        for path in (*listing.journals, *listing.parts):
            with suppress(FileNotFoundError):
                versions[path] = file_version(path)
        return versions

    def _read_versions(self) -> dict[Path, FileVersion]:
        return {path: source.version for path, source in self._sources.items()}

    def _load(self, versions: dict[Path, FileVersion]) -> "EventColumns":
        """The events of these files, read where new. Raises FileNotFoundError when one vanished, or OSError."""
        from corpuscope.ledger.read.event_columns import EventColumnsBuilder, empty

        gathering, nothing = EventColumnsBuilder(), empty()
        sources: dict[Path, _Source] = {}
        ends = [0]
        for path, now in versions.items():
            source = self._sources.get(path)
            if source is None or source.version != now:
                source = self._journal(path, now) if path.suffix == JOURNAL else self._part(path, now)
            gathering.add(source.columns)
            ends.append(len(gathering))
            sources[path] = replace(source, columns=nothing)  # what was copied need not be held until the end
        events = gathering.done()
        if decoder := sys.modules.get("pyarrow"):  # a new folder is read without
            decoder.default_memory_pool().release_unused()  # what decoding needed; counting goes without
        self._sources = {
            path: replace(source, columns=events.part(start, end))
            for (path, source), (start, end) in zip(sources.items(), pairwise(ends), strict=True)
        }
        return events

    def _journal(self, path: Path, now: FileVersion) -> _Source:
        from corpuscope.ledger.journal import scan

        found = scan(path.read_bytes(), content=False)
        lines = "1 line" if found.damaged == 1 else f"{found.damaged} lines"
        problem = f"{lines} of {path} could not be read; all others were" if found.damaged else ""
        return _Source(now, self._columns(found.events), problem)

    def _columns(self, events: "tuple[Record, ...]") -> "EventColumns":
        from corpuscope.ledger.read.event_columns import empty

        # this session's own journal has none at first, and pyarrow loads pandas for its first list of values
        if not events:
            return empty()
        from corpuscope.ledger.parquet_schema import to_table
        from corpuscope.ledger.read.arrow_columns import columns_of

        return columns_of(to_table(events), self._words())

    def _part(self, path: Path, now: FileVersion) -> _Source:
        from corpuscope.ledger.parquet_part import NotAPart, ParquetPart, PartDamaged
        from corpuscope.ledger.read.arrow_columns import NEEDED, columns_of
        from corpuscope.ledger.read.event_columns import empty

        try:
            with ParquetPart(path, coded=True) as part:
                return _Source(now, columns_of(part.read(NEEDED), self._words()))
        except NotAPart:
            return _Source(now, empty(), f"{path} is no part of a ledger and was left out")
        except PartDamaged as damage:
            self._quarantine(path, damage)
            if not path.exists():
                raise FileNotFoundError(path) from damage
            return _Source(now, empty(), f"{path} is damaged ({damage}) and was left out")
        except ValueError as error:
            return _Source(now, empty(), f"{path} was not written by corpuscope ({error}) and was left out")

    def _quarantine(self, path: Path, damage: "PartDamaged") -> None:
        """Sets a damaged part aside, so that it is not listed again; where that is not possible it stays left out."""
        from corpuscope.ledger.write.publishing import publishing, set_aside

        with suppress(OSError, LedgerError), publishing(self._folder, self._files):
            if path.exists():
                self._set_aside += set_aside(path, damage, self._files)

    def _resolved(self, events: "EventColumns") -> "Decisions":
        from corpuscope.ledger.read.decisions import Decisions
        from corpuscope.ledger.read.resolution import decision_rows, latest_decisions, not_undone

        stands = not_undone(events)
        rows = decision_rows(events, stands)
        return Decisions(events, self._words(), stands, rows, latest_decisions(events, rows))

    def _words(self) -> "StringDictionaries":
        from corpuscope.ledger.read.event_columns import new_dictionaries

        if self._dictionaries is None:
            self._dictionaries = new_dictionaries()
        return self._dictionaries
