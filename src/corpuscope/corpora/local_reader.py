"""Readers of single rows of a local file, one per format."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from threading import Lock
from typing import Protocol

from corpuscope.corpora import row_index
from corpuscope.corpora.arrow_files import ArrowRows, ParquetRows
from corpuscope.corpora.compressed import LARGEST, Content, file_content, read
from corpuscope.corpora.local_delimited import DelimitedRows
from corpuscope.corpora.local_files import LocalFile
from corpuscope.corpora.local_json import JsonRows
from corpuscope.corpora.row_index import RowIndex
from corpuscope.corpora.rows import Record, resolve_text
from corpuscope.corpora.text_encoding import begins_as_utf16, encoding_of
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import CorpusError
from corpuscope.files import reason
from corpuscope.text.quantities import quantity

_LONGEST_SPAN = LARGEST + (8 << 20)
"""Bytes that are read for one row, at most. More can only be blank lines behind it."""

_BEGINNING = 128 << 10
"""Bytes of a file whose encoding is checked when it is opened."""

_NOT_UTF8 = (
    "some bytes are not UTF-8; turn the file into UTF-8, for instance with iconv -f WINDOWS-1252 -t UTF-8"
)

OnProgress = Callable[[int], None]
"""Callback for the number of bytes read so far. It may raise to stop the work."""


class FileReader(Protocol):
    """The rows of one file. Thread-safe. Raises CorpusError when the file cannot be read."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be guessed about the file, and how many rows do not fit, once they are counted."""
        ...

    def text_columns(self, corpus: Corpus, *, guess: bool) -> tuple[TextColumn, ...] | None:
        """Return the text columns under their names in the file, see `resolve_text`; None when it has no rows."""
        ...

    def count(self, on_progress: OnProgress) -> int:
        """Return the number of rows. Takes long when the file must be read for it."""
        ...

    def read(self, row: int) -> Record | str:
        """Read one row: its values by column, or the unchanged line when it could not be parsed."""
        ...

    def stream(self, columns: Collection[str]) -> Iterator[Record | str]:
        """Yield every row in stored order, in one pass over the file, with at least these top-level columns."""
        ...


def reader_of(file: LocalFile, folder: Path, corpus: Corpus) -> FileReader:
    """Return the reader for a file of `corpus`. Row indexes are stored in `folder`."""
    content = file_content(file)
    match file.format:
        case "json":
            return IndexedFile(file, content, JsonRows(file.name, content, file.path), folder)
        case "csv":
            return IndexedFile(file, content, DelimitedRows(file.name, content, corpus), folder)
        case "parquet":
            return ParquetRows(file)
        case "arrow":
            return ArrowRows(file)
        case _:
            return TextFile(file, content)


class TextFile:
    """A text file that is one document."""

    notes: tuple[str, ...] = ()
    """Nothing about a text file has to be guessed."""

    def __init__(self, file: LocalFile, content: Content) -> None:
        self._file = file
        self._content = content

    def text_columns(self, corpus: Corpus, *, guess: bool) -> tuple[TextColumn, ...]:
        """See `FileReader`. The only column is called text."""
        return resolve_text(corpus, ("text",), self._file.name, guess=guess)

    def count(self, on_progress: OnProgress) -> int:
        """Return 1."""
        on_progress(0)
        return 1

    def read(self, row: int) -> Record:  # noqa: ARG002  there is only one row
        """Read the whole file. Raises CorpusError when it is too long."""
        data = read(self._content, 0, LARGEST + 1)
        if len(data) > LARGEST:
            raise CorpusError(
                f"{self._file.name} is longer than {LARGEST >> 20} MB, the most that a document may have"
            )
        encoding, mark = encoding_of(data)
        errors = "surrogateescape" if encoding == "utf-8" else "replace"
        return {"text": data[len(mark) :].decode(encoding, errors)}

    def stream(self, columns: Collection[str]) -> Iterator[Record]:  # noqa: ARG002  there is only one
        """Yield the only row."""
        yield self.read(0)


class RowFormat(Protocol):
    """A format whose rows follow each other in a stream of bytes."""

    @property
    def notes(self) -> tuple[str, ...]:
        """See `FileReader`."""
        ...

    @property
    def variant(self) -> str:
        """What decides where rows begin beside the format."""
        ...

    def text_columns(self, corpus: Corpus, *, guess: bool) -> tuple[TextColumn, ...] | None:
        """See `FileReader`."""
        ...

    def misfits(self) -> tuple[int, int]:
        """Return `misfits` and `first_misfit` of the index, after the last start."""
        ...

    def starts(self) -> Iterator[tuple[bytes, int]]:
        """Yield the starts of rows in the pieces that `row_index.store` takes."""
        ...

    def stream(self) -> Iterator[bytes]:
        """Yield the bytes of one row after the other."""
        ...

    def parse(self, data: bytes) -> Record | str:
        """Parse the bytes of one row."""
        ...


def _begins_as_utf8(content: Content) -> bool:
    """Tell whether the beginning of a file is UTF-8, or UTF-16."""
    data = read(content, 0, _BEGINNING)
    if begins_as_utf16(data):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


class IndexedFile:
    """A file with an index of where its rows begin."""

    def __init__(self, file: LocalFile, content: Content, rows: RowFormat, folder: Path) -> None:
        self._file = file
        self._content = content
        self._rows = rows
        self._folder = folder
        self._index: RowIndex | None = None
        self._lock = Lock()

    @property
    def notes(self) -> tuple[str, ...]:
        """See `FileReader`."""
        notes = (*self._rows.notes, *(() if _begins_as_utf8(self._content) else (_NOT_UTF8,)))
        if not (self._index and self._index.misfits):
            return notes
        misfits = (
            f"{self._index.misfits:,} of {quantity(self._index.rows, 'record')} without the fields of the header, the "
            f"first on line {self._index.first_misfit:,}; shown unchanged"
        )
        return (*notes, misfits)

    def text_columns(self, corpus: Corpus, *, guess: bool) -> tuple[TextColumn, ...] | None:
        """See `FileReader`."""
        return self._rows.text_columns(corpus, guess=guess)

    def count(self, on_progress: OnProgress) -> int:
        """Return the number of rows in the index, which is built first when it is missing."""
        return self._load_index(on_progress).rows

    def read(self, row: int) -> Record | str:
        """Read one row with one seek in the index and one in the file."""
        start, end = self._load_index(lambda _: None).span(row)
        return self._rows.parse(read(self._content, start, min(end, start + _LONGEST_SPAN)))

    def stream(self, columns: Collection[str]) -> Iterator[Record | str]:  # noqa: ARG002  a row holds all
        """See `FileReader`. Needs no index."""
        return map(self._rows.parse, self._rows.stream())

    def _load_index(self, on_progress: OnProgress) -> RowIndex:
        with self._lock:
            if self._index is None:
                self._index = row_index.load(self._file, self._folder, self._rows.variant)
            if self._index is None:
                self._index = self._build_index(on_progress)
            return self._index

    def _build_index(self, on_progress: OnProgress) -> RowIndex:
        try:
            return row_index.store(
                self._file, self._folder, self._starts(on_progress), self._rows.variant, self._rows.misfits
            )
        except OSError as error:
            message = f"{self._folder} cannot keep the row index of {self._file.name}"
            raise CorpusError(
                f"{message}: {reason(error)}", "set CORPUSCOPE_CACHE to a folder with room"
            ) from error

    def _starts(self, on_progress: OnProgress) -> Iterator[tuple[bytes, int]]:
        for starts, position in self._rows.starts():
            on_progress(position)
            yield starts, position
