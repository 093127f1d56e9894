"""Check a ledger, compact it, and show the history of a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from corpuscope.domain.label import Event, EventKind
from corpuscope.errors import LedgerError, UsageError
from corpuscope.files import Files, explained
from corpuscope.ledger.event_record import from_record
from corpuscope.ledger.folder import JOURNAL, list_ledger
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.parquet_part import (
    BACKUP_DAMAGED,
    NotAPart,
    ParquetPart,
    PartDamaged,
    backup_is_damaged,
)
from corpuscope.ledger.parquet_schema import to_table
from corpuscope.ledger.tables import OnDamage, records_in, row_faults, tables, walk
from corpuscope.ledger.validation import Fault, by_reason, record_fault
from corpuscope.ledger.write.background import take_over_dead_journals
from corpuscope.ledger.write.compaction import compact_journal, merge_parts, migrate_parts, set_damaged_aside
from corpuscope.ledger.write.publishing import salvage
from corpuscope.text.quantities import quantity

_KEYS = ("event_id", "document_id", "target")
_KINDS = frozenset(EventKind)
_SHOWN = 5
"""Most document ids named when a prefix fits several."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """The condition of one file of a ledger, read from end to end."""

    path: Path
    """Where the file is."""
    kind: Literal["journal", "part", "set aside"]
    """What the file is."""
    version: int
    """Schema version; also 0 when it cannot be read."""
    bytes: int
    """Size of the file."""
    events: int
    """Number of readable events."""
    torn: int
    """Bytes of a journal's incomplete last line: it is being written now, or was never acknowledged."""
    problems: tuple[str, ...]
    """What is wrong with the file, in sentences."""
    textless: int = 0
    """Number of events in a part whose text was lost to damage."""
    loss: str = ""
    """What could not be saved of a file set aside, as a sentence; "" when all of it was."""


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """The condition of a whole ledger, read from end to end."""

    files: tuple[FileReport, ...]
    """Journals, parts, and files set aside earlier."""
    events: int
    """Number of distinct events."""
    documents: int
    """Number of documents with an event."""
    repeated: int
    """Second copies of events, left by a crash while compacting; readers count an event once."""
    problems: tuple[str, ...]
    """Everything that is wrong, in sentences; empty when the ledger is whole."""

    @property
    def losses(self) -> tuple[str, ...]:
        """What earlier damage took, in sentences, until the files set aside are removed."""
        return tuple(file.loss for file in self.files if file.loss)


@dataclass(frozen=True, slots=True)
class CompactReport:
    """The result of compacting a ledger."""

    journals: int
    """Number of dead sessions' journals that became parts."""
    live: int
    """Number of journals left alone because their session is open elsewhere."""
    parts_before: int
    """Number of parts before."""
    parts_after: int
    """Number of parts after."""
    notices: tuple[str, ...]
    """What was recovered, cut, set aside or rewritten, in sentences."""


def check(folder: Path) -> LedgerReport:
    """Read every byte of a ledger and report problems, changing nothing.

    Raises LedgerError when the folder cannot be read.
    """
    files: list[FileReport] = []
    key_tables: list[pa.Table] = []
    try:
        for path in walk(folder):
            try:
                report, keys = _check_journal(path) if path.suffix == JOURNAL else _check_part(path)
            except FileNotFoundError:
                continue  # compacted or merged since it was listed; its events are met under another name
            files.append(report)
            key_tables.append(keys)
        irregular = [f"{path} is not a regular file" for path in list_ledger(folder).irregular]
        files += [_check_set_aside(path) for path in list_ledger(folder).damaged if path.is_file()]
    except OSError as error:
        raise explained(error, folder, "the ledger cannot be checked") from error
    keys = pa.concat_tables([to_table([]).select(list(_KEYS)), *key_tables])
    distinct = pc.count_distinct(keys["event_id"]).as_py()
    missing = (
        keys["target"]
        .drop_null()
        .filter(pc.invert(pc.is_in(keys["target"].drop_null(), value_set=keys["event_id"])))
    )
    problems = [*irregular, *(problem for file in files for problem in file.problems)]
    problems += [f"an undo takes back event {target}, which is not there" for target in missing.to_pylist()]
    documents = pc.count_distinct(keys["document_id"]).as_py()
    return LedgerReport(tuple(files), distinct, documents, len(keys) - distinct, tuple(problems))


def compact(folder: Path, files: Files | None = None) -> CompactReport:
    """Compact dead sessions' journals, set damaged parts aside, migrate old parts and merge small ones.

    Raises LedgerError when a step fails; no event is lost then.
    """
    files = files or Files()
    try:
        before = len(list_ledger(folder).parts)
        leftover = take_over_dead_journals(folder, files)
        notices = list(leftover.notices)
        try:
            for journal in leftover.journals:
                notices += compact_journal(folder, journal, files)
        finally:
            for journal in leftover.journals:
                journal.release()
        notices += set_damaged_aside(folder, files, values=True)
        notices += migrate_parts(folder, files)
        notices += merge_parts(folder, files, at_least=2)
        after = len(list_ledger(folder).parts)
    except OSError as error:
        raise explained(error, folder, "the ledger cannot be compacted") from error
    return CompactReport(len(leftover.journals), len(leftover.live), before, after, tuple(notices))


