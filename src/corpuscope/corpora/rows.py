"""Conversion of one stored row, from the Hub or a local file, to the text and metadata of a document."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.source import Row
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.domain.document import Scalar
from corpuscope.errors import CorpusError, nearest

Record = Mapping[str, Any]
"""One row as stored: values by column name."""

DEFAULT_TEXT = (TextColumn("text", "text"),)
"""The text columns of a corpus for which no other was chosen."""

USUAL_NAMES = ("content", "body", "raw_content", "messages", "conversations")
"""Columns that are read as the text when no column is called `text` and only one of these exists."""

TOKEN_NAMES = ("token_count", "num_tokens", "n_tokens", "tokens", "input_ids", "token_ids")
"""Columns that are read as the token count when none was named: numbers, or lists of token ids that are counted."""

LARGEST_INT = 1 << 63
"""Bound of 64-bit integers. Larger ones become text, since no column store can hold them as numbers."""

_MESSAGE_KEYS = (("role", "content"), ("from", "value"))
"""Names of the author and the text of one message of a conversation: OpenAI's and ShareGPT's."""

_MESSAGE_EXTRAS = ("reasoning_content", "tool_calls", "function_call")
"""Values of a message that belong to its text."""


def unique_names(names: Sequence[str]) -> list[str]:
    """Return column names of which a repeated one has a number: `text`, `url`, `url_2`."""
    if len(set(names)) == len(names):
        return list(names)
    stored = set(names)
    numbers: dict[str, int] = {}
    taken: dict[str, None] = {}
    for name in names:
        number, unique = numbers.get(name, 1), name
        while unique in taken or (number > 1 and unique in stored):
            number += 1
            unique = f"{name}_{number}"
        taken[unique] = None
        numbers[name] = number
    return list(taken)


def column_paths(record: Record, depth: int = 8) -> Iterator[str]:
    """Yield the columns of a record, a nested one as `doc.text` after `doc`, down to `depth` levels."""
    for name, value in record.items():
        yield name
        if isinstance(value, dict) and depth > 1:
            yield from (f"{name}.{inner}" for inner in column_paths(value, depth - 1))


def columns_of(records: Iterable[Record | str]) -> tuple[str, ...]:
    """Return the columns of some records, in the order in which they come; lines that are not parsed have none."""
    objects = (record for record in records if not isinstance(record, str))
    return tuple(dict.fromkeys(name for record in objects for name in column_paths(record)))


def resolve_text(
    corpus: Corpus, columns: Collection[str], where: str, *, guess: bool = True
) -> tuple[TextColumn, ...]:
    """Return the text columns of `corpus` among `columns`, which are those of `where`.

    Names may differ by blanks around them, and may hold commas or equals signs. With `guess`, the only one of
    `USUAL_NAMES` is taken when no column was chosen and none is called `text`. Raises CorpusError when a column
    does not exist.
    """
    if all(text.column in columns for text in corpus.text):
        return corpus.text
    templates = [t.column if t.title == t.column else f"{t.title}={t.column}" for t in corpus.text]
    resolved = _match(templates, {_plain(column): column for column in reversed(list(columns))})
    usual = [name for name in USUAL_NAMES if name in columns]
    if resolved is None and guess and corpus.text == DEFAULT_TEXT and len(usual) == 1:
        resolved = (TextColumn(usual[0], usual[0]),)
    if resolved is None:
        missing = next(text.column for text in corpus.text if text.column not in columns)
        hint = nearest(missing, columns) if columns else "it has no columns"
        raise CorpusError(f"{where} has no column {missing}", f"{hint}; choose with --text")
    return resolved


def note_on_text(corpus: Corpus, text: tuple[TextColumn, ...]) -> tuple[str, ...]:
    """Return a sentence when `text` is another column than the one that was asked for."""
    wanted, read = ((",".join(part.column for part in columns)) for columns in (corpus.text, text))
    return () if wanted == read else (f"{corpus.key}: the text is read from column {read}",)


def resolve_tokens(corpus: Corpus, columns: Collection[str], where: str) -> str | None:
    """Return the column of the token counts: the one that was named, or the first of `TOKEN_NAMES`; None for neither.

    Raises CorpusError when a column that was named does not exist.
    """
    if corpus.tokens is None:
        return next((name for name in TOKEN_NAMES if name in columns), None)
    if top_level(corpus.tokens, columns) not in columns:
        place = corpus.path, corpus.tokens
        if any((entry.corpus.path, entry.corpus.tokens) == place for entry in KNOWN.values()):
            return None  # another config of a known dataset may have no counts
        hint = nearest(corpus.tokens, columns) if columns else "it has no columns"
        raise CorpusError(f"{where} has no column {corpus.tokens}", f"{hint}; choose with --tokens")
    return corpus.tokens


def note_on_tokens(corpus: Corpus, tokens: str | None) -> tuple[str, ...]:
    """Return a sentence when token counts are read from a column that nobody named."""
    return (
        ()
        if tokens == corpus.tokens or tokens is None
        else (f"{corpus.key}: tokens are counted by column {tokens}",)
    )


def note_on_files(note: str, names: Sequence[str]) -> str:
    """Return what there is to say about several files, under the name of the first one."""
    more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
    return f"{names[0]}{more}: {note}"


def _match(templates: list[str], columns: Mapping[str, str]) -> tuple[TextColumn, ...] | None:
    """Match the parts of a template to columns; neighbours are joined again where a name holds a comma."""
    if not templates:
        return ()
    for count in range(1, len(templates) + 1):
        whole = _plain(",".join(templates[:count]))
        title, _, column = whole.partition("=")
        if whole in columns:
            text = TextColumn(columns[whole], columns[whole])
        elif column in columns:
            text = TextColumn(columns[column], title)
        else:
            continue
        rest = _match(templates[count:], columns)
        if rest is not None:
            return (text, *rest)
    return None


def _plain(name: str) -> str:
    return re.sub(r"\s*([,=])\s*", r"\1", name.strip())


def top_level(column: str, columns: Collection[str]) -> str:
    """Return the stored column that holds `column`: itself, or `doc` for `doc.text`."""
    parts = column.split(".")
    prefixes = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((prefix for prefix in prefixes if prefix in columns), column)


def to_row(corpus: Corpus, record: Record | str) -> Row:
    """Convert a record to a row. A text that is null or missing becomes empty, one of another type is written out.

    A conversation becomes one section for each message. A `record` that is a str is a row that could not be
    parsed. It becomes the text unchanged.
    """
    if isinstance(record, str):
        parts = [(text.title, "" if i else record) for i, text in enumerate(corpus.text)]
        return Row(tuple(parts), {"unparsed": True})
    rest = dict(record)
    parts = []
    for text in corpus.text:
        value = _take(record, rest, text.column)
        parts += _messages(value) or [(text.title, _text(value))]
    metadata = {name: scalar(value) for name, value in rest.items() if not isinstance(value, bytes)}
    return Row(tuple(parts), metadata, _tokens(_take(record, {}, corpus.tokens)) if corpus.tokens else None)


def _tokens(value: object) -> int | None:
    """Return a token count: a whole number, also as text, or the length of a list of ids; None for anything else."""
    match value:
        case bool():
            return None
        case int() if 0 <= value < LARGEST_INT:
            return value
        case float() if value.is_integer() and 0 <= value < LARGEST_INT:
            return int(value)
        case str() if value.strip().isascii() and value.strip().isdigit() and len(value) < 19:
            return int(value)
        case list():
            return len(value)
    return None


def _take(record: Record, rest: dict[str, Any], column: str) -> object:
    """Return the value of a column, which may be nested, and remove it from `rest`."""
    name = top_level(column, record)
    if name == column:
        rest.pop(name, None)
        return record.get(name)
    inner = record[name]
    if not isinstance(inner, dict):
        return None
    rest[name] = siblings = dict(rest.get(name) or {})
    value = _take(inner, siblings, column.removeprefix(f"{name}."))
    if not siblings:
        rest.pop(name)
    return value


def _messages(value: object) -> list[tuple[str, str]]:
    """Return the messages of a conversation as (role, text); none when `value` is no conversation."""
    if not isinstance(value, list) or not value:
        return []
    for author, text in _MESSAGE_KEYS:
        if all(isinstance(message, dict) and author in message and text in message for message in value):
            return [(str(message[author]), _message_text(message, text)) for message in value]
    return []


def _message_text(message: Record, text: str) -> str:
    content = message[text]
    pieces = content if isinstance(content, list) else [content]
    texts = [piece.get("text") if isinstance(piece, dict) and "text" in piece else piece for piece in pieces]
    extras = [message.get(name) for name in _MESSAGE_EXTRAS]
    return "\n\n".join(_text(part) for part in [*texts, *extras] if part is not None)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bytes():
            return value.decode("utf-8", "surrogateescape")
        case _:
            return str(scalar(value)) if not isinstance(value, bool) else json.dumps(value)


def scalar(value: object) -> Scalar:
    """Return a value of a row as metadata have it: what is nested becomes JSON, what is too large becomes text."""
    match value:
        case None | str() | bool() | float():
            return value
        case int():
            return value if -LARGEST_INT <= value < LARGEST_INT else str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list() | dict():
            return _json(value)
        case _:
            return str(value)


def _json(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:  # just within what could be parsed, and just beyond what can be written
        return "(nested too deep to be shown)"
