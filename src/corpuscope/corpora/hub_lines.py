"""Reading of files on the Hub as streams of `datasets`, either their first rows or the whole file in order."""

from __future__ import annotations

import csv
import tarfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

from corpuscope.corpora import hub_datasets
from corpuscope.corpora.json_values import parse_object
from corpuscope.corpora.rows import Record, column_paths, resolve_text, unique_names
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable

BLOCK = 4 << 20
"""Bytes per request of a stream: at 20 MB/s two thirds of the time go to the transfer rather than to latency."""

_LONGEST_FIELD = 1 << 30
"""Characters allowed in one CSV field. Python's default limit is shorter than a long web page."""

PREFIX_ROWS = 48
"""Rows of a file that can be drawn, which is what one small read of a compressed file yields."""

_BLOCK = 96 << 10
"""Bytes read ahead. 48 documents of C4 take about half of them, so a draw is one request."""

_TABLE_BLOCK = 1 << 20
"""The same for files whose rows lie in batches, or beside images and sound."""

_CHUNK = 128 << 10
"""Characters decoded at a time. The default of `datasets` is 10 MiB."""

_RECENT = 8
"""Prefixes kept in memory, between counting the rows of a file and fetching one of them."""


@dataclass(frozen=True, slots=True)
class LineFormat:
    """How `datasets` reads one kind of line-based file, and how its examples become records."""

    builder: str
    """Name of the packaged builder of `datasets`."""
    options: Mapping[str, Any]
    """Keyword arguments of the builder."""
    records: Callable[[Sequence[Record]], list[Record | str]]
    """Converts examples to records with named columns, or to lines that cannot be parsed."""
    extra: int = 0
    """Number of examples before the first record."""
    separator: str = ""
    """Character between two values of a line; "" when a line is not a row of a table."""
    read_ahead: int = _BLOCK
    """Bytes fetched at a time for the first rows."""


def _parse_json(examples: Sequence[Record]) -> list[Record | str]:
    # The JSON builder guesses types, so that C4's timestamps would lose their T and Z.
    lines = [example["text"].removeprefix("\ufeff") for example in examples]
    lines = [line for line in lines if line.strip()]
    records = [parse_object(line) for line in lines]
    if lines and lines[0].lstrip().startswith("[") and not any(records):
        raise ValueError(
            "it is a JSON array, and only JSON lines can be read from the Hub: one object a line"
        )
    if len(lines) > 1 and not any(records):
        raise ValueError("no line is an object")
    return [line if record is None else record for line, record in zip(lines, records, strict=True)]


def _name_columns(examples: Sequence[Record]) -> list[Record | str]:
    # The header is read as a row. With a name in it no column looks numeric, so values stay as stored.
    header, *rows = [list(example.values()) for example in examples]
    names = unique_names([str(name) for name in header])
    return [dict(zip(names, row, strict=False)) for row in rows]


_TABLE: dict[str, Any] = {"header": None, "na_filter": False, "chunksize": PREFIX_ROWS + 1}

FORMATS = {
    "jsonl": LineFormat("text", {"chunksize": _CHUNK}, _parse_json),
    "txt": LineFormat("text", {"chunksize": _CHUNK}, list),
    "csv": LineFormat("csv", _TABLE, _name_columns, extra=1, separator=","),
    "tsv": LineFormat("csv", _TABLE | {"sep": "\t"}, _name_columns, extra=1, separator="\t"),
    "arrow": LineFormat("arrow", {}, list, read_ahead=_TABLE_BLOCK),
    "webdataset": LineFormat("webdataset", {}, list, read_ahead=_TABLE_BLOCK),
}
"""Formats by the kind of file."""


