"""Walk over the files of a ledger and read their events as tables, whatever is damaged or merged meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from corpuscope.ledger.event_record import Record
from corpuscope.ledger.folder import JOURNAL, list_ledger
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.parquet_part import NotAPart, ParquetPart, PartDamaged
from corpuscope.ledger.parquet_schema import record_of, to_table

OnDamage = Callable[[Path, PartDamaged], object]
"""Receives the path of each damaged part and what is wrong with it."""

_T = TypeVar("_T")


def walk(folder: Path) -> Iterator[Path]:
    """Yield the journals and parts of a ledger, also those published before the walk ends. Raises OSError.

    Without the later ones, the events of a journal that is compacted during the walk would be missed.
    """
    seen: set[Path] = set()
    while unseen := [path for path in list_ledger(folder).readable if path not in seen]:
        seen.update(unseen)
        yield from unseen


def tables(folder: Path, names: tuple[str, ...], on_damage: OnDamage) -> Iterator[tuple[Path, pa.Table]]:
    """Yield each readable file with the columns `names` of its events. Raises OSError or LedgerError."""
    for path in walk(folder):
        if path.suffix == JOURNAL:
            yield path, to_table(scan_file(path).events).select(list(names))
        else:
            yield from use_parts([path], lambda part: part.read(names), on_damage)


def use_parts(
    paths: Iterable[Path], use: Callable[[ParquetPart], _T], on_damage: OnDamage
) -> Iterator[tuple[Path, _T]]:
    """Yield each part's path with what `use` returns for it; damaged parts go to `on_damage`.

    Parquet files that are not parts, and files that are gone, are left out. Raises OSError or LedgerError.
    """
    for path in paths:
        try:
            with ParquetPart(path) as part:
                result = use(part)
        except PartDamaged as damage:
            on_damage(path, damage)
        except (NotAPart, FileNotFoundError):
            continue
        else:
            yield path, result


def records_in(path: Path, rows: Iterable[int]) -> list[Record]:
    """Return the records in some rows of a file, without those that it has no more.

    Raises PartDamaged, NotAPart, FileNotFoundError for a part that is gone, or OSError.
    """
    if path.suffix == JOURNAL:
        events = dict(enumerate(scan_file(path).events))
        return [events[row] for row in rows if row in events]
    with ParquetPart(path) as part:
        return [record_of(part.read_row(row)) for row in rows]