def history(folder: Path, prefix: str, on_damage: OnDamage = lambda _path, _damage: None) -> list[Event]:
    """Return all events of one document, oldest first.

    `prefix` is the start of the document's id or of the id of one of its events. A text lost to damage is
    empty. `on_damage` receives each part that cannot be opened, whose events are missing. Raises UsageError when
    `prefix` fits no document or several, and LedgerError when the ledger cannot be read.
    """
    if not prefix.isascii():
        raise UsageError(f"no id begins with {prefix!r}", "ids are hexadecimal digits and dashes")
    try:
        events = {event.id: event for event in _events_of(folder, _document_with(folder, prefix, on_damage))}
    except OSError as error:
        raise explained(error, folder, "the ledger cannot be read") from error
    return [events[event_id] for event_id in sorted(events)]


def _check_journal(path: Path) -> tuple[FileReport, pa.Table]:
    """Read every line of a journal; return its report and its `_KEYS`."""
    size, scan = path.stat().st_size, scan_file(path)
    damaged = scan.damaged - len(scan.faults)
    lines = [f"{path} has {quantity(damaged, 'damaged line')}"] if damaged else []
    lines += (
        [f"{path} has {quantity(len(scan.faults), 'line')} that cannot be an event: {by_reason(scan.faults)}"]
        if scan.faults
        else []
    )
    report = FileReport(path, "journal", scan.version, size, len(scan.events), scan.torn, tuple(lines))
    return report, to_table(scan.events).select(list(_KEYS))


def _check_part(path: Path) -> tuple[FileReport, pa.Table]:
    """Read every column of a part; return its report and its `_KEYS`."""
    problems: list[str] = []
    faults: list[Fault] = []
    groups: list[pa.Table] = []
    version = rows = textless = 0
    try:
        with ParquetPart(path) as part:
            version, rows = part.version, part.rows
            for number in range(len(part.group_rows)):
                group = part.read_group(number)
                groups.append(group.select(list(_KEYS)))
                textless += group["text"].null_count
                faults += row_faults(group, path.parent.name).values()
        if faults:
            problems.append(
                f"{path} has {quantity(len(faults), 'row')} that cannot be an event: {by_reason(faults)}"
            )
        if backup_is_damaged(path):
            problems.append(f"{path} is damaged ({BACKUP_DAMAGED})")
    except PartDamaged as damage:
        problems.append(f"{path} is damaged ({damage})")
    except NotAPart:
        problems.append(f"{path} is not a ledger file")
    keys = pa.concat_tables([to_table([]).select(list(_KEYS)), *groups])
    report = FileReport(path, "part", version, path.stat().st_size, rows, 0, tuple(problems), textless)
    return report, keys


def _check_set_aside(path: Path) -> FileReport:
    """Read a file set aside once more, for what could not be saved of it."""
    words = ""
    if JOURNAL in path.suffixes:
        if damaged := scan_file(path).damaged:
            words = f"lost {quantity(damaged, 'damaged line')} of it"
    else:
        try:
            salvaged = salvage(path)
        except LedgerError as refusal:
            words = refusal.message
        else:
            words = "" if salvaged.is_whole else str(salvaged)
    loss = f"{path} was damaged and set aside: {words}" if words else ""
    return FileReport(path, "set aside", 0, path.stat().st_size, 0, 0, (), loss=loss)


def _document_with(folder: Path, prefix: str, on_damage: OnDamage) -> str:
    """Return the id of the only document that `prefix` fits. Raises UsageError for none or several."""
    prefix = prefix.strip().lower()
    fitting: set[str] = set()
    for _, keys in tables(folder, _KEYS, on_damage):
        fits = pc.or_(pc.starts_with(keys["event_id"], prefix), pc.starts_with(keys["document_id"], prefix))
        fitting.update(keys["document_id"].filter(fits).to_pylist())
    if not fitting:
        raise UsageError(
            f"no event and no document in {folder} has an id that begins with {prefix}",
            "exports and `corpuscope agreement --documents` print the ids",
        )
    if len(fitting) > 1:
        some = ", ".join(sorted(fitting)[:_SHOWN])
        raise UsageError(f"{len(fitting):,} documents fit {prefix}", f"give more of the id: {some} ...")
    return fitting.pop()


def _events_of(folder: Path, document_id: str) -> Iterator[Event]:
    for path, keys in tables(folder, _KEYS, lambda _path, _damage: None):  # `_document_with` reported it
        rows = pc.indices_nonzero(pc.equal(keys["document_id"], document_id)).to_pylist()
        try:
            records = records_in(path, rows)
        except FileNotFoundError:
            continue  # compacted or merged since it was read; its events are met under another name
        except PartDamaged as damage:
            raise LedgerError(
                f"{path} is damaged ({damage})", "compacting sets it aside and saves what it can"
            ) from None
        for record in records:
            if not record_fault(record) and record["kind"] in _KINDS:
                yield from_record({"text": "", **record})
