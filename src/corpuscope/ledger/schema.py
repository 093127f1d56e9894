"""The columns of a part: name, type, meaning, and the schema version that brought them."""

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

VERSION: Final = 1
"""Version written into every part. A newer version only ever adds columns."""
VERSION_KEY: Final = b"corpuscope.ledger.version"
"""Names the version in a part's file metadata; what lacks it is not a part of a ledger."""
LAST_EVENT_KEY: Final = b"corpuscope.ledger.last_event"
"""Names the greatest event id of a part in its file metadata, so that it is known without reading rows."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of every part."""

    name: str
    """Its name, the same in journals."""
    type: pa.DataType
    """Its Arrow type, the same in every version."""
    meaning: str
    """What it holds, its unit, and what null means."""
    since: int = 0
    """The schema version that brought it."""
    default: str | int | None = None
    """What it holds for events of older versions."""
    few: bool = False
    """True when few values recur, so that it is stored and read as a dictionary."""
    content: bool = False
    """True for what decides nothing: an event that lost it to damage still counts, and its address leads to it."""


_TEXT, _BYTES, _BOOL, _INT, _REAL = pa.string(), pa.binary(), pa.bool_(), pa.int64(), pa.float64()
_TIME = pa.timestamp("us", tz="UTC")

COLUMNS: Final = (
    Column("event_id", _TEXT, "UUIDv7 of the event; the order of ids is the order of events"),
    Column("session", _TEXT, "the sitting the event belongs to", few=True),
    Column("annotator", _TEXT, "who", few=True),
    Column("at", _TIME, "when, by the machine's clock; for people, not for order"),
    Column("kind", _TEXT, "label, skip, undo, note, bookmark, unbookmark or adjudicate", few=True),
    Column(
        "category",
        _TEXT,
        "name of the category as it was called then; null unless label or adjudicate",
        few=True,
    ),
    Column("scheme", _TEXT, "hash of the category scheme in force", few=True),
    Column("target", _TEXT, "id of the event that an undo takes back; null for other kinds"),
    Column("note", _TEXT, "text of a note, empty when it removes one; null for other kinds"),
    Column("reading_ms", _INT, "milliseconds from paint to key, idle trimmed; null when nothing was read"),
    Column("blind", _BOOL, "true when corpus, url and scores were hidden until the key"),
    Column("look", _INT, "1 for a first reading, 2 for a blind second one", since=1, default=1),
    Column("document_id", _TEXT, "32 hex digits that identify the document by its address"),
    Column("corpus", _TEXT, "key of the corpus", few=True),
    Column("dataset", _TEXT, "repository on the Hub, or local dataset", few=True),
    Column("name", _TEXT, "config of the dataset; null for the default", few=True),
    Column("split", _TEXT, "split of the dataset", few=True),
    Column("revision", _TEXT, "commit of the dataset; for local files a digest of them", few=True),
    Column("shard", _TEXT, "file inside the dataset", few=True),
    Column("row", _INT, "row inside the file, from 0"),
    Column("draw", _INT, "which draw of the sampling plan brought the document, from 0"),
    Column(
        "attempt", _INT, "shards that could not be read before this one took their place", since=1, default=0
    ),
    Column(
        "probability", _REAL, "probability that one draw lands on the document, relative within the corpus"
    ),
    Column("sha256", _TEXT, "hash of the exact text, 64 hex digits", content=True),
    Column("text", _TEXT, "the text; an empty line joins sections; null when damage took it", content=True),
    Column("text_bytes", _BYTES, "the exact text where UTF-8 cannot say it; null otherwise", content=True),
    Column(
        "sections", _TEXT, "JSON list of [title, first character, one past the last], or null", content=True
    ),
    Column("metadata", _TEXT, "JSON object of the row's other columns, or null", content=True),
    Column("url", _TEXT, "the url among the metadata, or null", content=True),
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
"""In the order they are stored."""

NAMES: Final = tuple(column.name for column in COLUMNS)
"""Column names in stored order."""


def arrow_schema(version: int = VERSION) -> pa.Schema:
    """The Arrow schema of parts of `version`, without metadata."""
    return pa.schema([(column.name, column.type) for column in COLUMNS if column.since <= version])


def migrated(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """`table` with exactly the columns `names`, those it lacks filled with their defaults."""
    by_name = {column.name: column for column in COLUMNS}
    columns = {
        name: table[name]
        if name in table.column_names
        else pa.array([by_name[name].default] * len(table), by_name[name].type)
        for name in names
    }
    return pa.table(columns)
