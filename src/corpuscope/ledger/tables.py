"""Walk over the files of a ledger and read their events as tables, whatever is damaged or merged meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from corpuscope.domain.document import sha256_of
from corpuscope.ledger.columns import COLUMNS, NAMES
from corpuscope.ledger.event_record import Record, address_of
from corpuscope.ledger.folder import JOURNAL, list_ledger
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.parquet_part import DECIDING, NotAPart, ParquetPart, PartDamaged
from corpuscope.ledger.parquet_schema import arrow_schema, originals_of, record_of, to_table
from corpuscope.ledger.validation import Fault, json_value, record_fault

OnDamage = Callable[[Path, PartDamaged], object]
"""Receives the path of each damaged part and what is wrong with it."""

OPTIONAL_CONTENT = tuple(column.name for column in COLUMNS if column.optional_content)
"""The columns without which an event still counts."""

_T = TypeVar("_T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FIRST_TIME, LAST_TIME = -62_135_596_800_000_000, 253_402_300_799_999_999
"""Microseconds since 1970 of the first and the last moment that a `datetime` can hold."""


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


def with_content(deciding: pa.Table, content: Mapping[str, pa.ChunkedArray]) -> pa.Table:
    """Return rows with every column: the deciding ones, and `content` with nulls in place of what it lacks."""
    schema = arrow_schema()
    columns = {name: deciding[name] for name in DECIDING} | dict(content)
    missing = pa.nulls(len(deciding))
    return pa.table({name: columns.get(name, missing.cast(schema.field(name).type)) for name in NAMES})


def readable_content(part: ParquetPart, group: int) -> dict[str, pa.ChunkedArray]:
    """Return the columns of optional content of one row group that are whole. Raises OSError."""
    columns: dict[str, pa.ChunkedArray] = {}
    for name in OPTIONAL_CONTENT:
        with suppress(PartDamaged):
            columns[name] = part.read_group(group, (name,))[name]
    if "text_bytes" not in columns:  # without it a text may not be exact
        columns.pop("text", None)
    return columns


def row_faults(table: pa.Table, corpus: str | None = None) -> dict[int, Fault]:
    """Return why rows of a part are no events, by row; with `corpus` also those about another one.

    Columns of content may be missing, or null when damage took them; where they are given they must agree.
    """
    times = table["at"].cast(pa.int64()).to_pylist()
    faults: dict[int, Fault] = {}
    for number, (row, at) in enumerate(zip(table.drop_columns(["at"]).to_pylist(), times, strict=True)):
        if at is None or not FIRST_TIME <= at <= LAST_TIME:
            reason = "at is out of range"
        else:
            reason = _row_fault({**row, "at": _EPOCH + timedelta(microseconds=at)}, corpus)
        if reason:
            faults[number] = Fault(str(row["event_id"] or ""), reason)
    return faults


def without_rows(table: pa.Table, rows: Collection[int]) -> pa.Table:
    """Return `table` without some of its rows."""
    return (
        table.filter(pa.array([row not in rows for row in range(len(table))], pa.bool_())) if rows else table
    )


def _row_fault(row: Mapping[str, Any], corpus: str | None) -> str:
    record = record_of(row)
    for name in ("sections", "metadata"):
        if row.get(name) is not None and (name not in record or json_value(row[name]) != record[name]):
            return f"{name} is not what a document has"
    if row.get("originals") is not None and originals_of(row) != json_value(row["originals"]):
        return "originals are not those of its columns"
    if row.get("text") is not None and "text" not in record:
        return "text_bytes is not text"
    if fault := record_fault(record):
        return fault
    if corpus is not None and record["corpus"] != corpus:
        return f"it is about {record['corpus']!r} and stands among the events of {corpus!r}"
    if row["document_id"] != address_of(record).id:
        return "document_id is not that of its address"
    text = record.get("text") if "sha256" in row else None
    if text is not None and row.get("sha256") not in (None, sha256_of(text)):
        return "sha256 is not that of its text"
    return (
        ""
        if text is None or row.get("characters") == len(text)
        else "characters is not the length of its text"
    )
