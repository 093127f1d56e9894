"""Records of CSV and TSV files in every usual dialect, located without a copy and parsed one by one."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from threading import Lock

from corpuscope.corpora.compressed import Content, read
from corpuscope.corpora.csv_dialect import (
    DELIMITERS,
    SAMPLE_BYTES,
    Dialect,
    DialectLines,
    choose_dialect,
    records_in,
)
from corpuscope.corpora.row_stream import Starts, rows_of
from corpuscope.corpora.rows import Record, resolve_text
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import CorpusError
from corpuscope.text.quantities import quantity

_BATCH = 4096
"""Records between two progress reports, at most ..."""

_BATCH_BYTES = 64 << 10
"""... and about the bytes between them."""


class DelimitedRows:
    """Records below a header. Empty lines are skipped, and a record that does not fit the header is a row by itself.

    The file extension and the content decide about delimiter, quotes, encoding and header; `corpus` names the
    columns by which a header is recognised below a preamble.
    """

    def __init__(self, name: str, content: Content, corpus: Corpus) -> None:
        self._name = name
        self._content = content
        self._corpus = corpus
        self._dialect: Dialect | None = None
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
        if dialect.delimiter != ("\t" if self._is_tsv else ",") and dialect.delimiter in DELIMITERS:
            notes.append(f"fields are separated by {DELIMITERS[dialect.delimiter]}")
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
        lines = DialectLines(chunks, dialect, self._name, skip=dialect.start)
        records = records_in(iter(lines), dialect)
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
                f"{self._name}, line {self._first_misfit}: {self._misfits:,} of {quantity(self._located, 'record')} "
                f"without the {quantity(len(self.columns), 'field')} of the header",
                "write it again with all fields in quotes, or as JSON lines",
            )

    def parse(self, data: bytes) -> Record | str:
        """Return the fields of a record by column, or the unchanged record when it does not fit the header."""
        dialect = self._chosen()
        text = data.decode(dialect.encoding, dialect.errors)
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

    def _chosen(self) -> Dialect:
        with self._lock:
            if self._dialect is None:
                data = read(self._content, 0, SAMPLE_BYTES)
                self._dialect, self._header = choose_dialect(
                    data, self._name, self._corpus, is_tsv=self._is_tsv
                )
            return self._dialect
