"""Conversion of one stored row, from the Hub or a local file, to the text and metadata of a document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from corpuscope.corpora.source import Row
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Scalar
from corpuscope.errors import CorpusError, nearest

Record = Mapping[str, Any]
"""One row as stored on the Hub: values by column name."""


def text_column_names(corpus: Corpus) -> tuple[str, ...]:
    """Return the names of the columns that hold the text of a document."""
    return tuple(part.column for part in corpus.text)


def check_columns(corpus: Corpus, columns: Iterable[str]) -> None:
    """Raise CorpusError when a text column of `corpus` is not among `columns`."""
    available = list(columns)
    for column in text_column_names(corpus):
        if column not in available:
            raise CorpusError(
                f"dataset {corpus.path} has no column {column}",
                f"{nearest(column, available)}; choose with --text",
            )


def to_row(corpus: Corpus, record: Record) -> Row:
    """Convert a record to a row. A text that is null or missing becomes empty.

    Raises CorpusError when a text column holds anything but text.
    """
    parts = []
    for part in corpus.text:
        value = record.get(part.column)
        if value is not None and not isinstance(value, str):
            raise CorpusError(
                f"column {part.column} of dataset {corpus.path} holds {type(value).__name__}, not text",
                "choose columns of text with --text",
            )
        parts.append((part.title, value or ""))
    texts = text_column_names(corpus)
    metadata = {
        name: _scalar(value) for name, value in record.items() if name not in texts and _is_plain(value)
    }
    tokens = record.get(corpus.tokens) if corpus.tokens else None
    return Row(tuple(parts), metadata, tokens if isinstance(tokens, int) else None)


def _is_plain(value: object) -> bool:
    return not isinstance(value, list | dict | bytes)


def _scalar(value: object) -> Scalar:
    # Dates, times and decimals are shown in their usual written form.
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


LocalRecord = Mapping[str, object]
"""One row as stored in a local file: values by column name."""

_LARGEST_INT = 1 << 63
"""Bound of 64-bit integers. Larger ones become text, since no column store can hold them as numbers."""


def check_local_columns(corpus: Corpus, file: str, columns: Iterable[str]) -> None:
    """Raise CorpusError when a text column of `corpus` is not among the `columns` of a file."""
    available = list(columns)
    for text in corpus.text:
        if text.column not in available:
            hint = nearest(text.column, available) if available else "it has no columns"
            raise CorpusError(f"{file} has no column {text.column}", f"{hint}; choose one with --text")


def to_local_row(corpus: Corpus, record: LocalRecord | str) -> Row:
    """Convert a record to a row. A missing or null text becomes empty, a text of another type is written out.

    A `record` that is a str is a line that could not be parsed. It becomes the text unchanged.
    """
    if isinstance(record, str):
        parts = [(text.title, "" if i else record) for i, text in enumerate(corpus.text)]
        return Row(tuple(parts), {"unparsed": True})
    texts = {text.column for text in corpus.text}
    tokens = record.get(corpus.tokens) if corpus.tokens else None
    return Row(
        tuple((text.title, _text(record.get(text.column))) for text in corpus.text),
        {
            name: _local_scalar(value)
            for name, value in record.items()
            if name not in texts and not _is_binary(value)
        },
        tokens if isinstance(tokens, int) else None,
    )


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bytes():
            return value.decode("utf-8", "surrogateescape")
        case _:
            return str(_local_scalar(value)) if not isinstance(value, bool) else json.dumps(value)


def _local_scalar(value: object) -> Scalar:
    match value:
        case None | str() | bool() | float():
            return value
        case int():
            return value if -_LARGEST_INT <= value < _LARGEST_INT else str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)


def _is_binary(value: object) -> bool:
    return isinstance(value, bytes)
