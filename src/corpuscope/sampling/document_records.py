"""Drawn documents as checksummed lines, and as columns named as in the ledger."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpuscope.domain.document import Address, Document, Section


def to_line(document: Document) -> bytes:
    """Serialise a document as one line: CRC-32 in hex, a space, ASCII JSON, a newline.

    Lone surrogates are preserved as escapes.
    """
    address = document.address
    record = {
        "corpus": document.corpus,
        "address": [
            address.dataset,
            address.name,
            address.split,
            address.revision,
            address.shard,
            address.row,
        ],
        "draw": document.draw,
        "probability": document.probability,
        "text": document.text,
        "sections": [[section.title, section.start, section.end] for section in document.sections],
        "metadata": dict(document.metadata),
        "attempt": document.attempt,
        "tokens": document.tokens,
    }
    body = json.dumps(record, separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(body), body)


def from_line(line: bytes) -> Document | None:
    """Parse a line of `to_line`; None when it is torn, damaged or of another kind."""
    checksum, _, body = line.rstrip(b"\n").partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(body):
            return None
        record = json.loads(body)
        return Document(
            corpus=record["corpus"],
            address=Address(*record["address"]),
            draw=record["draw"],
            probability=record["probability"],
            text=record["text"],
            sections=tuple(Section(*section) for section in record["sections"]),
            metadata=MappingProxyType(record["metadata"]),
            attempt=record["attempt"],
            tokens=record["tokens"],
        )
    except (ValueError, KeyError, TypeError):
        return None


_SURROGATE = re.compile("[\ud800-\udfff]")

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


def columns(document: Document, provenance: SampleProvenance) -> dict[str, Any]:
    """Return the columns of one document, by name."""
    return {
        "document_id": document.id,
        "corpus": document.corpus,
        **asdict(document.address),
        "seed": provenance.seed,
        "draw": document.draw,
        "attempt": document.attempt,
        "probability": document.probability,
        "sha256": document.sha256,
        "text": document.text,
        "sections": [[section.title, section.start, section.end] for section in document.sections] or None,
        "metadata": dict(document.metadata) or None,
        "tokens": document.tokens,
        "uniform": provenance.uniform,
    }


def json_line(document: Document, provenance: SampleProvenance) -> bytes:
    """Serialise a document as one JSON object and a line feed, with sections and metadata nested."""
    line = json.dumps(columns(document, provenance), ensure_ascii=False)
    if _SURROGATE.search(line):  # a lone surrogate has no UTF-8, but its escape is valid JSON
        line = json.dumps(columns(document, provenance))
    return f"{line}\n".encode()


def write_jsonl(path: Path, documents: Iterator[Document], provenance: SampleProvenance) -> None:
    """Write one `json_line` per document and sync the file to disk. Raises OSError."""
    with path.open("wb") as file:
        for document in documents:
            file.write(json_line(document, provenance))
        file.flush()
        os.fsync(file.fileno())


def write_parquet(path: Path, documents: Iterator[Document], provenance: SampleProvenance) -> None:
    """Write one row per document, with sections and metadata as JSON, and sync the file to disk. Raises OSError.

    `text_bytes` holds the exact text where UTF-8 cannot represent it, and is null otherwise. The schema's
    metadata holds the provenance as JSON under `corpuscope`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"row": pa.int64(), "draw": pa.int64(), "attempt": pa.int64(), "tokens": pa.int64()}
    types |= {"seed": pa.uint64(), "probability": pa.float64(), "text_bytes": pa.binary()}
    names = (
        *("document_id", "corpus", "dataset", "name", "split", "revision", "shard", "row", "seed", "draw"),
        *(
            "attempt",
            "probability",
            "sha256",
            "text",
            "text_bytes",
            "sections",
            "metadata",
            "tokens",
            "uniform",
        ),
    )
    schema = pa.schema(
        [(name, types.get(name, pa.string())) for name in names],
        metadata={"corpuscope": json.dumps(asdict(provenance))},
    )
    with path.open("wb") as file:
        with pq.ParquetWriter(file, schema, compression="zstd", write_page_checksum=True) as writer:
            while batch := list(islice(documents, _BATCH)):
                rows = [_parquet_row(document, provenance) for document in batch]
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
        file.flush()
        os.fsync(file.fileno())


def _parquet_row(document: Document, provenance: SampleProvenance) -> dict[str, Any]:
    row = columns(document, provenance)
    exact = document.text.encode("utf-8", "surrogatepass") if _SURROGATE.search(document.text) else None
    row |= {"text": _SURROGATE.sub("\ufffd", document.text), "text_bytes": exact}
    # JSON escapes lone surrogates, so sections and metadata stay exact.
    row |= {name: json.dumps(row[name]) for name in ("sections", "metadata") if row[name] is not None}
    return {
        name: _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value
        for name, value in row.items()
    }
