"""From the columns of one row to the text and the facts of a document."""

from collections.abc import Iterable, Mapping
from typing import Any

from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Scalar
from corpuscope.errors import CorpusError, nearest
from corpuscope.sampling.source import Row

Record = Mapping[str, Any]
"""One row as it was read: column name to value."""


def needed(corpus: Corpus) -> tuple[str, ...]:
    """The columns a document of `corpus` cannot do without."""
    return tuple(part.column for part in corpus.text)


def check_columns(corpus: Corpus, columns: Iterable[str]) -> None:
    """Raises CorpusError when a text column of `corpus` is not among `columns`."""
    known = list(columns)
    for column in needed(corpus):
        if column not in known:
            raise CorpusError(
                f"dataset {corpus.path} has no column {column}",
                f"{nearest(column, known)}; choose with --text",
            )


def to_row(corpus: Corpus, record: Record) -> Row:
    """The record as a row; a text that is null or not there is empty.

    Raises CorpusError when a text column holds something else than text.
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
    texts = needed(corpus)
    metadata = {
        name: _scalar(value) for name, value in record.items() if name not in texts and _is_plain(value)
    }
    tokens = record.get(corpus.tokens) if corpus.tokens else None
    return Row(tuple(parts), metadata, tokens if isinstance(tokens, int) else None)


def _is_plain(value: object) -> bool:
    return not isinstance(value, list | dict | bytes)


def _scalar(value: object) -> Scalar:
    # Dates, times and decimals are shown as they would be written.
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
