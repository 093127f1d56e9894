"""Records of CSV and TSV files in every usual dialect, located without a copy and parsed one by one."""

from __future__ import annotations

import csv
import io
import re
import struct
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePath
from threading import Lock

from corpuscope.corpora.compressed import LARGEST, Content, read
from corpuscope.corpora.row_stream import Starts, rows_of
from corpuscope.corpora.rows import Record, resolve_text, unique_names
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import CorpusError

_SAMPLE = 128 << 10
"""Bytes at the start of a file by which its dialect is chosen."""

_MOST_PREAMBLE = 10
"""Records before the header that are passed over, at most."""

_MOST_LINES = 1 << 18
"""Lines of one record, at most. More of them mean a quote that is never closed."""

_BLANK = " \t\r\n"
"""Characters of an empty line, without the delimiter."""

_BATCH = 4096
"""Records between two progress reports, at most ..."""

_BATCH_BYTES = 64 << 10
"""... and about the bytes between them."""

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""Delimiters that are tried, the first one wins a tie, with their names."""

_NONE = "\U0010ffff"
"""A delimiter that is no character, for files of one column."""

_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8"}
"""Encodings by their byte order mark. Without one it is UTF-8."""

_ESCAPE = re.compile(r'\\([\\"\r\n])|\\')


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a file separates and quotes fields, and where its header is."""

    encoding: str
    """Encoding of the file."""
    start: int
    """Offset of the header in bytes."""
    header: int
    """Line number of the header, from 1."""
    delimiter: str
    """Character between two fields."""
    quotes: str
    """`doubled` or `escaped` for quotes inside of quotes, `text` where quotes mean nothing."""
    columns: tuple[str, ...] = ()
    """Column names of the header, unique."""

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Return a strict reader of the csv module."""
        if self.quotes == "escaped":
            lines = (_ESCAPE.sub(lambda m: m.group() if m.group(1) else r"\\", line) for line in lines)
        csv.field_size_limit(LARGEST)  # global to the process, which reads no other CSV meanwhile
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            strict=True,
            escapechar="\\" if self.quotes == "escaped" else None,
            quoting=csv.QUOTE_NONE if self.quotes == "text" else csv.QUOTE_MINIMAL,
        )

    def is_plain(self, line: str) -> bool:
        """Tell whether a line is a record by itself, which is split at delimiters alone."""
        return '"' not in line and (self.quotes != "escaped" or "\\" not in line)

    def fits(self, fields: Sequence[str] | None) -> bool:
        """Tell whether a record has as many fields as the header; empty ones at its end do not count."""
        if fields is None or len(fields) <= len(self.columns):
            return fields is not None and len(fields) == len(self.columns)
        return not any(fields[len(self.columns) :])


class DelimitedRows:
    """Records below a header. Empty lines are skipped, and a record that does not fit the header is a row by itself.

    The file extension and the content decide about delimiter, quotes, encoding and header; `corpus` names the
    columns by which a header is recognised below a preamble.
    """

    def __init__(self, name: str, content: Content, corpus: Corpus) -> None:
        self._name = name
        self._content = content
        self._corpus = corpus
        self._dialect: _Dialect | None = None
        self._header: list[str] = []
        self._located = self._misfits = self._first_misfit = 0
        self._lock = Lock()

    def text_columns(self, corpus: Corpus, *, guess: bool) -> tuple[TextColumn, ...] | None:
        """Return the text columns under their names in the header, None in an empty file.

        Raises CorpusError when a column does not exist, or when the file begins with no header at all.
        """
        columns = self._chosen().columns
        return resolve_text(corpus, columns, self._name, guess=guess) if columns else None

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names of the header, unique; empty in an empty file."""
        return self._chosen().columns

    @property
    def variant(self) -> str:
        """Everything beside the content that decides where records begin."""
        return repr(self._chosen())

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be guessed about the file."""
        dialect = self._chosen()
        notes = []
        if dialect.delimiter != ("\t" if self._is_tsv else ",") and dialect.delimiter in _DELIMITERS:
            notes.append(f"fields are separated by {_DELIMITERS[dialect.delimiter]}")
        if dialect.quotes != "doubled":
            notes.append(
                f"quotes are {'escaped with a backslash' if dialect.quotes == 'escaped' else 'text'}"
            )
        if dialect.encoding != "utf-8":
            notes.append("the encoding is UTF-16")
        if dialect.header > 1:
            notes.append(f"the header is on line {dialect.header}")
        repeated = [name for name in dict.fromkeys(self._header) if self._header.count(name) > 1]
        if repeated:
            notes.append(f"several columns are called {', '.join(repeated)}; the first one keeps the name")
        return tuple(notes)

    def misfits(self) -> tuple[int, int]:
        """Return the number of records that do not fit the header, and the line of the first one, once located."""
        return self._misfits, self._first_misfit

    def starts(self) -> Starts:
        """Yield where records begin, as the csv module splits them. No faster way handles quotes correctly.

        Raises CorpusError when most records do not fit the header.
        """
        return self._starts(self._content.chunks())

    def stream(self) -> Iterator[bytes]:
        """Yield the bytes of one record after the other. Raises like `starts`."""
        return rows_of(self._content.chunks(), self._starts)

    def _starts(self, chunks: Iterable[bytes]) -> Starts:
        dialect = self._chosen()
        lines = _Lines(chunks, dialect, self._name, skip=dialect.start)
        records = _records(iter(lines), dialect)
        next(records, None)
        batch: list[int] = []
        reported = self._located = self._misfits = self._first_misfit = 0
        for start, line, fields in records:
            batch.append(start)
            self._located += 1
            if not dialect.fits(fields):
                self._first_misfit = self._first_misfit or line
                self._misfits += 1
            if len(batch) == _BATCH or lines.position - reported >= _BATCH_BYTES:
                reported = lines.position
                yield struct.pack(f"<{len(batch)}Q", *batch), reported
                batch.clear()
        self.require_fit()
        yield struct.pack(f"<{len(batch)}Q", *batch), lines.position

    def require_fit(self) -> None:
        """Raise CorpusError when most of the records that were located do not fit the header."""
        if 2 * self._misfits > self._located:
            raise CorpusError(
                f"{self._name}, line {self._first_misfit}: {self._misfits:,} of {self._located:,} records "
                f"do not have the {len(self.columns)} fields of the header",
                "write it again with all fields in quotes, or as JSON lines",
            )

    def parse(self, data: bytes) -> Record | str:
        """Return the fields of a record by column, or the unchanged record when it does not fit the header."""
        dialect = self._chosen()
        text = data.decode(dialect.encoding, _errors(dialect))
        try:
            fields = next(dialect.reader(io.StringIO(text, newline="")), None)
        except csv.Error:
            fields = None
        if fields is None or not dialect.fits(fields):
            return text.rstrip("\r\n")
        return dict(zip(dialect.columns, fields, strict=False))

    @property
    def _is_tsv(self) -> bool:
        return ".tsv" in PurePath(self._name.lower()).suffixes

    def _chosen(self) -> _Dialect:
        with self._lock:
            if self._dialect is None:
                self._dialect = self._choose()
            return self._dialect

    def _choose(self) -> _Dialect:
        """Choose the dialect in which most of the first records fit the header."""
        data = read(self._content, 0, _SAMPLE)
        mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
        plain = _Dialect(_MARKS.get(mark, "utf-8"), len(mark), 1, _NONE, "doubled")
        lines = list(_Lines([data], plain, self._name, skip=len(mark)))
        if len(data) == _SAMPLE and lines:
            lines.pop()
            if not lines:
                what = f"the first line of {self._name} is longer than {_SAMPLE >> 10} KB, which is no header"
                raise CorpusError(what, "write the names of the columns into the first line")
        declared = re.fullmatch(r"sep=(.)\s*", lines[0][1], re.DOTALL) if lines else None
        skipped = 1 if declared else 0
        delimiters = [declared.group(1)] if declared else ["\t"] if self._is_tsv else list(_DELIMITERS)
        candidates = []
        for number in range(skipped, min(len(lines), skipped + _MOST_PREAMBLE)):
            start, line = lines[number]
            if not line.strip():
                continue
            texts = [text for _, text in lines[number:]]
            base = replace(plain, start=start, header=number + 1)
            dialect, share = _best(base, texts, delimiters)
            candidates.append(dialect)
            if self._has_text(dialect, guess=len(candidates) == 1) and (len(candidates) == 1 or share >= 0.9):
                earlier = [_first(dialect, [text]) for _, text in lines[skipped:number] if text.strip()]
                if not any(map(dialect.fits, earlier)):
                    break
        else:
            dialect = candidates[0] if candidates else plain
        self._header = _first(dialect, [text for _, text in lines[dialect.header - 1 :]]) or []
        return dialect

    def _has_text(self, dialect: _Dialect, *, guess: bool) -> bool:
        try:
            resolve_text(self._corpus, dialect.columns, self._name, guess=guess)
        except CorpusError:
            return False
        return True


def _best(base: _Dialect, texts: list[str], delimiters: list[str]) -> tuple[_Dialect, float]:
    """Return the dialect in which the largest share of records fits the header, and that share.

    A delimiter must be in the header. The first one of equals wins. csv.Sniffer takes no account of the header, and
    clevercsv takes a file of one column apart at its commas.
    """
    best, most = None, -1.0
    has_escapes = any('\\"' in text for text in texts)
    for quotes in ("doubled", "escaped", "text"):
        if (quotes == "escaped" and not has_escapes) or (quotes == "text" and "\t" not in delimiters):
            continue
        for delimiter in ["\t"] if quotes == "text" else delimiters:
            dialect = replace(base, delimiter=delimiter, quotes=quotes)
            header = _first(dialect, texts)
            if header is None or len(header) < 2:
                continue
            dialect = replace(dialect, columns=tuple(unique_names(header)))
            share = _share(dialect, texts)
            if share > most:
                best, most = dialect, share
    if best is not None:
        return best, most
    dialect = replace(base, delimiter=_NONE)
    return replace(dialect, columns=tuple(unique_names(_first(dialect, texts) or []))), 1.0


def _share(dialect: _Dialect, texts: list[str]) -> float:
    """Return the share of records that fit the header, and 0 where quotes around whole fields count as text."""
    records = [fields for _, _, fields in islice(_records(((0, text) for text in texts), dialect), 1, None)]
    if dialect.quotes == "text" and any(
        len(field) > 1 and field[0] == field[-1] == '"' for fields in records for field in fields or ()
    ):
        return 0.0
    return sum(dialect.fits(fields) for fields in records) / len(records) if records else 1.0


def _first(dialect: _Dialect, texts: list[str]) -> list[str] | None:
    try:
        return next(dialect.reader(texts), None)
    except csv.Error:
        return None


def _records(
    lines: Iterator[tuple[int, str]], dialect: _Dialect
) -> Iterator[tuple[int, int, list[str] | None]]:
    """Yield each record of `lines` with offsets that is not empty: its offset, its line number, and its fields.

    Fields are None where quotes do not match. Only the first line of such a record is taken for it, so that a stray
    quote costs one record and not all up to the next quote.
    """
    waiting: deque[tuple[int, str]] = deque()
    taken: list[tuple[int, str]] = []

    def feed() -> Iterator[str]:
        while entry := waiting.popleft() if waiting else next(lines, None):
            taken.append(entry)
            if len(taken) > _MOST_LINES:
                raise csv.Error("the record has too many lines")
            yield entry[1]

    blank = _BLANK.replace(dialect.delimiter, "")
    number = dialect.header
    while entry := waiting.popleft() if waiting else next(lines, None):
        start, text = entry
        fields: list[str] | None
        if dialect.is_plain(text):
            taken[:] = [entry]
            fields = text.rstrip("\r\n").split(dialect.delimiter)
        else:
            waiting.appendleft(entry)
            taken.clear()
            try:
                fields = next(dialect.reader(feed()))
            except csv.Error:
                fields = None
                waiting.extendleft(reversed(taken[1:]))
                del taken[1:]
        if len(taken) > 1 or text.strip(blank):
            yield start, number, fields
        number += len(taken)


class _Lines:
    """The lines of a file as text, with a count of the bytes yielded. They end with LF, CR LF or CR."""

    def __init__(self, chunks: Iterable[bytes], dialect: _Dialect, name: str, *, skip: int = 0) -> None:
        self.position = dialect.start
        self._dialect = dialect
        self._name = name
        self._entries = self._split(chunks, skip)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Return the remaining lines, each with its offset."""
        return self._entries

    def _split(self, chunks: Iterable[bytes], skip: int) -> Iterator[tuple[int, str]]:
        encoding, errors = self._dialect.encoding, _errors(self._dialect)
        wide = encoding != "utf-8"
        rest = b""
        for chunk in chunks:
            data = rest + chunk[skip:]
            skip = max(0, skip - len(chunk))
            odd = len(data) % 2 if wide else 0
            data, rest = data[: len(data) - odd], data[len(data) - odd :]
            lines = _wide_lines(data, encoding) if wide else data.splitlines(keepends=True)
            if lines and not lines[-1].endswith("\n".encode(encoding)):
                rest = lines.pop() + rest  # may end with a CR whose LF is in the next chunk
            for line in lines:
                self.position += len(line)
                yield self.position - len(line), line.decode(encoding, errors)
            if len(rest) > LARGEST:
                raise CorpusError(
                    f"{self._name}: the line that begins at byte {self.position:,} is longer than {LARGEST >> 20} MB",
                    "fix the file, or leave it out",
                )
        if wide and len(rest) % 2:
            raise CorpusError(f"{self._name} ends in the middle", "copy or download it again")
        if rest:
            self.position += len(rest)
            yield self.position - len(rest), rest.decode(encoding, errors)


def _wide_lines(data: bytes, encoding: str) -> list[bytes]:
    text = data.decode(encoding, "surrogatepass")
    return [
        line.encode(encoding, "surrogatepass")
        for line in re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
    ]


def _errors(dialect: _Dialect) -> str:
    return "surrogateescape" if dialect.encoding == "utf-8" else "surrogatepass"
