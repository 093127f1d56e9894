"""The dialect of a CSV or TSV file: encoding, delimiter, quotes and header, chosen from its beginning."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from corpuscope.corpora.compressed import LARGEST
from corpuscope.corpora.rows import resolve_text, unique_names
from corpuscope.corpora.text_encoding import encoding_of
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError

SAMPLE_BYTES = 128 << 10
"""Bytes at the start of a file by which its dialect is chosen."""

_MOST_PREAMBLE = 10
"""Records before the header that are passed over, at most."""

_MOST_LINES = 1 << 18
"""Lines of one record, at most. More of them mean a quote that is never closed."""

_BLANK = " \t\r\n"
"""Characters of an empty line, without the delimiter."""

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""Delimiters that are tried, the first one wins a tie, with their names."""

_NONE = "\U0010ffff"
"""A delimiter that is no character, for files of one column."""

_ESCAPE = re.compile(r'\\([\\"\r\n])|\\')


@dataclass(frozen=True, slots=True)
class Dialect:
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

    @property
    def errors(self) -> str:
        """Error handler of the decoder, which keeps bytes that are no text as surrogates."""
        return "surrogateescape" if self.encoding == "utf-8" else "surrogatepass"

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


def choose_dialect(data: bytes, name: str, corpus: Corpus, *, is_tsv: bool) -> tuple[Dialect, list[str]]:
    """Choose the dialect in which most of the first records fit the header; return it with the header as written.

    `data` are the first `SAMPLE_BYTES` of the file `name`. `corpus` names the columns by which a header is recognised
    below a preamble. Raises CorpusError for a first line that is longer.
    """
    encoding, mark = encoding_of(data)
    plain = Dialect(encoding, len(mark), 1, _NONE, "doubled")
    lines = list(DialectLines([data], plain, name, skip=len(mark)))
    if len(data) == SAMPLE_BYTES and lines:
        lines.pop()
        if not lines:
            what = (
                f"the first line of {name} is longer than {SAMPLE_BYTES >> 10} KB, which cannot be a header"
            )
            raise CorpusError(what, "write the names of the columns into the first line")
    declared = re.fullmatch(r"sep=(.)\s*", lines[0][1], re.DOTALL) if lines else None
    skipped = 1 if declared else 0
    delimiters = [declared.group(1)] if declared else ["\t"] if is_tsv else list(DELIMITERS)
    candidates: list[Dialect] = []
    for number in range(skipped, min(len(lines), skipped + _MOST_PREAMBLE)):
        start, line = lines[number]
        if not line.strip():
            continue
        texts = [text for _, text in lines[number:]]
        dialect, share = _best(replace(plain, start=start, header=number + 1), texts, delimiters)
        candidates.append(dialect)
        is_first = len(candidates) == 1
        if (is_first or share >= 0.9) and _has_text(dialect, name, corpus, guess=is_first):
            earlier = [_first_record(dialect, [text]) for _, text in lines[skipped:number] if text.strip()]
            if not any(map(dialect.fits, earlier)):
                break
    else:
        dialect = candidates[0] if candidates else plain
    return dialect, _first_record(dialect, [text for _, text in lines[dialect.header - 1 :]]) or []


def _has_text(dialect: Dialect, name: str, corpus: Corpus, *, guess: bool) -> bool:
    try:
        resolve_text(corpus, dialect.columns, name, guess=guess)
    except CorpusError:
        return False
    return True


def _best(base: Dialect, texts: list[str], delimiters: list[str]) -> tuple[Dialect, float]:
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
            header = _first_record(dialect, texts)
            if header is None or len(header) < 2:
                continue
            dialect = replace(dialect, columns=tuple(unique_names(header)))
            share = _share(dialect, texts)
            if share > most:
                best, most = dialect, share
    if best is not None:
        return best, most
    dialect = replace(base, delimiter=_NONE)
    return replace(dialect, columns=tuple(unique_names(_first_record(dialect, texts) or []))), 1.0


def _share(dialect: Dialect, texts: list[str]) -> float:
    """Return the share of records that fit the header, and 0 where quotes around whole fields count as text."""
    records = [fields for _, _, fields in islice(records_in(((0, text) for text in texts), dialect), 1, None)]
    if dialect.quotes == "text" and any(
        len(field) > 1 and field[0] == field[-1] == '"' for fields in records for field in fields or ()
    ):
        return 0.0
    return sum(dialect.fits(fields) for fields in records) / len(records) if records else 1.0


def _first_record(dialect: Dialect, texts: list[str]) -> list[str] | None:
    try:
        return next(dialect.reader(texts), None)
    except csv.Error:
        return None


def records_in(
    lines: Iterator[tuple[int, str]], dialect: Dialect
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


class DialectLines:
    """The lines of a file as text, with a count of the bytes yielded. They end with LF, CR LF or CR."""

    def __init__(self, chunks: Iterable[bytes], dialect: Dialect, name: str, *, skip: int = 0) -> None:
        self.position = dialect.start
        self._dialect = dialect
        self._name = name
        self._entries = self._split(chunks, skip)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Return the remaining lines, each with its offset."""
        return self._entries

    def _split(self, chunks: Iterable[bytes], skip: int) -> Iterator[tuple[int, str]]:
        encoding, errors = self._dialect.encoding, self._dialect.errors
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
