"""The formats labels are exported in, as a table; a file is there whole or not at all."""

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from corpuscope.errors import CorpuscopeError, UsageError, nearest
from corpuscope.export.records import LabelRecord

UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Characters that JSON lines keep as escapes."""

BATCH = 1_000
"""Records a Parquet row group holds."""

Writer = Callable[[Iterable[LabelRecord], Sequence[str], BinaryIO], int]
"""Writes records with these columns and says how many there were."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write labels."""

    name: str
    """What --format calls it."""
    description: str
    """What it is good for."""
    write: Writer
    """Does it."""
    binary: bool = False
    """True when it is of no use on a terminal."""


def format_named(name: str) -> Format:
    """The format called `name`. Raises UsageError that lists the known ones."""
    for each in FORMATS:
        if each.name == name:
            return each
    raise UsageError(f"there is no format {name!r}", nearest(name, [each.name for each in FORMATS]))


def write_file(records: Iterable[LabelRecord], columns: Sequence[str], form: Format, file: Path) -> int:
    """Writes all records to `file`, through a temporary name beside it. How many there were.

    Raises CorpuscopeError naming the file when it cannot be written; what was there before stays then.
    """
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            count = form.write(records, columns, stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError as fault:
        raise CorpuscopeError(f"{file}: cannot be written: {fault.strerror or fault}") from fault
    finally:
        with suppress(OSError):
            temporary.unlink()
    return count


def _write_csv(records: Iterable[LabelRecord], columns: Sequence[str], stream: BinaryIO) -> int:
    # lone surrogates have no UTF-8; a question mark in a CSV is better than no CSV, Parquet keeps the bytes
    text = io.TextIOWrapper(stream, "utf-8", errors="replace", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(columns)
    count = 0
    for record in records:
        rows.writerow([_plain(getattr(record, column)) for column in columns])
        count += 1
    text.detach()
    return count


def _write_jsonl(records: Iterable[LabelRecord], columns: Sequence[str], stream: BinaryIO) -> int:
    count = 0
    for record in records:
        row = {column: _plain(getattr(record, column)) for column in columns}
        # written as escapes: what some readers take for a line end, and what UTF-8 cannot hold
        line = UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(row, ensure_ascii=False))
        stream.write(line.encode() + b"\n")
        count += 1
    return count


def _write_parquet(records: Iterable[LabelRecord], columns: Sequence[str], stream: BinaryIO) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[str, Any] = {name: pa.string() for name in columns}
    types |= {name: pa.int64() for name in ("look", "reading_ms", "row", "draw", "characters", "tokens")}
    types |= {name: pa.bool_() for name in ("blind", "bookmarked")}
    types |= {"probability": pa.float64(), "at": pa.timestamp("us", "UTC")}
    schema = pa.schema([(name, types[name]) for name in columns])
    count = 0
    with pq.ParquetWriter(stream, schema, compression="zstd", write_page_checksum=True) as writer:
        batch: list[dict[str, Any]] = []
        for record in records:
            batch.append({name: _encodable(getattr(record, name)) for name in columns})
            count += 1
            if len(batch) == BATCH:
                writer.write_table(pa.Table.from_pylist(batch, schema))
                batch = []
        if batch or count == 0:
            writer.write_table(pa.Table.from_pylist(batch, schema))
    return count


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _encodable(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


FORMATS = (
    Format("csv", "a table for spreadsheets and R", _write_csv),
    Format("jsonl", "one JSON object a line", _write_jsonl),
    Format("parquet", "typed columns for pyarrow, DuckDB, polars, datasets", _write_parquet, binary=True),
)
"""Every format, by name."""
