"""A drawn document as a line that checks itself, and as flat columns named as in the ledger."""

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
    """One line: CRC-32 in hex, a space, ASCII JSON, a newline. Lone surrogates survive as escapes."""
    at = document.address
    record = {
        "corpus": document.corpus,
        "address": [at.dataset, at.name, at.split, at.revision, at.shard, at.row],
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
    """The document of a line; None when the line is torn, damaged or of another kind."""
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
"""Documents written to Parquet at a time."""


@dataclass(frozen=True, slots=True)
class SampleProvenance:
    """How a sample was drawn: what its documents do not say by themselves."""

    seed: int
    """With revision and draw it decides each document."""
    uniform: str
    """What is and what is not uniform about the documents, in one sentence."""
    warnings: tuple[str, ...] = ()
    """One sentence for each shard set aside."""
    set_aside: float = 0.0
    """Share of the corpus in shards set aside, from 0 to 1."""


def columns(document: Document, provenance: SampleProvenance) -> dict[str, Any]:
    """The columns of one document."""
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
    """A document as one object and a line feed, sections and metadata nested."""
    line = json.dumps(columns(document, provenance), ensure_ascii=False)
    if _SURROGATE.search(line):  # half a surrogate pair is no UTF-8; escaped, it still is JSON
        line = json.dumps(columns(document, provenance))
    return f"{line}\n".encode()


def write_jsonl(path: Path, documents: Iterator[Document], provenance: SampleProvenance) -> None:
    """One `json_line` a document; on disk when this returns. Raises OSError."""
    with path.open("wb") as file:
        for document in documents:
            file.write(json_line(document, provenance))
        file.flush()
        os.fsync(file.fileno())


def write_parquet(path: Path, documents: Iterator[Document], provenance: SampleProvenance) -> None:
    """One row a document, sections and metadata as JSON; on disk when this returns. Raises OSError.

    `text_bytes` holds the exact text where UTF-8 cannot say it, and is null otherwise. The schema's metadata has
    the provenance, with what was set aside, as JSON under `corpuscope`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"row": pa.int64(), "draw": pa.int64(), "attempt": pa.int64(), "tokens": pa.int64()}
    kinds |= {"seed": pa.uint64(), "probability": pa.float64(), "text_bytes": pa.binary()}
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
        [(name, kinds.get(name, pa.string())) for name in names],
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
    # JSON escapes what is no UTF-8, so it comes back as it was.
    row |= {name: json.dumps(row[name]) for name in ("sections", "metadata") if row[name] is not None}
    return {name: _SURROGATE.sub("\ufffd", v) if isinstance(v, str) else v for name, v in row.items()}
