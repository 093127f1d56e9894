"""A record as a row of a part, where everything is flat and text is valid UTF-8, and back."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import groupby
from time import sleep
from typing import Any

import pyarrow as pa

from corpuscope.domain.label import Event
from corpuscope.ledger.record import Record, address_of, from_record, measures
from corpuscope.ledger.schema import COLUMNS, arrow_schema

LONG = 1 << 16
"""Characters of the shortest text that is a chunk of its own."""
_UNFIT = re.compile("[\ud800-\udfff]")
_DEFAULTS = {column.name: column.default for column in COLUMNS if column.default is not None}


def to_table(records: Iterable[Record]) -> pa.Table:
    """The rows of `records`, every column of the present version."""
    rows = [to_row(record) for record in records]
    texts = [row.pop("text", None) for row in rows]
    table = pa.Table.from_pylist(rows, schema=arrow_schema())
    return table.set_column(table.column_names.index("text"), table.field("text"), _texts(texts))


def to_row(record: Record) -> dict[str, Any]:
    """The row of a record: what can be derived is added, what UTF-8 cannot say is kept beside its column."""
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
    unfit = {field: value for field, value in row.items() if isinstance(value, str) and not _fits(value)}
    for field, value in unfit.items():
        row[field] = _UNFIT.sub("\ufffd", value)
    if (text := record.get("text")) is not None:
        exact = _bytes(text)
        row |= {"sha256": hashlib.sha256(exact).hexdigest(), **measures(text)}
        row["text_bytes"] = exact if unfit.pop("text", None) is not None else None
    row["originals"] = (
        json.dumps({field: _bytes(value).hex() for field, value in unfit.items()}) if unfit else None
    )
    return row


def to_event(row: Mapping[str, Any]) -> Event:
    """The event of a row. Raises KeyError or ValueError when the row is not one."""
    return from_record(record_of(row))


def record_of(row: Mapping[str, Any]) -> Record:
    """The record of a row: `to_row` undone. Raises KeyError or ValueError."""
    record = {field: value for field, value in row.items() if value is not None}
    for field, original in json.loads(record.get("originals", "{}")).items():
        record[field] = _text(bytes.fromhex(original))
    if "text_bytes" in record:
        record["text"] = _text(record["text_bytes"])
    for field in ("sections", "metadata"):
        if field in record:
            record[field] = json.loads(record[field])
    if "at" in record:
        record["at"] = record["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return record


def _texts(texts: Iterable[str | None]) -> pa.ChunkedArray:
    """A column of texts, long ones in chunks of their own: copying them together would make the screen wait."""
    chunks: list[pa.Array] = []
    for long, neighbours in groupby(texts, lambda text: text is not None and len(text) >= LONG):
        if long:
            chunks += map(_long, neighbours)
        else:
            chunks.append(pa.array(neighbours, pa.string()))
    return pa.chunked_array(chunks, pa.string())


def _long(text: str | None) -> pa.Array:
    assert text is not None
    sleep(0)
    exact = text.encode()
    return pa.Array.from_buffers(
        pa.string(), 1, [None, pa.array([0, len(exact)], pa.int32()).buffers()[1], pa.py_buffer(exact)]
    )


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _fits(text: str) -> bool:
    """Whether UTF-8 can say it; looking for what it cannot say would take ten times as long."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bytes(text: str) -> bytes:
    """UTF-8, in which a lone surrogate is the three bytes it would be."""
    return text.encode("utf-8", errors="surrogatepass")


def _text(exact: bytes) -> str:
    return exact.decode("utf-8", errors="surrogatepass")
