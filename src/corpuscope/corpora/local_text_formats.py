"""JSON lines and CSV on this machine: where records begin, and what is in one."""

import csv
import io
import json
import struct
from collections.abc import Iterable, Iterator, Sequence

from corpuscope.corpora.compressed import Content, read
from corpuscope.corpora.local_files import LocalFile
from corpuscope.corpora.rows import LocalRecord
from corpuscope.errors import CorpusError

_BLANK = 256
"""Lines of white space are looked for up to this length; a longer one counts as a row."""

_PEEK = 1 << 20
"""Bytes in which the first rows are looked for, to see which columns there are."""

_PEEK_ROWS = 20

_BOM = b"\xef\xbb\xbf"


class JsonLines:
    """One JSON object a line. Lines of white space are no rows; other lines are rows as they stand."""

    def __init__(self, file: LocalFile, content: Content) -> None:
        self._file = file
        self._content = content

    def columns(self) -> Sequence[str] | None:
        """The keys of the first rows; None when it has no rows or a huge first one.

        Raises CorpusError when the first row is no JSON object.
        """
        peek = read(self._content, 0, _PEEK)
        lines = peek.removeprefix(_BOM).split(b"\n")
        if len(peek) == _PEEK:
            lines.pop()
        full = [line for line in lines if line.strip()]
        if not full:
            return None
        if _parse(full[0]) is None:
            raise self._not_lines(full[0])
        records = [_parse(line) or {} for line in full[:_PEEK_ROWS]]
        return list(dict.fromkeys(key for record in records for key in record))

    def starts(self) -> Iterator[tuple[bytes, int]]:
        """Where rows begin."""
        return line_starts(self._content.chunks())

    def parse(self, data: bytes) -> LocalRecord | str:
        """A row's columns, or the line as it stands."""
        line = data.removeprefix(_BOM).split(b"\n", 1)[0].removesuffix(b"\r")
        record = _parse(line)
        return line.decode("utf-8", "surrogateescape") if record is None else record

    def _not_lines(self, first: bytes) -> CorpusError:
        if first.lstrip()[:1] == b"[":
            convert = f"it is one JSON array; turn it into lines with: jq -c '.[]' {self._file.path}"
            return CorpusError(f"{self._file.name} holds no JSON lines", convert)
        start = first[:40].decode("utf-8", "replace")
        return CorpusError(
            f"{self._file.name} holds no JSON lines", f"its first line is no object: {start!r}"
        )


def line_starts(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """For each chunk, where its lines begin as little-endian 64-bit numbers, and the bytes seen so far.

    Lines of white space are left out. Runs outside of the GIL for the most part.
    """
    import numpy as np

    begin = seen = 0
    tail = b""
    for chunk in chunks:
        ends = seen + np.flatnonzero(np.frombuffer(chunk, np.uint8) == ord("\n"))
        begins = np.concatenate(([begin], ends + 1))
        offset = seen - len(tail)
        recent = tail + chunk
        short = np.flatnonzero(ends - begins[:-1] <= _BLANK)
        blank = [i for i in short if not recent[begins[i] - offset : ends[i] - offset].strip()]
        yield np.delete(begins[:-1], blank).astype("<u8").tobytes(), seen + len(chunk)
        begin = int(begins[-1])
        seen += len(chunk)
        tail = recent[-_BLANK:]
    if begin < seen and (seen - begin > _BLANK or tail[begin - seen :].strip()):
        yield np.array([begin], "<u8").tobytes(), seen


def _parse(line: bytes) -> LocalRecord | None:
    try:
        record = json.loads(line.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


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

    def parse(self, data: bytes) -> LocalRecord:
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