class FilePrefixes:
    """The first rows of line-based files, each prefix read as one stream. Thread-safe.

    Every method raises SourceUnavailable when the Hub fails, and CorpusError when a file is gone or damaged
    or lacks a text column.
    """

    prefix_rows: int | None = PREFIX_ROWS
    """Rows of each file that can be drawn, since compressed files are not seekable."""

    def __init__(self, corpus: Corpus, revision: str, kind: str, cache: Path) -> None:
        self._corpus = corpus
        self._revision = revision
        self._kind = kind
        self._cache = cache
        self._recent: OrderedDict[str, list[Record | str]] = OrderedDict()
        self._lock = Lock()

    def columns(self, shard: Shard) -> tuple[str, ...]:
        """Return the columns of the first rows."""
        records = [record for record in self._records(shard) if not isinstance(record, str)]
        return tuple(dict.fromkeys(name for record in records for name in column_paths(record)))

    def rows(self, shard: Shard) -> int:
        """Return how many rows of the file can be drawn. Reads them, so that `read` finds them in memory."""
        resolve_text(self._corpus, self.columns(shard), f"dataset {self._corpus.path}")
        return len(self._records(shard))

    def read(self, shard: Shard, row: int) -> Record | str:
        """Read one row."""
        records = self._records(shard)
        if row >= len(records):
            raise CorpusError(f"{shard.name} of {self._corpus.path} has {len(records)} rows, so no row {row}")
        return records[row]

    def stream(self, shard: Shard) -> Iterator[Record | str]:
        """Yield every row of the file in stored order, including those that cannot be drawn.

        Short failures are waited for.
        """
        form = FORMATS[self._kind]
        with self._explain_errors(shard):
            if form.separator:
                lines = self._examples(
                    shard, "text", {"keep_linebreaks": True}, read_ahead=BLOCK, patient=True
                )
                yield from _table((str(line["text"]) for line in lines), form.separator)
            else:
                for example in self._examples(
                    shard, form.builder, form.options, read_ahead=BLOCK, patient=True
                ):
                    yield from form.records([example])

    def cached_row_groups(self, shard: Shard) -> None:  # noqa: ARG002  lines have no groups
        """Return None, since lines have no row groups."""
        return

    def _records(self, shard: Shard) -> list[Record | str]:
        with self._lock:
            if shard.name in self._recent:
                self._recent.move_to_end(shard.name)
                return self._recent[shard.name]
        form = FORMATS[self._kind]
        with self._explain_errors(shard):
            examples = self._examples(shard, form.builder, form.options, read_ahead=form.read_ahead)
            records = form.records(list(islice(examples, PREFIX_ROWS + form.extra)))
        with self._lock:
            self._recent[shard.name] = records
            while len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        return records

    def _examples(
        self,
        shard: Shard,
        builder: str,
        options: Mapping[str, Any],
        *,
        read_ahead: int,
        patient: bool = False,
    ) -> Iterator[Record]:
        return hub_datasets.stream(
            builder,
            self._corpus.path,
            self._revision,
            shard,
            self._cache,
            options,
            read_ahead=read_ahead,
            patient=patient,
        )

    @contextmanager
    def _explain_errors(self, shard: Shard) -> Iterator[None]:
        dataset = self._corpus.path
        try:
            yield
        except ConnectionError as error:
            message = f"{shard.name} of dataset {dataset} was not reached: {error}"
            raise SourceUnavailable(message, "it is tried again") from error
        except ImportError as error:
            message = f"{shard.name} of dataset {dataset} needs a package that is not installed: {error}"
            raise CorpusError(message, "install it where corpuscope is installed") from error
        except (OSError, EOFError, ValueError, csv.Error, tarfile.TarError) as error:
            message = f"{shard.name} of dataset {dataset} cannot be read as {self._kind}: {error}"
            raise CorpusError(message, "the file may be damaged") from error


def _table(lines: Iterator[str], separator: str) -> Iterator[Record]:
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.reader(lines, delimiter=separator)
    header = unique_names(next(rows, []))
    for row in rows:
        if row:
            yield dict(zip(header, row, strict=False))
