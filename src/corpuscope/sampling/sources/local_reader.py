"""How single rows of one local file are read, whatever its format."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Protocol

from corpuscope.errors import CorpusError
from corpuscope.sampling.sources import local_index
from corpuscope.sampling.sources.local_content import Content, content_of, read
from corpuscope.sampling.sources.local_csv import CsvRecords
from corpuscope.sampling.sources.local_files import LocalFile
from corpuscope.sampling.sources.local_index import RowIndex
from corpuscope.sampling.sources.local_lines import JsonLines
from corpuscope.sampling.sources.local_parquet import ParquetRows
from corpuscope.sampling.sources.local_rows import Record

Watch = Callable[[int], None]
"""Told how many bytes were read so far; may raise to end the work."""


class FileReader(Protocol):
    """The rows of one file. Safe to use from several threads; raises CorpusError for a file at fault."""

    def columns(self) -> Sequence[str] | None:
        """The columns it has, as far as its first rows show; None when they do not."""
        ...

    def count(self, watch: Watch) -> int:
        """How many rows it has; takes long when it has to be read for that."""
        ...

    def read(self, row: int) -> Record | str:
        """One row: its columns, or a line that could not be parsed as it stands."""
        ...


def reader_of(file: LocalFile, folder: Path) -> FileReader:
    """The reader for a file; `folder` is where row indexes are kept."""
    content = content_of(file)
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

    def count(self, watch: Watch) -> int:
        """One."""
        watch(0)
        return 1

    def read(self, row: int) -> Record:  # noqa: ARG002  there is one
        """All of it."""
        text = b"".join(self._content.chunks()).decode("utf-8", "surrogateescape")
        return {"text": text.removeprefix("\ufeff")}


class RowFormat(Protocol):
    """Rows that follow each other in a stream of bytes."""

    def columns(self) -> Sequence[str] | None:
        """See `FileReader`."""
        ...

    def starts(self) -> Iterator[tuple[bytes, int]]:
        """Where rows begin, in pieces as `local_index.store` wants them."""
        ...

    def parse(self, data: bytes) -> Record | str:
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

    def count(self, watch: Watch) -> int:
        """As many as the index has."""
        return self._indexed(watch).rows

    def read(self, row: int) -> Record | str:
        """A seek in the index, a seek in the file."""
        return self._rows.parse(read(self._content, *self._indexed(lambda _: None).span(row)))

    def _indexed(self, watch: Watch) -> RowIndex:
        with self._lock:
            if self._index is None:
                self._index = local_index.load(self._file, self._folder)
            if self._index is None:
                self._index = self._store(watch)
            return self._index

    def _store(self, watch: Watch) -> RowIndex:
        try:
            return local_index.store(self._file, self._folder, self._watched(watch))
        except OSError as error:
            message = f"{self._folder} cannot keep the row index of {self._file.name}"
            raise CorpusError(
                f"{message}: {error.strerror or error}", "set CORPUSCOPE_CACHE to a folder with room"
            ) from error

    def _watched(self, watch: Watch) -> Iterator[tuple[bytes, int]]:
        for starts, seen in self._rows.starts():
            watch(seen)
            yield starts, seen
