"""Local JSON lines and CSV files, of which each record is located and parsed."""

from __future__ import annotations

import csv
import io
import json
import struct
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from corpuscope.corpora.compressed import Content, read
from corpuscope.corpora.local_files import LocalFile
from corpuscope.corpora.rows import Record
from corpuscope.errors import CorpusError

_BLANK = 256
"""Bytes up to which a line of white space counts as blank. A longer one counts as a row."""

_PEEK = 1 << 20
"""Bytes at the start of a file from which its columns are inferred."""

_PEEK_ROWS = 20
"""Rows from which the columns are inferred."""

_BOM = b"\xef\xbb\xbf"


class JsonLines:
    """One JSON object per line. Blank lines are skipped, and a line of another kind is a row by itself."""

    def __init__(self, file: LocalFile, content: Content) -> None:
        self._file = file
        self._content = content

    def columns(self) -> Sequence[str] | None:
        """Return the keys of the first rows; None without any row, or when the first is huge.

        Raises CorpusError when the first row is not a JSON object.
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
        """Yield where rows begin."""
        return line_starts(self._content.chunks())

    def parse(self, data: bytes) -> Record | str:
        """Return the values of a row by column, or the unchanged line when it is not a JSON object."""
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
    """Yield, per chunk, the starts of its lines as little-endian 64-bit numbers and the bytes read so far.

    Blank lines are left out. Most of the work releases the GIL.
    """
    begin = position = 0
    tail = b""
    for chunk in chunks:
        ends = position + np.flatnonzero(np.frombuffer(chunk, np.uint8) == ord("\n"))
        begins = np.concatenate(([begin], ends + 1))
        offset = position - len(tail)
        recent = tail + chunk
        short = np.flatnonzero(ends - begins[:-1] <= _BLANK)
        blank = [i for i in short if not recent[begins[i] - offset : ends[i] - offset].strip()]
        yield np.delete(begins[:-1], blank).astype("<u8").tobytes(), position + len(chunk)
        begin = int(begins[-1])
        position += len(chunk)
        tail = recent[-_BLANK:]
    if begin < position and (position - begin > _BLANK or tail[begin - position :].strip()):
        yield np.array([begin], "<u8").tobytes(), position


def _parse(line: bytes) -> Record | None:
    try:
        record = json.loads(line.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


LARGEST = 1 << 28
"""Bytes of one line or characters of one field. More of them mean a quote that is never closed."""

_BATCH = 4096
"""Records between two progress reports."""


class CsvRecords:
    """Records separated by comma, semicolon or tab, below a header. Empty lines are skipped."""

    def __init__(self, file: LocalFile, content: Content, *, largest: int = LARGEST) -> None:
        self._file = file
        self._content = content
        self._largest = largest
        self._delimiter: str | None = None
        self._columns: list[str] = []

    def columns(self) -> Sequence[str] | None:
        """Return the fields of the header; None in an empty file. Raises CorpusError for a malformed header."""
        if self._delimiter is None:
            lines = _Lines(self._content, self._largest)
            first = next((line for line in lines if line.strip()), "")
            delimiter = max(",;\t", key=first.count)
            lines = _Lines(self._content, self._largest)
            self._columns = next((record for _, record in self._records(lines, delimiter)), [])
            self._delimiter = delimiter
        return self._columns or None

    def starts(self) -> Iterator[tuple[bytes, int]]:
        """Yield where records begin, as the csv module splits them. No faster way handles quotes correctly."""
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
        """Return the fields of a record by column. Fields beyond the columns are left out."""
        columns = self.columns() or ()
        text = io.StringIO(data.decode("utf-8", "surrogateescape"), newline="")
        fields = next(csv.reader(text, delimiter=self._delimiter or ","))
        return dict(zip(columns, fields, strict=False))

    def _records(self, lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        """Yield each record that is not empty, with the offset at which it begins."""
        csv.field_size_limit(
            self._largest
        )  # the setting is global to the process, which reads no other CSV meanwhile
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
    """The lines of a file as text, with a count of the bytes yielded."""

    def __init__(self, content: Content, longest: int) -> None:
        self.position = 0
        self._longest = longest
        self._lines = self._split(content.chunks())

    def __iter__(self) -> _Lines:
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
