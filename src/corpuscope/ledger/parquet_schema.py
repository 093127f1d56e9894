"""Define the columns of a part, and convert a record to a row and back."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from time import sleep
from typing import Any, Final

import pyarrow as pa

from corpuscope.domain.label import Event
from corpuscope.ledger.event_record import Record, address_of, from_record, measures

VERSION: Final = 1
"""Version written into every part. A newer version only adds columns."""

VERSION_KEY: Final = b"corpuscope.ledger.version"
"""Key of the version in a part's file metadata; a file without it is not a part."""

LAST_EVENT_KEY: Final = b"corpuscope.ledger.last_event"
"""Key of the greatest event id in a part's file metadata, so that no row has to be read for it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of every part."""

    name: str
    """Name of the column, the same in journals."""
    type: pa.DataType
    """Arrow type, the same in every version."""
    meaning: str
    """What the column holds, its unit, and what null means."""
    since: int = 0
    """Schema version that added the column."""
    default: str | int | None = None
    """Value for events of older versions."""
    dictionary: bool = False
    """True for a column of few distinct values, which is stored and read dictionary-encoded."""
    optional_content: bool = False
    """True for content that an event can lose to damage and still count: its address leads back to it."""


_TEXT, _BYTES, _BOOL, _INT, _REAL = pa.string(), pa.binary(), pa.bool_(), pa.int64(), pa.float64()

_TIME = pa.timestamp("us", tz="UTC")

COLUMNS: Final = (
    Column("event_id", _TEXT, "UUIDv7 of the event; the order of ids is the order of events"),
    Column("session", _TEXT, "the sitting the event belongs to", dictionary=True),
    Column("annotator", _TEXT, "who", dictionary=True),
    Column("at", _TIME, "when, by the machine's clock; for people, not for order"),
    Column("kind", _TEXT, "label, skip, undo, note, bookmark, unbookmark or adjudicate", dictionary=True),
    Column(
        "category",
        _TEXT,
        "name of the category as it was called then; null unless label or adjudicate",
        dictionary=True,
    ),
    Column("scheme", _TEXT, "hash of the category scheme in force", dictionary=True),
    Column("target", _TEXT, "id of the event that an undo takes back; null for other kinds"),
    Column("note", _TEXT, "text of a note, empty when it removes one; null for other kinds"),
    Column("reading_ms", _INT, "milliseconds from paint to key, idle trimmed; null when nothing was read"),
    Column("blind", _BOOL, "true when corpus, url and scores were hidden until the key"),
    Column("look", _INT, "1 for a first reading, 2 for a blind second one", since=1, default=1),
    Column("document_id", _TEXT, "32 hex digits that identify the document by its address"),
    Column("corpus", _TEXT, "key of the corpus", dictionary=True),
    Column("dataset", _TEXT, "repository on the Hub, or local dataset", dictionary=True),
    Column("name", _TEXT, "config of the dataset; null for the default", dictionary=True),
    Column("split", _TEXT, "split of the dataset", dictionary=True),
    Column("revision", _TEXT, "commit of the dataset; for local files a digest of them", dictionary=True),
    Column("shard", _TEXT, "file inside the dataset", dictionary=True),
    Column("row", _INT, "row inside the file, from 0"),
    Column("draw", _INT, "which draw of the sampling plan brought the document, from 0"),
    Column(
        "attempt", _INT, "shards that could not be read before this one took their place", since=1, default=0
    ),
    Column(
        "probability", _REAL, "probability that one draw lands on the document, relative within the corpus"
    ),
    Column("sha256", _TEXT, "hash of the exact text, 64 hex digits", optional_content=True),
    Column(
        "text",
        _TEXT,
        "the text; an empty line joins sections; null when damage took it",
        optional_content=True,
    ),
    Column(
        "text_bytes",
        _BYTES,
        "the exact text where UTF-8 cannot say it; null otherwise",
        optional_content=True,
    ),
    Column(
        "sections",
        _TEXT,
        "JSON list of [title, first character, one past the last], or null",
        optional_content=True,
    ),
    Column("metadata", _TEXT, "JSON object of the row's other columns, or null", optional_content=True),
    Column("url", _TEXT, "the url among the metadata, or null", optional_content=True),
    Column("tokens", _INT, "the corpus's own token count; null when it has none"),
    Column("characters", _INT, "code points of the text"),
    Column("words", _INT, "stretches of the text between white space; null before version 1", since=1),
    Column(
        "originals",
        _TEXT,
        "JSON object of other columns that UTF-8 cannot say, their bytes in hex, or null",
        since=1,
    ),
)
"""All columns in stored order."""

NAMES: Final = tuple(column.name for column in COLUMNS)
"""Column names in stored order."""


def arrow_schema(version: int = VERSION) -> pa.Schema:
    """Return the Arrow schema of parts of `version`, without metadata."""
    return pa.schema([(column.name, column.type) for column in COLUMNS if column.since <= version])


def migrated(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """Return `table` with exactly the columns `names`; those it lacks hold their defaults."""
    by_name = {column.name: column for column in COLUMNS}
    columns = {
        name: table[name]
        if name in table.column_names
        else pa.array([by_name[name].default] * len(table), by_name[name].type)
        for name in names
    }
    return pa.table(columns)


LONG = 1 << 16
"""Characters of the shortest text that becomes an Arrow chunk of its own."""

_SURROGATE = re.compile("[\ud800-\udfff]")

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
    not_utf8 = {
        field: value for field, value in row.items() if isinstance(value, str) and not _is_utf8(value)
    }
    for field, value in not_utf8.items():
        row[field] = _SURROGATE.sub("\ufffd", value)
    if (text := record.get("text")) is not None:
        exact = _bytes(text)
        row |= {"sha256": hashlib.sha256(exact).hexdigest(), **measures(text)}
        row["text_bytes"] = exact if not_utf8.pop("text", None) is not None else None
    row["originals"] = (
        json.dumps({field: _bytes(value).hex() for field, value in not_utf8.items()}) if not_utf8 else None
    )
    return row


def to_event(row: Mapping[str, Any]) -> Event:
    """Build the event of a row. Raises KeyError or ValueError when the row is not an event."""
    return from_record(record_of(row))


def record_of(row: Mapping[str, Any]) -> Record:
    """Convert a row back to its record, the inverse of `to_row`. Raises KeyError or ValueError."""
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
    sleep(0)
    exact = text.encode()
    return pa.Array.from_buffers(
        pa.string(), 1, [None, pa.array([0, len(exact)], pa.int32()).buffers()[1], pa.py_buffer(exact)]
    )


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _is_utf8(text: str) -> bool:
    """Whether UTF-8 can encode `text`; a search for surrogates would take ten times as long."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bytes(text: str) -> bytes:
    """Encode `text` as UTF-8, a lone surrogate as three bytes."""
    return text.encode("utf-8", errors="surrogatepass")


def _text(exact: bytes) -> str:
    return exact.decode("utf-8", errors="surrogatepass")
