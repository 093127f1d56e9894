"""Footers of Parquet files on the Hub: where every column of every row group lies."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from corpuscope.files import digest, keep
from corpuscope.sampling.source import Shard
from corpuscope.sampling.sources import hub_client

_TAIL = 64 << 10
"""Bytes at the end of a file that are fetched for its footer; most footers fit."""
_MAGIC = b"PAR1"
_OPEN = 3
"""Parsed footers in memory; one of FineWeb takes 10 MB, and three threads use one each."""

Metadata = Any
"""A `pyarrow.parquet.FileMetaData`."""
Schema = Any
"""A `pyarrow.Schema`."""


@dataclass(frozen=True, slots=True)
class Footer:
    """What one file says of itself."""

    metadata: Metadata
    """Where every column of every row group lies. Its own `schema` is not for use: it and the metadata refer
    to each other, and megabytes would wait for the garbage collector."""
    schema: Schema
    """Names and types of the columns."""
    groups: tuple[int, ...]
    """Rows of each row group."""


class Footers:
    """The footers of one corpus at one commit, each fetched once. Safe to use from several threads."""

    def __init__(self, corpus: Corpus, revision: str, cache: Path) -> None:
        self._corpus = corpus
        self._revision = revision
        self._cache = cache / "footers"
        self._recent: OrderedDict[str, Footer] = OrderedDict()
        self._lock = Lock()

    def of(self, shard: Shard) -> Footer:
        """The parsed footer of one file.

        Raises SourceUnavailable when the Hub fails, CorpusError when the file is gone or no Parquet.
        """
        with self._lock:
            if shard.name in self._recent:
                self._recent.move_to_end(shard.name)
                return self._recent[shard.name]
        footer = self.kept(shard) or self._fetched(shard)
        with self._lock:
            self._recent[shard.name] = footer
            while len(self._recent) > _OPEN:
                self._recent.popitem(last=False)
        return footer

    def kept(self, shard: Shard) -> Footer | None:
        """The parsed footer as far as it was fetched before; None otherwise. Needs no network."""
        import pyarrow as pa

        try:
            return _parsed(self._place(shard).read_bytes())
        except (OSError, pa.ArrowException):
            return None

    def _fetched(self, shard: Shard) -> Footer:
        import pyarrow as pa

        url = hub_client.file_url(self._corpus.path, self._revision, shard.name)
        tail = hub_client.read_range(url, max(0, shard.bytes - _TAIL), shard.bytes)
        length = int.from_bytes(tail[-8:-4], "little") + 8
        if tail[-4:] != _MAGIC or length + len(_MAGIC) > shard.bytes:
            raise CorpusError(f"{shard.name} of {self._corpus.path} is no Parquet file", "it may be damaged")
        if length > len(tail):
            tail = hub_client.read_range(url, shard.bytes - length, shard.bytes - len(tail)) + tail
        content = tail[-length:]
        try:
            footer = _parsed(content)
        except (OSError, pa.ArrowException) as error:
            raise CorpusError(f"{shard.name} of {self._corpus.path} has a damaged footer: {error}") from error
        keep(self._place(shard), content)
        return footer

    def _place(self, shard: Shard) -> Path:
        key = (hub_client.endpoint(), self._corpus.path, self._revision, shard.name)
        return self._cache / f"{digest(*key)}.parquet"


def _parsed(content: bytes) -> Footer:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(content))
    metadata = file.metadata
    groups = tuple(metadata.row_group(group).num_rows for group in range(metadata.num_row_groups))
    return Footer(metadata, file.schema_arrow, groups)
