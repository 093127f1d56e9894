"""What of Parquet files on the Hub is fetched once and then cached: their footers, and first rows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.corpora import hub_ranges, hub_requests, hub_settings
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from corpuscope.file_cache import keep_cached
from corpuscope.files import digest

_TAIL = 64 << 10
"""Bytes fetched from the end of a file for its footer. Most footers fit."""

_MAGIC = b"PAR1"

_OPEN = 3
"""Parsed footers kept in memory. One of FineWeb takes 10 MB, and three threads use one each."""

Metadata = Any
"""A `pyarrow.parquet.FileMetaData`."""

Table = Any
"""A `pyarrow.Table`."""

Schema = Any
"""A `pyarrow.Schema`."""


@dataclass(frozen=True, slots=True)
class Footer:
    """The parsed footer of one file."""

    metadata: Metadata
    """Location of every column of every row group. Do not use its `schema`: the two refer to each other, and
    megabytes would wait for the garbage collector."""
    schema: Schema
    """Names and types of the columns."""
    groups: tuple[int, ...]
    """Number of rows in each row group."""


class Footers:
    """The footers of one corpus at one commit, each fetched once. Thread-safe."""

    def __init__(self, corpus: Corpus, revision: str, cache: Path) -> None:
        self._corpus = corpus
        self._revision = revision
        self._cache = cache / "footers"
        self._recent: OrderedDict[str, Footer] = OrderedDict()
        self._lock = Lock()

    def of(self, shard: Shard) -> Footer:
        """Return the parsed footer of one file.

        Raises SourceUnavailable when the Hub fails, CorpusError when the file is gone or is not Parquet.
        """
        with self._lock:
            if shard.name in self._recent:
                self._recent.move_to_end(shard.name)
                return self._recent[shard.name]
        footer = self.cached(shard) or self._fetch(shard)
        with self._lock:
            self._recent[shard.name] = footer
            while len(self._recent) > _OPEN:
                self._recent.popitem(last=False)
        return footer

    def cached(self, shard: Shard) -> Footer | None:
        """Return the cached footer; None when it was never fetched. Needs no network."""
        try:
            return _parse(self._cache_path(shard).read_bytes())
        except (OSError, pa.ArrowException):
            return None

    def _fetch(self, shard: Shard) -> Footer:
        url = hub_requests.file_url(self._corpus.path, self._revision, shard.name)
        tail = hub_ranges.read_range(url, max(0, shard.bytes - _TAIL), shard.bytes)
        length = int.from_bytes(tail[-8:-4], "little") + 8
        if tail[-4:] != _MAGIC or length + len(_MAGIC) > shard.bytes:
            raise CorpusError(
                f"{shard.name} of {self._corpus.path} is not a Parquet file", "it may be damaged"
            )
        if length > len(tail):
            tail = hub_ranges.read_range(url, shard.bytes - length, shard.bytes - len(tail)) + tail
        content = tail[-length:]
        try:
            footer = _parse(content)
        except (OSError, pa.ArrowException) as error:
            raise CorpusError(f"{shard.name} of {self._corpus.path} has a damaged footer: {error}") from error
        keep_cached(self._cache_path(shard), content)
        return footer

    def _cache_path(self, shard: Shard) -> Path:
        key = (hub_settings.endpoint(), self._corpus.path, self._revision, shard.name)
        return self._cache / f"{digest(*key).hex()[:32]}.parquet"


class FirstRows:
    """The first rows of the files of one dataset at one commit, in some of their columns. Thread-safe.

    Of a file whose row groups are large, the pages of one row hold hundreds of others. Fetching them again for the
    next draw of the file would cost megabytes and several requests.
    """

    def __init__(self, corpus: Corpus, revision: str, cache: Path) -> None:
        self._dataset = (corpus.path, revision)
        self._cache = cache / "first-rows"

    def of(self, shard: Shard, columns: Collection[str]) -> Table | None:
        """Return the cached rows of a file; None when they were never kept. Needs no network."""
        try:
            content = self._cache_path(shard, columns).read_bytes()
            return pa.ipc.open_file(pa.BufferReader(content)).read_all()
        except (OSError, pa.ArrowException):
            return None

    def keep(self, shard: Shard, rows: Table) -> None:
        """Cache the first rows of a file."""
        content = pa.BufferOutputStream()
        with pa.ipc.new_file(
            content, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
        ) as writer:
            writer.write_table(rows)
        keep_cached(self._cache_path(shard, rows.schema.names), content.getvalue())

    def _cache_path(self, shard: Shard, columns: Collection[str]) -> Path:
        key = (hub_settings.endpoint(), *self._dataset, shard.name, *sorted(set(columns)))
        return self._cache / f"{digest(*key).hex()[:32]}.arrow"


def _parse(content: bytes) -> Footer:
    file = pq.ParquetFile(pa.BufferReader(content))
    metadata = file.metadata
    groups = tuple(metadata.row_group(group).num_rows for group in range(metadata.num_row_groups))
    return Footer(metadata, file.schema_arrow, groups)
