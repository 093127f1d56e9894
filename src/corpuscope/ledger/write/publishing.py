"""Publish parts with each event once, and salvage damaged ones."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpuscope.errors import LedgerError
from corpuscope.files import Files
from corpuscope.ledger import parquet_part
from corpuscope.ledger.folder import LOCK, damaged_path, numbered_variants, unused_path
from corpuscope.ledger.parquet_part import DECIDING, NotAPart, ParquetPart, PartDamaged, read_backup
from corpuscope.ledger.tables import (
    OPTIONAL_CONTENT,
    OnDamage,
    readable_content,
    row_faults,
    use_parts,
    with_content,
    without_rows,
)
from corpuscope.text.quantities import quantity


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The events salvaged from a damaged part, with or without their content."""

    table: pa.Table | None
    """The salvaged events, with every column of the present version; None when there are none."""
    total: int | None
    """Number of events in the part, None when its footer cannot be read."""
    lost: Mapping[str, int]
    """Number of salvaged events that lost their content, by column."""

    @property
    def is_whole(self) -> bool:
        """Whether all of the part was salvaged."""
        return self.table is not None and len(self.table) == self.total and not self.lost

    def __str__(self) -> str:
        saved = len(self.table) if self.table is not None else 0
        if self.total is None:
            return "nothing in it could be read"
        lost = [f"{events:,} without {name}" for name, events in self.lost.items()]
        return ", ".join([f"saved {saved:,} of its {quantity(self.total, 'event')}", *lost])


def salvage(path: Path) -> Salvaged:
    """Read a damaged part by row group, with deciding columns from the backup if needed. Raises OSError.

    Rows that are no events by their values are left out.
    """
    groups: list[pa.Table] = []
    lost: Counter[str] = Counter()
    backup = read_backup(path)
    try:
        with ParquetPart(path) as part:
            total, start = part.rows, 0
            for number, rows in enumerate(part.group_rows):
                try:
                    deciding = part.read_group(number, DECIDING)
                except PartDamaged:
                    if backup is None or len(backup) != total:
                        start += rows
                        continue
                    deciding = backup.slice(start, rows)
                start += rows
                content = readable_content(part, number)
                groups.append(with_content(deciding, content))
                lost.update(dict.fromkeys(set(OPTIONAL_CONTENT) - content.keys(), rows))
    except (PartDamaged, NotAPart):
        if backup is None:
            return Salvaged(None, None, {})
        total, groups = len(backup), [with_content(backup, {})]
        lost = Counter(dict.fromkeys(OPTIONAL_CONTENT, total))
    table = pa.concat_tables(groups) if groups else None
    if table is not None:
        table = without_rows(table, row_faults(table))
    return Salvaged(table, total, dict(sorted(lost.items())))


LOCK_TIMEOUT = 10.0
"""Seconds to wait for another process that publishes parts."""


@contextmanager
def publishing(folder: Path, files: Files, timeout: float = LOCK_TIMEOUT) -> Iterator[None]:
    """Hold the lock under which parts are published or removed.

    Raises LedgerError when another process holds it for `timeout` seconds, and OSError.
    """
    descriptor = files.open_lock(folder / LOCK)
    try:
        deadline = time.monotonic() + timeout
        while not files.lock(descriptor, wait=False):
            if time.monotonic() > deadline:
                raise LedgerError(f"another process has been rewriting {folder} for {timeout:.0f} s")
            time.sleep(0.02)
        yield
    finally:
        files.close(descriptor)


def publish(table: pa.Table, path: Path, files: Files, instead_of: Collection[Path] = ()) -> list[str]:
    """Write the events of `table` that `path` and its numbered variants lack, under an unused name.

    The same events come again after a crash between publishing them and removing their source. Parts in
    `instead_of` are about to be removed and do not count. Call it within `publishing`. Returns notices in
    sentences. Raises OSError or LedgerError.
    """
    files.make_folder(path.parent)
    notices: list[str] = []
    published = [variant for variant in numbered_variants(path) if variant not in instead_of]
    # Read all columns: events of a damaged part are written again.
    for _, earlier in use_parts(published, ParquetPart.read, setting_aside(files, notices)):
        # The process that published the part may have been killed before its name was on the disk.
        files.sync_folder(path.parent)
        table = table.filter(pc.invert(pc.is_in(table["event_id"], value_set=earlier["event_id"])))
    if len(table):
        parquet_part.write(in_order(table), unused_path(path), files)
    return notices


def setting_aside(files: Files, notices: list[str]) -> OnDamage:
    """Return a function that sets a damaged part aside and adds to `notices`. Call it within `publishing`."""
    return lambda path, damage: notices.extend(set_aside(path, damage, files))


def quarantine(folder: Path, path: Path, damage: PartDamaged, files: Files | None = None) -> list[str]:
    """Set a part aside that turned out to be damaged while it was read, and return notices in sentences.

    There are none when that fails, or when another process did it before: the part is then only left out.
    """
    files = files or Files()
    with suppress(OSError, LedgerError), publishing(folder, files):
        if path.exists():
            return set_aside(path, damage, files)
    return []


def set_aside(path: Path, damage: PartDamaged, files: Files) -> list[str]:
    """Rename a damaged part so that nothing reads or overwrites it, and publish its salvaged events.

    Call it within `publishing`. Returns notices in sentences. Raises OSError or LedgerError.
    """
    salvaged = salvage(path)
    aside = damaged_path(path)
    notices: list[str] = []
    if (table := salvaged.table) is not None:
        for corpus in table["corpus"].unique().to_pylist():
            saved = path.parent.parent / corpus / f"{path.stem}-saved{path.suffix}"
            notices += publish(table.filter(pc.equal(table["corpus"], corpus)), saved, files)
    files.rename(path, aside)
    files.sync_folder(path.parent)
    return [f"{path} is damaged ({damage}) and is kept as {aside.name}; {salvaged}", *notices]


def in_order(table: pa.Table) -> pa.Table:
    """Sort one or more rows by event id and drop repeated events; of one without its text in a copy, keep the other."""
    lost = pc.is_null(table["text"])
    order = [("event_id", "ascending"), ("lost", "ascending")]
    table = table.take(
        pc.sort_indices(table.select(["event_id"]).append_column("lost", lost), sort_keys=order)
    )
    ids = table["event_id"].combine_chunks()
    return table.filter(pa.concat_arrays([pa.array([True]), pc.not_equal(ids[1:], ids[:-1])]))
