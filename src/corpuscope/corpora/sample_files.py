"""Rows of the files that `corpuscope sample` writes: documents of a corpus, with their own address."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from corpuscope.corpora.rows import LARGEST_INT, scalar
from corpuscope.corpora.source import Row
from corpuscope.domain.document import (
    NO_PROBABILITY,
    SECTION_GAP,
    Address,
    is_probability,
    sha256_of,
)
from corpuscope.errors import CorpusError
from corpuscope.text.safe_json import exact_text

_COLUMNS = frozenset(
    (
        "document_id",
        "corpus",
        "dataset",
        "split",
        "revision",
        "shard",
        "row",
        "draw",
        "probability",
        "sha256",
        "text",
    )
)
"""Columns that tell a sample from other files."""


def is_sampled(record: object) -> bool:
    """Tell whether a record is a row of a sample that corpuscope wrote."""
    return isinstance(record, Mapping) and record.keys() >= _COLUMNS


def uniformity_of_sample(record: Mapping[str, Any]) -> str:
    """Return what is uniform about a corpus of documents that were sampled like this one."""
    return f"A random order of a sample of {record['corpus']}. {record.get('uniform') or ''}".rstrip()


def sampled_row(record: object, where: str) -> Row:
    """Return the row of a sampled document, with its address, probability and tokens in the corpus it is from.

    Raises CorpusError, which names `where`, when the row is none of a sample or its text was changed.
    """
    if not isinstance(record, Mapping) or not is_sampled(record):
        raise CorpusError(
            f"{where} is not a row of a sample, unlike the first one", "keep other documents in another file"
        )
    try:
        return _row(record, where)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise CorpusError(
            f"{where} is a damaged row of a sample: {error}", "draw the sample again"
        ) from error


def _row(record: Mapping[str, Any], where: str) -> Row:
    """Convert a row. Every value is one that a label can be written with: others would cost the label later."""
    exact = record.get("text_bytes")  # base64 in JSON lines, bytes in Parquet
    exact = base64.b64decode(exact, validate=True) if isinstance(exact, str) else exact
    if not isinstance(exact, bytes | None):
        raise TypeError("text_bytes holds no bytes")
    text = exact_text(exact) if exact else str(record["text"])
    if sha256_of(text) != record["sha256"]:
        raise CorpusError(
            f"{where} has another text than the sample had",
            "remove the columns of the sample (sha256 first) to label edited texts as a corpus of their own",
        )
    dataset, split, revision, shard = (
        _text(record, name) for name in ("dataset", "split", "revision", "shard")
    )
    config = None if record.get("name") is None else _text(record, "name")
    sections = _decoded(record.get("sections")) or []
    parts = [(str(title), text[start:end]) for title, start, end in sections] or [("text", text)]
    if SECTION_GAP.join(part for _, part in parts) != text:
        parts = [("text", text)]
    metadata = _decoded(record.get("metadata"))
    if not isinstance(metadata, Mapping | None):
        raise TypeError("metadata is not an object")
    probability = float(_number(record, "probability"))
    if not is_probability(probability):
        raise ValueError(NO_PROBABILITY)
    return Row(
        tuple(parts),
        {name: scalar(value) for name, value in (metadata or {}).items()},
        None if record.get("tokens") is None else _whole_number(record, "tokens"),
        address=Address(dataset, config, split, revision, shard, _whole_number(record, "row")),
        probability=probability,
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    """Return a value that is a text, not an empty one."""
    value = record[name]
    if not isinstance(value, str) or not value:
        raise TypeError(f"{name} is not a text")
    return value


def _whole_number(record: Mapping[str, Any], name: str) -> int:
    """Return a value that is a number of rows or tokens."""
    value = _number(record, name)
    number = int(value)
    if (isinstance(value, float) and number != value) or not 0 <= number < LARGEST_INT:
        raise ValueError(f"{name} is not a whole number from 0 to 2^63 - 1")
    return number


def _number(record: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401  also a number as text
    """Return a value that may be a number. Python takes true and false for 1 and 0."""
    value = record[name]
    if isinstance(value, bool):
        raise TypeError(f"{name} is not a number")
    return value


def _decoded(value: object) -> Any:  # noqa: ANN401  nested in JSON lines, JSON text in Parquet
    return json.loads(value) if isinstance(value, str) else value
