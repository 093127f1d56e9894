"""From the columns of a local row to a document's text and metadata, whatever types they have."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Scalar
from corpuscope.errors import CorpusError, nearest
from corpuscope.sampling.source import Row

Record = Mapping[str, object]
"""One row as it was read: column name to value."""

_LARGEST_INT = 1 << 63
"""Beyond, numbers are kept as text, as every column store would."""


def check_columns(corpus: Corpus, file: str, columns: Iterable[str]) -> None:
    """Raises CorpusError when a text column of `corpus` is not among the `columns` of a file."""
    known = list(columns)
    for text in corpus.text:
        if text.column not in known:
            hint = nearest(text.column, known) if known else "it has no columns"
            raise CorpusError(f"{file} has no column {text.column}", f"{hint}; choose one with --text")


def to_row(corpus: Corpus, record: Record | str) -> Row:
    """The row of a record: a text that is missing or null is empty, one of another type is written out.

    A record that is a str is a line that could not be parsed: it becomes the text as it stands.
    """
    if isinstance(record, str):
        parts = [(text.title, "" if i else record) for i, text in enumerate(corpus.text)]
        return Row(tuple(parts), {"unparsed": True})
    texts = {text.column for text in corpus.text}
    tokens = record.get(corpus.tokens) if corpus.tokens else None
    return Row(
        tuple((text.title, _text(record.get(text.column))) for text in corpus.text),
        {name: _scalar(value) for name, value in record.items() if name not in texts and not _raw(value)},
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
            return str(_scalar(value)) if not isinstance(value, bool) else json.dumps(value)


def _scalar(value: object) -> Scalar:
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


def _raw(value: object) -> bool:
    return isinstance(value, bytes)
