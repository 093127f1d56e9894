"""The columns of an event on disk and in memory: the one place that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Column:
    """One column of every part; a journal's records have the same names."""

    name: str
    """Name of the column, the same in journals."""
    type: Literal["string", "binary", "bool", "int64", "double", "timestamp"]
    """Arrow's name of the type, the same in every version; a timestamp is in microseconds, UTC."""
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
    array: str = ""
    """numpy type of the column in memory, codes for a dictionary column; "" for one that is read when needed.

    Null is -1, or NaN in an array of floats. Numbers too large for the type are cut to its greatest.
    """
    nullable: bool = False
    """True when null says something about the event, and is None in what is made of it."""


COLUMNS: Final = (
    Column("event_id", "string", "UUIDv7 of the event; the order of ids is the order of events"),
    Column("session", "string", "the session the event belongs to", dictionary=True),
    Column("annotator", "string", "who", dictionary=True, array="int32"),
    Column("at", "timestamp", "when, by the machine's clock; for people, not for order", array="int64"),
    Column("kind", "string", "label, skip, undo, note, bookmark, unbookmark or adjudicate", dictionary=True),
    Column(
        "category",
        "string",
        "name of the category as it was called then; null unless label or adjudicate",
        dictionary=True,
        array="int32",
        nullable=True,
    ),
    Column("scheme", "string", "hash of the category scheme in force", dictionary=True, array="int32"),
    Column("target", "string", "id of the event that an undo reverts; null for other kinds", nullable=True),
    Column(
        "note", "string", "text of a note, empty when it removes one; null for other kinds", nullable=True
    ),
    Column(
        "reading_ms",
        "int64",
        "milliseconds from paint to label, idle time left out; null when nothing was read",
        array="int32",
        nullable=True,
    ),
    Column("blind", "bool", "true when corpus, url and scores were hidden before the label", array="bool"),
    Column(
        "look", "int64", "1 for a first reading, 2 for a blind second one", since=1, default=1, array="int16"
    ),
    Column(
        "unsure",
        "bool",
        "true for a label of which the annotator was not sure",
        since=2,
        default=False,
        array="bool",
    ),
    Column("document_id", "string", "32 hex digits that identify the document by its address"),
    Column("corpus", "string", "key of the corpus", dictionary=True, array="int32"),
    Column("dataset", "string", "repository on the Hub, or local dataset", dictionary=True, array="int32"),
    Column(
        "name",
        "string",
        "config of the dataset; null for the default",
        dictionary=True,
        array="int32",
        nullable=True,
    ),
    Column("split", "string", "split of the dataset", dictionary=True, array="int32"),
    Column(
        "revision",
        "string",
        "commit of the dataset; for local files a digest of them",
        dictionary=True,
        array="int32",
    ),
    Column("shard", "string", "file inside the dataset", dictionary=True, array="int32"),
    Column("row", "int64", "row inside the file, from 0", array="int64"),
    Column("draw", "int64", "which draw of the sampling plan brought the document, from 0", array="int64"),
    Column(
        "attempt",
        "int64",
        "shards that could not be read before this one took their place",
        since=1,
        default=0,
        array="int32",
    ),
    Column(
        "probability",
        "double",
        "probability that one draw lands on the document, relative within the corpus",
        array="float64",
    ),
    Column("sha256", "string", "hash of the exact text, 64 hex digits", optional_content=True),
    Column(
        "text",
        "string",
        "the text; an empty line joins sections; null when damage destroyed it",
        optional_content=True,
    ),
    Column(
        "text_bytes",
        "binary",
        "the exact text where UTF-8 cannot hold it; null otherwise",
        optional_content=True,
    ),
    Column(
        "sections",
        "string",
        "JSON list of [title, first character, one past the last], or null",
        optional_content=True,
    ),
    Column("metadata", "string", "JSON object of the row's other columns, or null", optional_content=True),
    Column("url", "string", "the url among the metadata, or null", optional_content=True),
    Column(
        "tokens", "int64", "the corpus's own token count; null when it has none", array="int64", nullable=True
    ),
    Column("characters", "int64", "code points of the text", array="int32"),
    Column(
        "words",
        "int64",
        "stretches of the text between white space; null before version 1",
        since=1,
        array="int32",
        nullable=True,
    ),
    Column(
        "originals",
        "string",
        "JSON object of other columns that UTF-8 cannot hold, their bytes in hex, or null",
        since=1,
    ),
)
"""All columns in stored order."""

NAMES: Final = tuple(column.name for column in COLUMNS)
"""Column names in stored order."""
