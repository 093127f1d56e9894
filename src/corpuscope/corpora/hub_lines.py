"""Reading of line-based files on the Hub as streams, either their first rows or the whole file in order."""

from __future__ import annotations

import tarfile
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

from corpuscope.corpora import hub_datasets
from corpuscope.corpora.compressed import LARGEST, Content
from corpuscope.corpora.hub_content import contents
from corpuscope.corpora.json_values import parse_object
from corpuscope.corpora.local_delimited import DelimitedRows
from corpuscope.corpora.local_json import JsonRows
from corpuscope.corpora.rows import Record, columns_of, resolve_text
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable
from corpuscope.text.quantities import quantity

BLOCK = 4 << 20
"""Bytes per request of a stream: at 20 MB/s two thirds of the time go to the transfer rather than to latency."""

PREFIX_ROWS = 48
"""Rows of a file that can be drawn, which is what one small read of a compressed file yields."""

_BLOCK = 96 << 10
"""Bytes read ahead. 48 documents of C4 take about half of them, so a draw is one request."""

_SAMPLE = 128 << 10
"""The same for delimited files, whose dialect is chosen by as many, and for JSON arrays."""

_TABLE_BLOCK = 1 << 20
"""The same for files whose rows lie in batches, or beside images and sound."""

_CHUNK = 128 << 10
"""Characters decoded at a time. The default of `datasets` is 10 MiB."""

_BATCH = 64
"""Rows of a stream that are parsed together: a single one would not tell a bad line from a file of another format."""

_RECENT = 8
"""Prefixes kept in memory, between counting the rows of a file and fetching one of them."""


@dataclass(frozen=True, slots=True)
class LineFormat:
    """How `datasets` reads one kind of file, and how its examples become records."""

    builder: str
    """Name of the packaged builder of `datasets`."""
    options: Mapping[str, Any]
    """Keyword arguments of the builder."""
    records: Callable[[Sequence[Record]], list[Record | str]]
    """Converts examples to records with named columns, or to lines that cannot be parsed."""
    read_ahead: int = _BLOCK
    """Bytes fetched at a time for the first rows."""


def _parse_json(examples: Sequence[Record]) -> list[Record | str]:
    # The JSON builder guesses types, so that C4's timestamps would lose their T and Z.
    lines = [example["text"].removeprefix("\ufeff") for example in examples]
    lines = [line for line in lines if line.strip()]
    records = [parse_object(line) for line in lines]
    if lines and lines[0].lstrip().startswith("[") and not any(records):
        raise ValueError(
            "it is a JSON array, unlike the largest file; choose the arrays by themselves with --data-files"
        )
    if len(lines) > 1 and not any(records):
        raise ValueError("no line is an object")
    return [line if record is None else record for line, record in zip(lines, records, strict=True)]


FORMATS = {
    "jsonl": LineFormat("text", {"chunksize": _CHUNK}, _parse_json),
    "txt": LineFormat("text", {"chunksize": _CHUNK}, list),
    "arrow": LineFormat("arrow", {}, list, read_ahead=_TABLE_BLOCK),
    "webdataset": LineFormat("webdataset", {}, list, read_ahead=_TABLE_BLOCK),
}
"""Formats that `datasets` reads, by the kind of file. CSV, TSV and JSON arrays are read as local files are."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The first rows of a file."""

    records: Sequence[Record | str]
    """The rows: records, or lines that cannot be parsed."""
    columns: tuple[str, ...]
    """Names of all their columns."""
    notes: tuple[str, ...] = ()
    """What had to be guessed about the file."""


