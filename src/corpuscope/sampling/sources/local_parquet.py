"""Parquet on this machine: any row by its number, without holding more than one row group."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from corpuscope.errors import CorpusError
from corpuscope.sampling.sources.local_files import LocalFile
from corpuscope.sampling.sources.local_rows import Record

_LARGEST_GROUP = 64 << 20
"""Bytes of a row group, unpacked, that are decoded at once; a larger one is decoded batch by batch."""
_BATCH = 512


class ParquetRows:
    """The rows of one Parquet file. Safe to use from several threads; raises CorpusError on damage."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file

    def columns(self) -> Sequence[str]:
        """The names of the columns."""
        with self._open() as file:
            names: list[str] = file.schema_arrow.names
            return names

    def count(self, watch: Callable[[int], None]) -> int:
        """How many rows there are; the footer says it."""
        watch(0)
        with self._open() as file:
            rows: int = file.metadata.num_rows
            return rows

    def read(self, row: int) -> Record:
        """One row."""
        with self._open() as file:
            group, within = 0, row
            while within >= (rows := file.metadata.row_group(group).num_rows):
                group, within = group + 1, within - rows
            size = file.metadata.row_group(group).total_byte_size
            batch = min(_BATCH, rows) if size > _LARGEST_GROUP else rows
            for table in file.iter_batches(batch, row_groups=[group], use_threads=False):
                if within < table.num_rows:
                    return {name: _value(table.column(name)[within]) for name in table.schema.names}
                within -= table.num_rows
        raise CorpusError(
            f"{self._file.name} has fewer rows than its footer says", "copy or download it again"
        )

    @contextmanager
    def _open(self) -> Iterator[Any]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(self._file.path, pre_buffer=False) as file:
                yield file
        except (OSError, pa.ArrowException) as error:
            raise CorpusError(
                f"{self._file.name} cannot be read as Parquet: {error}", "copy or download it again"
            ) from error


def _value(scalar: Any) -> object:  # noqa: ANN401  pyarrow publishes no types
    """The scalar in Python; a string that is not UTF-8 keeps its bytes."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return bytes(scalar.as_buffer()).decode("utf-8", "surrogateescape")
