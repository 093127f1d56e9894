"""The Arrow schema of a part, and the conversion of a record to a row and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import groupby
from time import sleep
from typing import Any, Final

import pyarrow as pa

from corpuscope import latency
from corpuscope.ledger.columns import COLUMNS
from corpuscope.ledger.event_record import Record, address_of, measures
from corpuscope.ledger.validation import are_sections, json_value, plain_values
from corpuscope.text.safe_json import exact_bytes, exact_text, is_utf8, without_surrogates

VERSION: Final = 2
"""Version written into every part. A newer version only adds columns."""

VERSION_KEY: Final = b"corpuscope.ledger.version"
"""Key of the version in a part's file metadata; a file without it is not a part."""

LAST_EVENT_KEY: Final = b"corpuscope.ledger.last_event"
"""Key of the greatest event id in a part's file metadata, so that no row has to be read for it."""


_TYPES = {kind: pa.type_for_alias(kind) for kind in ("string", "binary", "bool", "int64", "double")}
_TYPES["timestamp"] = pa.timestamp("us", tz="UTC")


def arrow_schema(version: int = VERSION) -> pa.Schema:
    """Return the Arrow schema of parts of `version`, without metadata."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in COLUMNS if column.since <= version])


def migrated(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """Return `table` with exactly the columns `names`; those it lacks hold their defaults."""
    columns = {
        name: table[name]
        if name in table.column_names
        else pa.array([_DEFAULTS.get(name)] * len(table), arrow_schema().field(name).type)
        for name in names
    }
    return pa.table(columns)


LONG = 1 << 16
"""Characters of the shortest text that becomes an Arrow chunk of its own."""

_DEFAULTS = {column.name: column.default for column in COLUMNS if column.default is not None}


def to_table(records: Iterable[Record]) -> pa.Table:
    """Convert `records` to a table with every column of the present version."""
    rows = [to_row(record) for record in records]
    texts = [row.pop("text", None) for row in rows]
    table = pa.Table.from_pylist(rows, schema=arrow_schema())
    return table.set_column(table.column_names.index("text"), table.field("text"), _texts(texts))


def to_row(record: Record) -> dict[str, Any]:
    """Convert a record to a row.

    Derived columns are added. A string that UTF-8 cannot encode is stored exactly beside its column.
    """
    metadata = record.get("metadata")
    url = metadata.get("url") if metadata else None
    row = {
        **_DEFAULTS,
        **record,
        "at": datetime.fromisoformat(record["at"]),
        "document_id": address_of(record).id,
        "sections": _json(record.get("sections")),
        "metadata": _json(metadata),
        "url": url if isinstance(url, str) else None,
    }
    not_utf8 = {field: value for field, value in row.items() if isinstance(value, str) and not is_utf8(value)}
    for field, value in not_utf8.items():
        row[field] = without_surrogates(value)
    if (text := record.get("text")) is not None:
        exact = exact_bytes(text)
        row |= {"sha256": hashlib.sha256(exact).hexdigest(), **measures(text)}
        row["text_bytes"] = exact if not_utf8.pop("text", None) is not None else None
    row["originals"] = (
        json.dumps({field: exact_bytes(value).hex() for field, value in not_utf8.items()})
        if not_utf8
        else None
    )
    return row


def record_of(row: Mapping[str, Any]) -> Record:
    """Convert a row back to its record, the inverse of `to_row`. Content that cannot be decoded is left out."""
    record = {field: value for field, value in row.items() if value is not None}
    record |= {field: exact_text(bytes.fromhex(original)) for field, original in originals_of(row).items()}
    if "text_bytes" in record:
        record["text"] = _exact(record["text_bytes"])
    for field in ("sections", "metadata"):
        if field in record:
            record[field] = json_value(record[field])
    record["metadata"] = plain_values(record.get("metadata"))
    if not are_sections(record.get("sections")):
        record["sections"] = None
    if "at" in record:
        record["at"] = record["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return {field: value for field, value in record.items() if value is not None}


def originals_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the exact bytes, in hex, of strings that UTF-8 cannot encode, by the column that shows them."""
    return {
        field: original
        for field, original in (plain_values(json_value(row.get("originals") or "{}")) or {}).items()
        if (exact := _exact(_bytes_of_hex(original))) is not None
        and without_surrogates(exact) == row.get(field)
    }


def _exact(data: bytes | None) -> str | None:
    """Return the text of exact bytes, None for bytes that are no text."""
    try:
        return None if data is None else exact_text(data)
    except UnicodeDecodeError:
        return None


def _bytes_of_hex(digits: object) -> bytes | None:
    """Return the bytes of hex digits, None for what is none."""
    try:
        return bytes.fromhex(digits) if isinstance(digits, str) else None
    except ValueError:
        return None


def _texts(texts: Iterable[str | None]) -> pa.ChunkedArray:
    """Build a column of texts, long ones in their own chunks: joining them would block the screen."""
    chunks: list[pa.Array] = []
    for long, neighbours in groupby(texts, lambda text: text is not None and len(text) >= LONG):
        if long:
            chunks += map(_long, neighbours)
        else:
            chunks.append(pa.array(neighbours, pa.string()))
    return pa.chunked_array(chunks, pa.string())


def _long(text: str | None) -> pa.Array:
    assert text is not None
    sleep(latency.CHUNK_YIELD)
    exact = text.encode()
    return pa.Array.from_buffers(
        pa.string(), 1, [None, pa.array([0, len(exact)], pa.int32()).buffers()[1], pa.py_buffer(exact)]
    )


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
