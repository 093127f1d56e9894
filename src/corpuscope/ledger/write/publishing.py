"""How parts come into a folder, each event once, and what is saved of a damaged one."""

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
from corpuscope.ledger.parquet_schema import COLUMNS, NAMES

_CONTENT = tuple(column.name for column in COLUMNS if column.optional_content)


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The whole rows of a damaged part, and those that only lack content."""

    table: pa.Table | None
    """What was saved, with every column of the present version; None when that is nothing."""
    total: int | None
    """Events the part held, None when its footer cannot be read."""
    lost: Mapping[str, int]
    """Content columns that are null now, with the number of saved events that miss them."""

    def __str__(self) -> str:
        saved = len(self.table) if self.table is not None else 0
        if self.total is None:
            return "nothing in it could be read"
        lost = [f"{events:,} without {name}" for name, events in self.lost.items()]
        return ", ".join([f"{saved:,} of its {self.total:,} events were saved", *lost])


def salvage(path: Path) -> Salvaged:
    """Reads what can be read, row group by row group, what decides from the spare where need be. Raises OSError."""
    groups: list[pa.Table] = []
    lost: Counter[str] = Counter()
    spare = read_backup(path)
    try:
        with ParquetPart(path) as part:
            total, start = part.rows, 0
            for number, rows in enumerate(part.group_rows):
                try:
                    deciding = part.read_group(number, DECIDING)
                except PartDamaged:
                    if spare is None or len(spare) != total:
                        start += rows
                        continue
                    deciding = spare.slice(start, rows)
                start += rows
                groups.append(_completed(deciding, _content(part, number), lost))
    except (PartDamaged, NotAPart):
        if spare is None:
            return Salvaged(None, None, {})
        total, groups = len(spare), [_completed(spare, {}, lost)]
    return Salvaged(pa.concat_tables(groups) if groups else None, total, dict(sorted(lost.items())))


def _completed(deciding: pa.Table, content: Mapping[str, pa.ChunkedArray], lost: Counter[str]) -> pa.Table:
    """Rows with every column; the content that is missing is null, and added to what was `lost`."""
    columns = {name: deciding[name] for name in DECIDING} | dict(content)
    for name in set(_CONTENT) - content.keys():
        columns[name] = _nulls(name, len(deciding))
        lost[name] += len(deciding)
    return pa.table({name: columns[name] for name in NAMES})


def _content(part: ParquetPart, group: int) -> dict[str, pa.ChunkedArray]:
    """The content columns of a row group that can be read."""
    found: dict[str, pa.ChunkedArray] = {}
    for name in _CONTENT:
        with suppress(PartDamaged):
            found[name] = part.read_group(group, (name,))[name]
    if "text_bytes" not in found:  # nobody knows which texts were exact
        found.pop("text", None)
    return found


def _nulls(name: str, rows: int) -> pa.ChunkedArray:
    kind = next(column.type for column in COLUMNS if column.name == name)
    return pa.chunked_array([pa.nulls(rows, kind)])


LOCK_TIMEOUT = 10.0
"""Seconds to wait for another process that publishes parts."""


@contextmanager
def publishing(folder: Path, files: Files, timeout: float = LOCK_TIMEOUT) -> Iterator[None]:
    """Only one process at a time publishes or removes parts. Raises LedgerError after `timeout`, or OSError."""
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
    """Writes the events of `table` that `path` and its numbered variants do not hold yet, under a free name.

    The same events come here again when a crash hit after publishing them and before their source was removed.
    Parts in `instead_of` are about to be removed and do not count. Call it within `publishing`. What was
    noticed, in sentences. Raises OSError or LedgerError.
    """
    files.make_folder(path.parent)
    notices: list[str] = []
    for published in list(numbered_variants(path)):
        if published in instead_of:
            continue
        try:
            known = parquet_part.read(published)["event_id"]  # all columns: what is damaged is written again
        except parquet_part.PartDamaged as damage:
            notices += set_aside(published, damage, files)
        except parquet_part.NotAPart:
            continue
        else:
            # Whoever published it may have been killed before its name was on the disk.
            files.sync_folder(path.parent)
            table = table.filter(pc.invert(pc.is_in(table["event_id"], value_set=known)))
    if len(table):
        parquet_part.write(in_order(table), unused_path(path), files)
    return notices


def set_aside(path: Path, damage: parquet_part.PartDamaged, files: Files) -> list[str]:
    """Renames a damaged part so that nothing reads or overwrites it, and publishes what can be saved of it.

    Call it within `publishing`. What was noticed, in sentences. Raises OSError or LedgerError.
    """
    saved = salvage(path)
    aside = damaged_path(path)
    notices: list[str] = []
    if saved.table is not None:
        notices = publish(saved.table, path.with_name(f"{path.stem}-saved{path.suffix}"), files)
    files.rename(path, aside)
    files.sync_folder(path.parent)
    return [f"{path} is damaged ({damage}) and is kept as {aside.name}; {saved}", *notices]


def in_order(table: pa.Table) -> pa.Table:
    """Rows by event id, each event once."""
    table = table.sort_by("event_id")
    ids = table["event_id"].combine_chunks()
    first = pa.array([True] * min(len(ids), 1))
    return table.filter(pa.concat_arrays([first, pc.not_equal(ids[1:], ids[:-1])]))