class FilePrefixes:
    """The first rows of line-based files, each prefix read as one stream. Thread-safe.

    Every method raises SourceUnavailable when the Hub fails, and CorpusError when a file is gone or damaged
    or lacks a text column.
    """

    prefix_rows: int | None = PREFIX_ROWS
    """Rows of each file that can be drawn, since compressed files are not seekable."""

    def __init__(
        self, corpus: Corpus, revision: str, kind: str, cache: Path, *, most: int = 4 * LARGEST
    ) -> None:
        """Read at most `most` decompressed bytes of a file: one line may be larger than memory."""
        self._corpus = corpus
        self._most = most
        self._revision = revision
        self._kind = kind
        self._cache = cache
        self._recent: OrderedDict[str, _Head] = OrderedDict()
        self._lock = Lock()

    def columns(self, shard: Shard) -> tuple[str, ...]:
        """Return the columns of the first rows."""
        return self._head(shard).columns

    def notes(self, shard: Shard) -> tuple[str, ...]:
        """Return what had to be guessed about the file."""
        return self._head(shard).notes

    def is_json_array(self, shard: Shard) -> bool:
        """Tell from its first bytes whether a file is one JSON array."""
        with self._explain_errors(shard):
            for name, content in self._contents(shard, read_ahead=_SAMPLE):
                return JsonRows(name, content, PurePosixPath(name)).is_array
            return False

    def rows(self, shard: Shard) -> int:
        """Return how many rows of the file can be drawn. Reads them, so that `read` finds them in memory."""
        head = self._head(shard)
        resolve_text(self._corpus, head.columns, f"dataset {self._corpus.path}")
        return len(head.records)

    def read(self, shard: Shard, row: int) -> Record | str:
        """Read one row."""
        records = self._head(shard).records
        if row >= len(records):
            raise CorpusError(f"{shard.name} of {self._corpus.path} has {len(records)} rows, so no row {row}")
        return records[row]

    def stream(self, shard: Shard) -> Iterator[Record | str]:
        """Yield every row of the file in stored order, including those that cannot be drawn.

        Short failures are waited for.
        """
        form = FORMATS.get(self._kind)
        with self._explain_errors(shard):
            if form is None:
                for rows in self._row_formats(shard, read_ahead=BLOCK, patient=True):
                    yield from map(rows.parse, rows.stream())
            else:
                examples = self._examples(shard, form, read_ahead=BLOCK, patient=True)
                while batch := list(islice(examples, _BATCH)):
                    yield from form.records(batch)

    def cached_row_groups(self, shard: Shard) -> None:  # noqa: ARG002  lines have no groups
        """Return None, since lines have no row groups."""
        return

    def _head(self, shard: Shard) -> _Head:
        with self._lock:
            if shard.name in self._recent:
                self._recent.move_to_end(shard.name)
                return self._recent[shard.name]
        form = FORMATS.get(self._kind)
        with self._explain_errors(shard):
            if form is None:
                head = self._located_head(shard)
            else:
                examples = self._examples(shard, form, read_ahead=form.read_ahead)
                records = form.records(list(islice(examples, PREFIX_ROWS)))
                head = _Head(records, columns_of(records))
        with self._lock:
            self._recent[shard.name] = head
            while len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        return head

    def _located_head(self, shard: Shard) -> _Head:
        """Read the first rows of a file as one that is local. Raises ValueError when it is empty."""
        records: list[Record | str] = []
        header: dict[str, None] = {}
        notes: list[str] = []
        for rows in self._row_formats(shard, read_ahead=_SAMPLE):
            located = list(islice(rows.stream(), PREFIX_ROWS - len(records)))
            records += map(rows.parse, located)
            notes += rows.notes
            if isinstance(rows, DelimitedRows):
                rows.require_fit()
                header |= dict.fromkeys(rows.columns)
            if len(records) == PREFIX_ROWS:
                break
        columns = tuple(header) or columns_of(records)
        if not columns:
            raise ValueError("no row of it is an object" if records else "it is empty")
        misfits = sum(isinstance(record, str) for record in records)
        if header and misfits:
            notes.append(
                f"{misfits:,} of the first {quantity(len(records), 'record')} without the fields of the header, shown "
                "unchanged"
            )
        return _Head(records, columns, tuple(dict.fromkeys(notes)))

    def _row_formats(
        self, shard: Shard, *, read_ahead: int, patient: bool = False
    ) -> Iterator[DelimitedRows | JsonRows]:
        """Yield what takes the file apart, or each file in an archive. Each has to be read before the next one."""
        for name, content in self._contents(shard, read_ahead=read_ahead, patient=patient):
            if self._kind == "json":
                yield JsonRows(name, content, PurePosixPath(name))
            else:
                yield DelimitedRows(name, content, self._corpus)

    def _contents(
        self, shard: Shard, *, read_ahead: int, patient: bool = False
    ) -> Iterator[tuple[str, Content]]:
        dataset = self._corpus.path
        return contents(
            dataset,
            self._revision,
            shard,
            read_ahead=read_ahead,
            patient=patient,
            most=None if patient else self._most,
        )

    def _examples(
        self, shard: Shard, form: LineFormat, *, read_ahead: int, patient: bool = False
    ) -> Iterator[Record]:
        return hub_datasets.stream(
            form.builder,
            self._corpus.path,
            self._revision,
            shard,
            self._cache,
            form.options,
            read_ahead=read_ahead,
            patient=patient,
            most=None if patient else self._most,
        )

    @contextmanager
    def _explain_errors(self, shard: Shard) -> Iterator[None]:
        dataset = self._corpus.path
        try:
            yield
        except ConnectionError as error:
            message = f"{shard.name} of dataset {dataset} could not be reached: {error}"
            raise SourceUnavailable(message, "it will be tried again") from error
        except ImportError as error:
            message = f"{shard.name} of dataset {dataset} needs a package that is not installed: {error}"
            raise CorpusError(message, "install it where corpuscope is installed") from error
        except (OSError, EOFError, ValueError, tarfile.TarError, zipfile.BadZipFile) as error:
            message = f"{shard.name} of dataset {dataset} cannot be read as {self._kind}: {error}"
            raise CorpusError(message, "the file may be damaged") from error
