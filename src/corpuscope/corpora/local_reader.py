"""Readers of single rows of a local file, one per format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.corpora import row_index
from corpuscope.corpora.arrow_rows import column_paths, record_of
from corpuscope.corpora.compressed import Content, file_content, read
from corpuscope.corpora.local_files import LocalFile
from corpuscope.corpora.local_text_formats import CsvRecords, JsonLines
from corpuscope.corpora.row_index import RowIndex
from corpuscope.corpora.rows import Record
from corpuscope.errors import CorpusError

_LARGEST_GROUP = 64 << 20
"""Uncompressed bytes of a row group that is decoded at once. A larger one is decoded batch by batch."""

_BATCH = 512
"""Rows decoded at a time from a large row group."""


class ParquetRows:
    """The rows of one Parquet file. Thread-safe. Raises CorpusError when the file is damaged."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file

    def columns(self) -> Sequence[str]:
        """Return the column names."""
        with self._open() as file:
            return column_paths(file.schema_arrow)

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

    @contextmanager
    def _open(self) -> Iterator[Any]:
        try:
            with pq.ParquetFile(self._file.path, pre_buffer=False) as file:
                yield file
        except (OSError, pa.ArrowException) as error:
            raise CorpusError(
                f"{self._file.name} cannot be read as Parquet: {error}", "copy or download it again"
            ) from error


OnProgress = Callable[[int], None]
"""Callback for the number of bytes read so far. It may raise to stop the work."""


class FileReader(Protocol):
    """The rows of one file. Thread-safe. Raises CorpusError when the file cannot be read."""

    def columns(self) -> Sequence[str] | None:
        """Return the column names that the first rows show; None when they show none."""
        ...

    def count(self, on_progress: OnProgress) -> int:
        """Return the number of rows. Takes long when the file must be read for it."""
        ...

    def read(self, row: int) -> Record | str:
        """Read one row: its values by column, or the unchanged line when it could not be parsed."""
        ...


def reader_of(file: LocalFile, folder: Path) -> FileReader:
    """Return the reader for a file. Row indexes are stored in `folder`."""
    content = file_content(file)
    match file.format:
        case "json":
            return IndexedFile(file, content, JsonLines(file, content), folder)
        case "csv":
            return IndexedFile(file, content, CsvRecords(file, content), folder)
        case "parquet":
            return ParquetRows(file)
        case _:
            return TextFile(content)


class TextFile:
    """A text file that is one document."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def columns(self) -> Sequence[str]:
        """Return the only column name."""
        return ("text",)

    def count(self, on_progress: OnProgress) -> int:
        """Return 1."""
        on_progress(0)
        return 1

    def read(self, row: int) -> Record:  # noqa: ARG002  there is only one row
        """Read the whole file."""
        text = b"".join(self._content.chunks()).decode("utf-8", "surrogateescape")
        return {"text": text.removeprefix("\ufeff")}


class RowFormat(Protocol):
    """A format whose rows follow each other in a stream of bytes."""

    def columns(self) -> Sequence[str] | None:
        """See `FileReader`."""
        ...

    def starts(self) -> Iterator[tuple[bytes, int]]:
        """Yield the starts of rows in the pieces that `row_index.store` takes."""
        ...

    def parse(self, data: bytes) -> Record | str:
        """Parse the bytes of one row."""
        ...


class IndexedFile:
    """A file with an index of where its rows begin."""

    def __init__(self, file: LocalFile, content: Content, rows: RowFormat, folder: Path) -> None:
        self._file = file
        self._content = content
        self._rows = rows
        self._folder = folder
        self._index: RowIndex | None = None
        self._lock = Lock()

    def columns(self) -> Sequence[str] | None:
        """See `FileReader`."""
        return self._rows.columns()

    def count(self, on_progress: OnProgress) -> int:
        """Return the number of rows in the index, which is built first when it is missing."""
        return self._load_index(on_progress).rows

    def read(self, row: int) -> Record | str:
        """Read one row with one seek in the index and one in the file."""
        return self._rows.parse(read(self._content, *self._load_index(lambda _: None).span(row)))

    def _load_index(self, on_progress: OnProgress) -> RowIndex:
        with self._lock:
            if self._index is None:
                self._index = row_index.load(self._file, self._folder)
            if self._index is None:
                self._index = self._build_index(on_progress)
            return self._index

    def _build_index(self, on_progress: OnProgress) -> RowIndex:
        try:
            return row_index.store(self._file, self._folder, self._starts(on_progress))
        except OSError as error:
            message = f"{self._folder} cannot keep the row index of {self._file.name}"
            raise CorpusError(
                f"{message}: {error.strerror or error}", "set CORPUSCOPE_CACHE to a folder with room"
            ) from error

    def _starts(self, on_progress: OnProgress) -> Iterator[tuple[bytes, int]]:
        for starts, position in self._rows.starts():
            on_progress(position)
            yield starts, position
