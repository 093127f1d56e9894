"""Drawn documents as lines of a journal, and as rows with columns named as in the ledger."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from corpuscope.domain.document import Document
from corpuscope.ledger.event_record import document_fields, document_of
from corpuscope.ledger.journal import decode, encode
from corpuscope.text.safe_json import exact_bytes, is_utf8, json_text, without_surrogates


def to_line(document: Document) -> bytes:
    """Serialise a document as a line of a journal, without an event."""
    return encode(document_fields(document))


def from_line(line: bytes) -> Document | None:
    """Parse a line of `to_line`; None when it is torn, damaged or of another kind."""
    try:
        record = decode(line.rstrip(b"\n"))
        return None if record is None else document_of(record)
    except (ValueError, KeyError, TypeError):
        return None


def recover(path: Path, data: bytes, header: bytes) -> list[Document]:
    """Return the documents of an interrupted file of `to_line` lines, and cut `path` behind the last whole one.

    `data` is what `path` holds, b"" when it is missing. Where it does not begin with `header`, or no document is
    whole, the file begins anew with `header` alone. Raises OSError when it cannot be written.
    """
    documents: list[Document] = []
    intact = len(header)
    for line in data[intact:].splitlines(keepends=True) if data.startswith(header) else ():
        document = from_line(line) if line.endswith(b"\n") else None
        if document is None:
            break
        documents.append(document)
        intact += len(line)
    if documents:
        os.truncate(path, intact)
    else:
        path.write_bytes(header)
    return documents


_BATCH = 512
"""Documents per row group of a Parquet file."""


@dataclass(frozen=True, slots=True)
class SampleProvenance:
    """How a sample was drawn, beyond what its documents record."""

    seed: int
    """The seed which, with revision and draw number, determines each document."""
    uniform: str
    """One sentence that says what is and what is not uniform about the sample."""
    warnings: tuple[str, ...] = ()
    """One sentence for each shard excluded as unreadable."""
    set_aside: float = 0.0
    """Share of the corpus in excluded shards, from 0 to 1."""
    notes: tuple[str, ...] = ()
    """One sentence for each choice that was made in reading the files."""


_COLUMNS = (
    *("document_id", "corpus", "dataset", "name", "split", "revision", "shard", "row", "seed", "draw"),
    *("attempt", "probability", "sha256", "text", "sections", "metadata", "tokens", "uniform"),
)


def _row(document: Document, provenance: SampleProvenance) -> dict[str, Any]:
    """Return the columns of one document, by name."""
    row = document_fields(document) | {
        "document_id": document.id,
        "sha256": document.sha256,
        "seed": provenance.seed,
        "uniform": provenance.uniform,
    }
    return {name: row.get(name) for name in _COLUMNS}


def json_line(document: Document, provenance: SampleProvenance) -> bytes:
    """Serialise a document as one JSON object and a line feed, with sections and metadata nested.

    Many readers refuse a file with a lone surrogate, which becomes U+FFFD. `text_bytes` then holds the exact text in
    base64; it is "" otherwise, since readers take the type of a column from its first rows.
    """
    row = _row(document, provenance)
    exact = "" if is_utf8(document.text) else base64.b64encode(exact_bytes(document.text)).decode()
    return json_text(row | {"text_bytes": exact}) + b"\n"


def write_jsonl(stream: BinaryIO, documents: Iterator[Document], provenance: SampleProvenance) -> None:
    """Write one `json_line` per document. Raises OSError."""
    stream.writelines(json_line(document, provenance) for document in documents)


def write_parquet(stream: BinaryIO, documents: Iterator[Document], provenance: SampleProvenance) -> None:
    """Write one row per document, with sections and metadata as JSON. Raises OSError.

    `text_bytes` holds the exact text where UTF-8 cannot represent it, and is null otherwise. The schema's
    metadata holds the provenance as JSON under `corpuscope`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from corpuscope.ledger.parquet_schema import arrow_schema

    text = _COLUMNS.index("text") + 1
    types = {field.name: field.type for field in arrow_schema()} | {"seed": pa.uint64()}
    schema = pa.schema(
        [(name, types.get(name, pa.string())) for name in (*_COLUMNS[:text], "text_bytes", *_COLUMNS[text:])],
        metadata={"corpuscope": json.dumps(asdict(provenance))},
    )
    with pq.ParquetWriter(stream, schema, compression="zstd", write_page_checksum=True) as writer:
        while batch := list(islice(documents, _BATCH)):
            rows = [_parquet_row(document, provenance) for document in batch]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def _parquet_row(document: Document, provenance: SampleProvenance) -> dict[str, Any]:
    row = _row(document, provenance)
    row["text_bytes"] = None if is_utf8(document.text) else exact_bytes(document.text)
    # JSON escapes lone surrogates, so sections and metadata stay exact.
    row |= {name: json.dumps(row[name]) for name in ("sections", "metadata") if row[name] is not None}
    return {
        name: without_surrogates(value) if isinstance(value, str) else value for name, value in row.items()
    }
