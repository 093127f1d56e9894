"""Readers of single rows of local Parquet and Arrow files."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import accumulate, islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from corpuscope.corpora.arrow_rows import column_paths, record_of
from corpuscope.corpora.local_files import LocalFile
from corpuscope.corpora.rows import Record, resolve_text
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import CorpusError

_LARGEST_GROUP = 64 << 20
"""Uncompressed bytes of a row group that is decoded at once. A larger one is decoded batch by batch."""

_BATCH = 512
"""Rows decoded at a time from a large row group."""

_FILE_MAGIC = b"ARROW1"
"""First bytes of the Arrow file format, which is Feather's too. Others are in the streaming format."""


class ParquetRows:
    """The rows of one Parquet file. Thread-safe. Raises CorpusError when the file is damaged."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file

    notes: tuple[str, ...] = ()
    """Nothing about Parquet has to be guessed."""

    def text_columns(self, corpus: Corpus, *, guess: bool) -> tuple[TextColumn, ...]:
        """Return the text columns under their names in the file. Raises CorpusError."""
        with self._open() as file:
            return resolve_text(corpus, column_paths(file.schema_arrow), self._file.name, guess=guess)

    def count(self, on_progress: Callable[[int], None]) -> int:
        """Return the number of rows from the footer."""
        on_progress(0)
        with self._open() as file:
            rows: int = file.metadata.num_rows
            return rows

    def read(self, row: int) -> Record:
        """Read one row."""
        with self._open() as file:
            group, within = 0, row
            while within >= (rows := file.metadata.row_group(group).num_rows):
                group, within = group + 1, within - rows
            size = file.metadata.row_group(group).total_byte_size
            batch = min(_BATCH, rows) if size > _LARGEST_GROUP else rows
            for table in file.iter_batches(batch, row_groups=[group], use_threads=False):
                if within < table.num_rows:
                    return record_of(table, within)
                within -= table.num_rows
        raise CorpusError(
            f"{self._file.name} has fewer rows than its footer says", "copy or download it again"
        )

    def stream(self, columns: Collection[str]) -> Iterator[Record]:
        """Yield every row with these top-level columns."""
        with self._open() as file:
            names = file.schema_arrow.names
            is_unique = len(set(names)) == len(names)  # else the later ones are numbered, so all are needed
            wanted = [name for name in names if name in columns] if is_unique else None
            for batch in file.iter_batches(_BATCH, columns=wanted, use_threads=False):
                yield from (record_of(batch, row) for row in range(batch.num_rows))

    @contextmanager
    def _open(self) -> Iterator[Any]:
        try:
            with pq.ParquetFile(self._file.path, pre_buffer=False) as file:
                yield file
        except (OSError, ValueError, pa.ArrowException) as error:
            raise CorpusError(
                f"{self._file.name} cannot be read as Parquet: {error}", "copy or download it again"
            ) from error


class ArrowRows:
    """The rows of one Arrow or Feather file. Thread-safe. Raises CorpusError when the file is damaged."""

    notes: tuple[str, ...] = ()
    """Nothing about Arrow has to be guessed."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file
        self._ends: list[int] | None = None

    def text_columns(self, corpus: Corpus, *, guess: bool) -> tuple[TextColumn, ...]:
        """Return the text columns under their names in the file. Raises CorpusError."""
        with self._open() as reader:
            return resolve_text(corpus, column_paths(reader.schema), self._file.name, guess=guess)

    def count(self, on_progress: Callable[[int], None]) -> int:
        """Return the number of rows. Reads no values unless they are compressed."""
        on_progress(0)
        return self._batch_ends()[-1]

    def read(self, row: int) -> Record:
        """Read one row."""
        ends = self._batch_ends()
        number = bisect_right(ends, row) - 1
        with self._open() as reader:
            if isinstance(reader, ipc.RecordBatchFileReader):
                batch = reader.get_batch(number)
            else:
                batch = next(islice(reader, number, None))
            return record_of(batch, row - ends[number])

    def stream(self, columns: Collection[str]) -> Iterator[Record]:  # noqa: ARG002  values are mapped, not read
        """Yield every row."""
        with self._open() as reader:
            is_file = isinstance(reader, ipc.RecordBatchFileReader)
            batches = map(reader.get_batch, range(reader.num_record_batches)) if is_file else reader
            for batch in batches:
                yield from (record_of(batch, row) for row in range(batch.num_rows))

    def _batch_ends(self) -> list[int]:
        """Return 0, and the number of rows up to the end of each batch."""
        if self._ends is None:
            with self._open() as reader:
                is_file = isinstance(reader, ipc.RecordBatchFileReader)
                batches = map(reader.get_batch, range(reader.num_record_batches)) if is_file else reader
                self._ends = [0, *accumulate(batch.num_rows for batch in batches)]
        return self._ends

    @contextmanager
    def _open(self) -> Iterator[Any]:
        try:
            with pa.memory_map(str(self._file.path)) as stored:
                is_file = stored.read(len(_FILE_MAGIC)) == _FILE_MAGIC
                stored.seek(0)
                yield ipc.open_file(stored) if is_file else ipc.open_stream(stored)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise CorpusError(
                f"{self._file.name} cannot be read as Arrow: {error}", "copy or download it again"
            ) from error
