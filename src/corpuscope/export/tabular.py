"""Export to tables of one row per label: CSV, JSON Lines, Parquet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from corpuscope.export.label_records import ExportOptions, LabelRecord
from corpuscope.text.safe_csv import CsvWriter
from corpuscope.text.safe_json import json_text, without_surrogates

if TYPE_CHECKING:  # a shell loads the export formats to complete --format
    import pyarrow as pa

BATCH = 1_000
"""Records in a Parquet row group."""
BATCH_BYTES = 64 << 20
"""Characters of text that close a row group early, which bounds memory when documents are huge."""


def write_csv(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:
    """Write comma-separated values with a header and return the number of labels.

    For a spreadsheet the file begins with the mark of UTF-8, and no cell can be taken for a formula.
    """
    encoding = "utf-8-sig" if options.spreadsheet else "utf-8"
    text = io.TextIOWrapper(stream, encoding, newline="", write_through=True)
    rows = CsvWriter(text, spreadsheet=options.spreadsheet)
    rows.row(options.columns)
    count = 0
    for record in records:
        rows.row(flat_cell(value) for value in record.values(options.columns).values())
        count += 1
    text.detach()
    return count


def write_jsonl(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:
    """Write one JSON object per line and return the number of labels."""
    count = 0
    for record in records:
        row = {name: _plain(value) for name, value in record.values(options.columns).items()}
        stream.write(json_text(row) + b"\n")
        count += 1
    return count


def write_parquet(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:
    """Write typed, compressed columns with page checksums and return the number of labels."""
    import pyarrow.parquet as pq

    schema = label_schema(options)
    count = 0
    with pq.ParquetWriter(stream, schema, compression="zstd", write_page_checksum=True) as writer:
        for table in label_tables(records, options):
            writer.write_table(table)
            count += len(table)
    return count


def label_schema(options: ExportOptions) -> pa.Schema:
    """Return the types of the columns of an export."""
    import pyarrow as pa

    from corpuscope.ledger.parquet_schema import arrow_schema

    types = {field.name: field.type for field in arrow_schema()} | {"bookmarked": pa.bool_()}
    numbers = {int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    types |= {name: numbers.get(kind, pa.string()) for name, kind in options.extra.items()}
    return pa.schema([(name, types.get(name, pa.string())) for name in options.columns])


def label_tables(records: Iterable[LabelRecord], options: ExportOptions) -> Iterator[pa.Table]:
    """Yield labels as tables of at most `BATCH` rows; one without rows when there are no labels."""
    import pyarrow as pa

    schema = label_schema(options)
    batch: list[dict[str, Any]] = []
    count = size = 0
    for record in records:
        values = record.values(options.columns)
        batch.append({name: _typed(value, options.extra.get(name)) for name, value in values.items()})
        count += 1
        size += len(record.text or "")
        if len(batch) == BATCH or size > BATCH_BYTES:
            yield pa.Table.from_pylist(batch, schema)
            batch, size = [], 0
    if batch or count == 0:
        yield pa.Table.from_pylist(batch, schema)


def flat_cell(value: object) -> object:
    """Return a value as the cell of a table of texts, numbers and truth values."""
    return _flat(_plain(value))


def _typed(value: object, kind: type | None) -> object:
    """Return a value as its column holds it: a column whose values are of several types is one of texts."""
    flat = _flat(value)
    return _encodable(str(flat) if kind is str and flat is not None else flat)


def _flat(value: object) -> object:
    """Return an object as JSON, any other value as it is."""
    return json_text(value).decode() if isinstance(value, dict) else value


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else _encodable(value)


def _encodable(value: object) -> object:
    return without_surrogates(value) if isinstance(value, str) else value
