"""Reading of single rows of Parquet files on the Hub, with as few bytes as the layout allows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as pt

from corpuscope.corpora import hub_ranges, hub_requests
from corpuscope.corpora.arrow_rows import DataType, column_paths, record_of
from corpuscope.corpora.hub_files import HubFileSystem, file_address
from corpuscope.corpora.hub_lines import BLOCK
from corpuscope.corpora.hub_parquet_files import FirstRows, Footer, Footers
from corpuscope.corpora.rows import Record, resolve_text, top_level
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError

_LARGEST_GROUP = 16 << 20
"""Largest row group in bytes that is fetched whole, in under a second at 20 MB/s.
It decides which rows can be drawn, so another value would draw other documents."""
_LARGEST_EXTRA = 4 << 20
"""Bytes of a metadata column in one row group above which it is not fetched."""
_GAP = 512 << 10
"""Bytes between two ranges that are fetched as well, since a second request would cost more."""
_PAGE = 1 << 20
"""Uncompressed bytes at which the usual writers end a page ..."""
_PAGE_ROWS = 1024
"""... and the number of rows between two such checks."""
_LONGEST_LEAD = 4 << 20
"""Bytes of a column fetched before its first row is asked for. What long documents need beyond it follows."""
_BUFFER = 64 << 10
"""Bytes that pyarrow reads ahead inside a column."""
_BATCH = 64
"""Rows decoded at a time from the start of a row group ..."""
_BATCH_BYTES = 4 << 20
"""... and about the bytes that they may take, but for a single longer one."""

_MOST_CACHED = 8 << 20
"""Bytes of the first rows of a file, before compression, above which they are not cached."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The location of one column of one row group."""

    column: str
    """Name of the column."""
    start: int
    """Offset of the first byte in the file."""
    pages: int
    """Offset of the first data page. A dictionary page may come before it."""
    end: int
    """Offset one past the last byte."""
    uncompressed: int
    """Size in bytes before compression."""
    rows: int
    """Number of rows in the row group."""

    @property
    def size(self) -> int:
        """Size in bytes in the file."""
        return self.end - self.start

    @property
    def lead(self) -> int:
        """Offset one past the last byte that decoding the first rows is likely to need."""
        page = max(_PAGE, _PAGE_ROWS * self.uncompressed // max(1, self.rows))
        compressed = page * self.size // max(1, self.uncompressed)
        return min(self.end, self.pages + min(compressed + compressed // 8, _LONGEST_LEAD) + 2 * _BUFFER)

    def up_to(self, row: int) -> int:
        """Offset one past the last byte that decoding the rows up to `row` is likely to need."""
        part = (self.end - self.pages) * (row + 1) // max(1, self.rows)
        return min(self.end, max(self.lead, self.pages + part + part // 8))


class RowGroups:
    """Rows of files with small row groups, of which the one around a row is fetched whole. Thread-safe.

    Every method raises SourceUnavailable when the Hub fails, and CorpusError when a file is gone or damaged or
    lacks a text column.
    """

    prefix_rows: int | None = None
    """None, since every row can be drawn."""

    def __init__(self, corpus: Corpus, revision: str, cache: Path) -> None:
        self._corpus = corpus
        self._revision = revision
        self._footers = Footers(corpus, revision, cache)

    def columns(self, shard: Shard) -> tuple[str, ...]:
        """Return the column names of the file."""
        return column_paths(self._footers.of(shard).schema)

    def has_large_row_groups(self, shard: Shard) -> bool:
        """Return whether fetching a whole row group for one row would take too long."""
        footer = self._footers.of(shard)
        groups = range(len(footer.groups) if self._corpus.frame > 1 else min(1, len(footer.groups)))
        return any(sum(c.size for c in self._chunks(footer, group)) > _LARGEST_GROUP for group in groups)

    def rows(self, shard: Shard) -> int:
        """Return how many rows of the file can be drawn."""
        return sum(self._footers.of(shard).groups)

    def read(self, shard: Shard, row: int) -> Record:
        """Read one row."""
        footer = self._footers.of(shard)
        ends = list(accumulate(footer.groups))
        group = bisect_right(ends, row)
        within = row - (ends[group - 1] if group else 0)
        chunks = self._chunks(footer, group)
        if (
            sum(c.size for c in chunks) > _LARGEST_GROUP
        ):  # in a file whose row groups are unlike those inspected
            spans = _join((c.start, c.up_to(within)) for c in chunks)
            return self._read_leading(shard, footer, chunks, spans, within, groups=[group])
        with self._open(shard, footer, _join((c.start, c.end) for c in chunks)) as file:
            table = file.read_row_group(group, columns=[c.column for c in chunks], use_threads=False)
            return record_of(table, within)

    def _read_leading(
        self,
        shard: Shard,
        footer: Footer,
        chunks: Sequence[_Chunk],
        spans: Sequence[hub_requests.Span],
        row: int,
        groups: Sequence[int] | None = None,
    ) -> Record:
        """Read a row by decoding all before it, see `_batches`."""
        before = 0
        for batch in self._batches(shard, footer, chunks, spans, groups):
            if row < before + batch.num_rows:
                return record_of(batch, row - before)
            before += batch.num_rows
        raise CorpusError(f"{shard.name} of {self._corpus.path} has fewer rows than its footer says")

    def _batches(
        self,
        shard: Shard,
        footer: Footer,
        chunks: Sequence[_Chunk],
        spans: Sequence[hub_requests.Span],
        groups: Sequence[int] | None = None,
    ) -> Iterator[Any]:
        """Yield the rows from the start of the file, or of the first of `groups`, a few at a time.

        `spans` are fetched first, and what else is needed follows.
        """
        batch_rows = max(1, min(_BATCH, _BATCH_BYTES // max(1, _mean_bytes(chunks))))
        columns = [chunk.column for chunk in chunks]
        with self._open(shard, footer, spans) as file:
            yield from file.iter_batches(batch_rows, row_groups=groups, columns=columns, use_threads=False)

    def stream(self, shard: Shard) -> Iterator[Record]:
        """Yield every row of the file in stored order, with the columns of text and tokens only."""
        footer = self._footers.of(shard)
        tokens = {top_level(self._corpus.tokens, footer.schema.names)} if self._corpus.tokens else set()
        columns = sorted(self._text_columns(footer) | tokens.intersection(footer.schema.names))
        address = file_address(self._corpus.path, self._revision, shard, read_ahead=BLOCK, patient=True)
        with self._parquet(shard, footer, address, BLOCK) as file:
            for batch in file.iter_batches(_BATCH, columns=columns, use_threads=False):
                yield from (record_of(batch, row) for row in range(batch.num_rows))

    def cached_row_groups(self, shard: Shard) -> tuple[int, ...] | None:
        """Return the rows of each row group; None when the footer is not cached. Needs no network."""
        footer = self._footers.cached(shard)
        return footer.groups if footer else None

    @contextmanager
    def _open(self, shard: Shard, footer: Footer, spans: Sequence[hub_requests.Span]) -> Iterator[Any]:
        url = hub_requests.file_url(self._corpus.path, self._revision, shard.name)
        bodies = hub_ranges.read_ranges(url, spans)
        fetched = {start: body for (start, _), body in zip(spans, bodies, strict=True)}
        address = file_address(self._corpus.path, self._revision, shard)
        with self._parquet(shard, footer, address, _BUFFER, spans=fetched) as file:
            yield file

    @contextmanager
    def _parquet(
        self,
        shard: Shard,
        footer: Footer,
        address: str,
        buffer: int,
        spans: Mapping[int, bytes] | None = None,
    ) -> Iterator[Any]:
        """Open the file at `address`, of which the bytes of `spans`, by their offset, are in memory."""
        try:
            with HubFileSystem().open(address, cache_options={"spans": spans}) as remote:
                yield pq.ParquetFile(
                    pa.PythonFile(remote, mode="r"),
                    metadata=footer.metadata,
                    buffer_size=buffer,
                    pre_buffer=False,
                )
        except (OSError, pa.ArrowException) as error:
            message = f"{shard.name} of {self._corpus.path} cannot be read: {error}"
            raise CorpusError(message, "the file may be damaged") from error

    def _chunks(self, footer: Footer, group: int) -> list[_Chunk]:
        """Return the chunks of a row group to fetch: the text columns, and other columns that are plain and small."""
        texts = self._text_columns(footer)
        plain = {field.name for field in footer.schema if _is_plain(field.type)}
        row_group = footer.metadata.row_group(group)
        chunks = []
        for position in range(row_group.num_columns):
            column = row_group.column(position)
            name = top_level(column.path_in_schema, footer.schema.names)
            size = column.total_compressed_size
            if name in texts or (name in plain and size <= _LARGEST_EXTRA):
                pages = column.data_page_offset
                start = min(pages, column.dictionary_page_offset or pages)
                uncompressed = column.total_uncompressed_size
                chunks.append(_Chunk(name, start, pages, start + size, uncompressed, row_group.num_rows))
        return chunks

    def _text_columns(self, footer: Footer) -> set[str]:
        """Return the stored columns that hold the text."""
        text = resolve_text(self._corpus, column_paths(footer.schema), f"dataset {self._corpus.path}")
        return {top_level(part.column, footer.schema.names) for part in text}


class FirstPages(RowGroups):
    """The first rows of files with large row groups, of which only the leading pages are fetched."""

    prefix_rows = 256

    def __init__(self, corpus: Corpus, revision: str, cache: Path) -> None:
        super().__init__(corpus, revision, cache)
        self._cached = FirstRows(corpus, revision, cache)

    def rows(self, shard: Shard) -> int:
        """Return how many rows of the file can be drawn."""
        return min(self.prefix_rows, super().rows(shard))

    def read(self, shard: Shard, row: int) -> Record:
        """Read one row. All that can be drawn are decoded and cached, since the pages hold them anyway."""
        footer = self._footers.of(shard)
        chunks = self._chunks(footer, 0)
        table = self._cached.of(shard, [chunk.column for chunk in chunks])
        if table is None:
            spans = _join((chunk.start, chunk.lead) for chunk in chunks)
            if self.prefix_rows * _mean_bytes(chunks) > _MOST_CACHED:
                return self._read_leading(shard, footer, chunks, spans, row)
            table = pa.Table.from_batches(self._first_batches(shard, footer, chunks, spans))
            self._cached.keep(shard, table)
        return record_of(table, row)

    def _first_batches(
        self, shard: Shard, footer: Footer, chunks: Sequence[_Chunk], spans: Sequence[hub_requests.Span]
    ) -> Iterator[Any]:
        """Yield the rows that can be drawn."""
        left = self.rows(shard)
        for batch in self._batches(shard, footer, chunks, spans):
            yield batch.slice(0, left)
            left -= batch.num_rows
            if left <= 0:
                return
        raise CorpusError(f"{shard.name} of {self._corpus.path} has fewer rows than its footer says")


def _mean_bytes(chunks: Sequence[_Chunk]) -> int:
    """Return the mean size of a row before compression."""
    return sum(chunk.uncompressed for chunk in chunks) // max(1, chunks[0].rows)


def _is_plain(kind: DataType) -> bool:
    return not (
        pt.is_nested(kind) or pt.is_binary(kind) or pt.is_large_binary(kind) or pt.is_fixed_size_binary(kind)
    )


def _join(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that lie close to each other, so that fewer requests are needed."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] <= _GAP:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
