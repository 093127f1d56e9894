"""How single rows of one local file are read, whatever its format."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from corpuscope.corpora import local_files
from corpuscope.corpora.compressed import Content, file_content, read
from corpuscope.corpora.local_files import LocalFile, RowIndex
from corpuscope.corpora.local_text_formats import CsvRecords, JsonLines
from corpuscope.corpora.rows import LocalRecord
from corpuscope.errors import CorpusError

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

    def read(self, row: int) -> LocalRecord:
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


OnProgress = Callable[[int], None]
"""Told how many bytes were read so far; may raise to end the work."""


class FileReader(Protocol):
    """The rows of one file. Safe to use from several threads; raises CorpusError for a file at fault."""

    def columns(self) -> Sequence[str] | None:
        """The columns it has, as far as its first rows show; None when they do not."""
        ...

    def count(self, watch: OnProgress) -> int:
        """How many rows it has; takes long when it has to be read for that."""
        ...

    def read(self, row: int) -> LocalRecord | str:
        """One row: its columns, or a line that could not be parsed as it stands."""
        ...


def reader_of(file: LocalFile, folder: Path) -> FileReader:
    """The reader for a file; `folder` is where row indexes are kept."""
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
    """A file that is one document."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def columns(self) -> Sequence[str]:
        """Its one column."""
        return ("text",)

    def count(self, watch: OnProgress) -> int:
        """One."""
        watch(0)
        return 1

    def read(self, row: int) -> LocalRecord:  # noqa: ARG002  there is one
        """All of it."""
        text = b"".join(self._content.chunks()).decode("utf-8", "surrogateescape")
        return {"text": text.removeprefix("\ufeff")}


class RowFormat(Protocol):
    """Rows that follow each other in a stream of bytes."""

    def columns(self) -> Sequence[str] | None:
        """See `FileReader`."""
        ...

    def starts(self) -> Iterator[tuple[bytes, int]]:
        """Where rows begin, in pieces as `local_files.store` wants them."""
        ...

    def parse(self, data: bytes) -> LocalRecord | str:
        """The row in these bytes."""
        ...


class IndexedFile:
    """A file of which an index says where rows begin."""

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

    def count(self, watch: OnProgress) -> int:
        """As many as the index has."""
        return self._indexed(watch).rows

    def read(self, row: int) -> LocalRecord | str:
        """A seek in the index, a seek in the file."""
        return self._rows.parse(read(self._content, *self._indexed(lambda _: None).span(row)))

    def _indexed(self, watch: OnProgress) -> RowIndex:
        with self._lock:
            if self._index is None:
                self._index = local_files.load(self._file, self._folder)
            if self._index is None:
                self._index = self._store(watch)
            return self._index

    def _store(self, watch: OnProgress) -> RowIndex:
        try:
            return local_files.store(self._file, self._folder, self._watched(watch))
        except OSError as error:
            message = f"{self._folder} cannot keep the row index of {self._file.name}"
            raise CorpusError(
                f"{message}: {error.strerror or error}", "set CORPUSCOPE_CACHE to a folder with room"
            ) from error

    def _watched(self, watch: OnProgress) -> Iterator[tuple[bytes, int]]:
        for starts, seen in self._rows.starts():
            watch(seen)
            yield starts, seen
