"""CSV on this machine: where records begin, quoted line ends included, and what is in one."""

import csv
import io
import struct
from collections.abc import Iterator, Sequence

from corpuscope.errors import CorpusError
from corpuscope.sampling.sources.local_content import Content
from corpuscope.sampling.sources.local_files import LocalFile
from corpuscope.sampling.sources.local_rows import Record

LARGEST = 1 << 28
"""Bytes of one line or characters of one field; more mean a quote that is never closed."""
_BATCH = 4096
"""Records between two reports."""


class CsvRecords:
    """Comma, semicolon or tab separated records below a record of column names. Empty lines are no rows."""

    def __init__(self, file: LocalFile, content: Content, *, largest: int = LARGEST) -> None:
        self._file = file
        self._content = content
        self._largest = largest
        self._delimiter: str | None = None
        self._columns: list[str] = []

    def columns(self) -> Sequence[str] | None:
        """The fields of the first record, None when there is none. Raises CorpusError when it has a fault."""
        if self._delimiter is None:
            lines = _Lines(self._content, self._largest)
            first = next((line for line in lines if line.strip()), "")
            delimiter = max(",;\t", key=first.count)
            lines = _Lines(self._content, self._largest)
            self._columns = next((record for _, record in self._records(lines, delimiter)), [])
            self._delimiter = delimiter
        return self._columns or None

    def starts(self) -> Iterator[tuple[bytes, int]]:
        """Where records begin. csv decides, a record at a time: quotes cannot be told apart any faster."""
        self.columns()
        lines = _Lines(self._content, self._largest)
        records = self._records(lines, self._delimiter or ",")
        next(records, None)
        batch: list[int] = []
        for start, _ in records:
            batch.append(start)
            if len(batch) == _BATCH:
                yield struct.pack(f"<{_BATCH}Q", *batch), lines.position
                batch.clear()
        yield struct.pack(f"<{len(batch)}Q", *batch), lines.position

    def parse(self, data: bytes) -> Record:
        """A record's fields by column; those beyond the columns are left out."""
        columns = self.columns() or ()
        text = io.StringIO(data.decode("utf-8", "surrogateescape"), newline="")
        fields = next(csv.reader(text, delimiter=self._delimiter or ","))
        return dict(zip(columns, fields, strict=False))

    def _records(self, lines: "_Lines", delimiter: str) -> Iterator[tuple[int, list[str]]]:
        """Each record that is not empty, with the place it begins at."""
        csv.field_size_limit(self._largest)  # one setting for the whole process; nobody else here uses csv
        start = 0
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            for record in reader:
                if record:
                    yield start, record
                start = lines.position
        except csv.Error as error:
            message = f"{self._file.name}, line {reader.line_num}, cannot be parsed: {error}"
            raise CorpusError(message, "is there a quote that is never closed?") from error


class _Lines:
    """The lines of a file as text, counting the bytes handed over."""

    def __init__(self, content: Content, longest: int) -> None:
        self.position = 0
        self._longest = longest
        self._lines = self._split(content.chunks())

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        text = line.decode("utf-8", "surrogateescape")
        text = text if self.position else text.removeprefix("\ufeff")
        self.position += len(line)
        return text

    def _split(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        rest = b""
        for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line + b"\n"
            if len(rest) > self._longest:
                raise csv.Error("the line is too long")
        if rest:
            yield rest
