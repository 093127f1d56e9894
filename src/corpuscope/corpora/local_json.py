"""Rows of JSON lines and JSON arrays, located without a copy and parsed one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import PurePath

import numpy as np

from corpuscope.corpora.compressed import LARGEST, Content, read
from corpuscope.corpora.json_values import parse_object
from corpuscope.corpora.row_stream import Starts, rows_of
from corpuscope.corpora.rows import Record, column_paths, resolve_text
from corpuscope.corpora.text_encoding import UTF8_MARK, begins_as_utf16
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import CorpusError

_BLANK = 256
"""Bytes up to which a line of white space counts as blank. A longer one counts as a row."""

_PEEK = 1 << 20
"""Bytes of rows after which no further row is parsed for its columns ..."""

_PEEK_ROWS = 20
"""... and the number of rows, unless the text column is still missing."""

_BEGINNING = 128 << 10
"""Bytes that tell whether a file is an array, or begins with a line that is one."""

_SPACE = b" \t\r\n"


class JsonRows:
    """One JSON object per line, or the elements of one JSON array.

    Blank lines are skipped, and a line or element of another kind is a row by itself.
    """

    notes: tuple[str, ...] = ()
    """Nothing about these formats has to be guessed."""
    variant = ""
    """Nothing but the format decides where rows begin."""

    def __init__(self, name: str, content: Content, path: PurePath) -> None:
        self._name = name
        self._content = content
        self._path = path  # for the commands that messages propose

    def text_columns(self, corpus: Corpus, *, guess: bool) -> tuple[TextColumn, ...] | None:
        """Return the text columns under their stored names, None in an empty file.

        Without them in the first rows all others are searched. Raises CorpusError when no row has them, or when
        none of the first rows is an object.
        """
        names = [text.column for text in corpus.text]
        keys = [f'"{part}"'.encode() for name in names for part in (name, name.partition(".")[0])]
        columns: dict[str, None] = {}
        first: bytes | None = None
        only: Record | None = None
        fault: CorpusError | None = None
        rows = size = 0
        for data in self.stream():
            rows, size = rows + 1, size + len(data)
            first = data if first is None else first
            is_early = rows <= _PEEK_ROWS and not (columns and size > _PEEK)
            if not is_early and not columns:
                break
            if not is_early and fault is None:
                try:
                    return resolve_text(corpus, columns, self._name, guess=guess)
                except CorpusError as error:
                    fault = error
            if is_early or any(key in data for key in keys):
                record = self.parse(data)
                before = len(columns)
                columns |= {} if isinstance(record, str) else dict.fromkeys(column_paths(record))
                only = record if rows == 1 and not isinstance(record, str) else None
                fault = None if len(columns) > before else fault
        if first is None:
            return None
        if not columns:
            raise self._not_json(first)
        if rows > 1 or only is None:
            return resolve_text(corpus, columns, self._name, guess=guess)
        self._refuse_table(only)
        try:
            return resolve_text(corpus, columns, self._name, guess=guess)
        except CorpusError:
            self._refuse_wrapper(only, corpus)
            raise

    def starts(self) -> Starts:
        """Yield where rows begin. Raises CorpusError when one is too long or an array is malformed."""
        return self._starts(self._content.chunks())

    def stream(self) -> Iterator[bytes]:
        """Yield the bytes of one row after the other. Raises like `starts`."""
        return rows_of(self._content.chunks(), self._starts, skips_blank_lines=not self.is_array)

    def misfits(self) -> tuple[int, int]:
        """Return zeros: a row that cannot be parsed says so itself."""
        return 0, 0

    def parse(self, data: bytes) -> Record | str:
        """Return the values of a row by column, or the unchanged row when it is not a JSON object."""
        record = parse_object(data.decode("utf-8", "surrogateescape"))
        if record is not None:
            return record
        line, _, rest = data.partition(b"\n")
        row = data if rest.strip() else line.removesuffix(b"\r")
        return row.removeprefix(UTF8_MARK).decode("utf-8", "surrogateescape")

    @cached_property
    def is_array(self) -> bool:
        """Whether the file is one JSON array. A first line that is an array by itself is a row."""
        peek = read(self._content, 0, _BEGINNING).removeprefix(UTF8_MARK).lstrip(_SPACE)
        if not peek.startswith(b"["):
            return False
        line, _, rest = peek.partition(b"\n")
        return not (rest.strip() and line.rstrip().endswith(b"]"))

    def _starts(self, chunks: Iterable[bytes]) -> Starts:
        if begins_as_utf16(read(self._content, 0, 4)):
            raise CorpusError(
                f"{self._name} is encoded as UTF-16",
                f"turn it into UTF-8 with: iconv -f UTF-16 -t UTF-8 {self._path}",
            )
        try:
            yield from array_starts(chunks) if self.is_array else line_starts(chunks)
        except ValueError as error:
            raise CorpusError(f"{self._name}: {error}", "fix the file, or leave it out") from error

    def _refuse_table(self, record: Record) -> None:
        """Raise CorpusError when the only object of the file holds a column of all documents in each value."""
        keys = {tuple(value) if isinstance(value, dict) else () for value in record.values()}
        numbered = keys.pop() if len(keys) == 1 else ()
        if numbered and all(key.isdigit() for key in numbered):
            raise CorpusError(
                f"{self._name} is one object, and each of its columns holds the values of {len(numbered):,} documents",
                'write one object per document, in pandas with: to_json(FILE, orient="records", lines=True)',
            )

    def _refuse_wrapper(self, record: Record, corpus: Corpus) -> None:
        """Raise CorpusError when the only object of the file holds the documents in a list, or under their ids."""
        lists = [
            name
            for name, value in record.items()
            if isinstance(value, list) and isinstance([*value, 0][0], dict)
        ]
        values = [value if isinstance(value, dict) else {} for value in record.values()]
        inside = f".{json.dumps(lists[0])}[]" if lists else ""
        if values and all(text.column in value for value in values for text in corpus.text):
            inside = ".[]"
        if inside:
            parts = f" in {len(lists):,} lists" if len(lists) > 1 else ""
            raise CorpusError(
                f"{self._name} is one object around all documents{parts}",
                f"write one object per document: jq -c '{inside}' {self._path} > NEW.jsonl",
            )

    def _not_json(self, first: bytes) -> CorpusError:
        start = first[:40].strip().decode("utf-8", "replace")
        if self.is_array:
            message = f"{self._name} is a JSON array, but its first element is not an object: {start!r}"
            return CorpusError(message, 'write the documents as objects: [{"text": "..."}, ...]')
        make_objects = "'{text: .}'" if start.startswith('"') else "."
        return CorpusError(
            f"{self._name} does not hold JSON lines: its first line is not an object: {start!r}",
            f"write one object per line, for instance with: jq -c {make_objects} {self._path} > NEW.jsonl",
        )


def line_starts(chunks: Iterable[bytes]) -> Starts:
    """Yield, per chunk, the starts of its lines, and the bytes read so far.

    Blank lines are left out. Most of the work releases the GIL. Raises ValueError when a line is too long.
    """
    begin = position = 0
    tail = b""
    for chunk in chunks:
        if begin == position and chunk == b"\n" * len(
            chunk
        ):  # gigabytes of them fit into a small compressed file
            begin = position = position + len(chunk)
            tail = chunk[-_BLANK:]
            yield b"", position
            continue
        ends = position + np.flatnonzero(np.frombuffer(chunk, np.uint8) == ord("\n"))
        begins = np.concatenate(([begin], ends + 1))
        offset = position - len(tail)
        recent = tail + chunk
        begin = int(begins[-1])
        begins = begins[:-1]
        filled = begins != ends
        begins, ends = begins[filled], ends[filled]
        characters = np.frombuffer(recent, np.uint8)
        short = np.flatnonzero(ends - begins <= _BLANK)
        spaces = np.isin(characters[begins[short] - offset], np.frombuffer(_SPACE, np.uint8))
        blank = [i for i in short[spaces] if not recent[begins[i] - offset : ends[i] - offset].strip()]
        yield np.delete(begins, blank).astype("<u8").tobytes(), position + len(chunk)
        position += len(chunk)
        tail = recent[-_BLANK:]
        _check_length(begin, position)
    if begin < position and (position - begin > _BLANK or tail[begin - position :].strip()):
        yield np.array([begin], "<u8").tobytes(), position


def _check_length(begin: int, position: int) -> None:
    if position - begin > LARGEST:
        raise ValueError(f"the row that begins at byte {begin:,} is longer than {LARGEST >> 20} MB")


_TOKEN = re.compile(rb'["\[\]{}]')

_OUTER_TOKEN = re.compile(rb'["\[\]{},]')

_STRING = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
"""What is left of a string, without its closing quote."""

_FILLED = re.compile(rb"[^ \t\r\n]")


def array_starts(chunks: Iterable[bytes]) -> Starts:
    """Yield, per chunk, the starts of the elements of a JSON array, and the end of what was read of them.

    Only strings and brackets are looked at, in C. Raises ValueError when the array does not end, more follows, or an
    element is too long.
    """
    base = depth = begin = end = 0
    rest = b""
    in_string = expects_element = is_closed = False
    for chunk in chunks:
        data = rest + chunk
        at = len(UTF8_MARK) if base == 0 and data.startswith(UTF8_MARK) else 0
        starts: list[int] = []
        rest = b""
        while at < len(data):
            if in_string:
                match = _STRING.match(data, at)
                at = match.end() if match else at
                if at < len(data) and data[at] == ord('"'):
                    in_string, at = False, at + 1
                else:
                    rest = data[at:]  # a backslash whose next byte is in the next chunk, or nothing
                    break
                continue
            if expects_element or is_closed or depth == 0:
                filled = _FILLED.search(data, at)
                if filled is None:
                    break
                at = filled.start()
                if is_closed:
                    raise ValueError("something follows the JSON array")
                if expects_element and data[at] != ord("]"):
                    begin = base + at
                    starts.append(begin)
                expects_element = False
            token = (_OUTER_TOKEN if depth == 1 else _TOKEN).search(data, at)
            if token is None:
                break
            at = token.end()
            match token.group():
                case b'"':
                    in_string = True
                case b",":
                    end, expects_element = base + at - 1, True
                case b"[" | b"{":
                    depth += 1
                    expects_element = depth == 1
                case _:
                    depth -= 1
                    is_closed = depth == 0
                    end = base + at - 1 if is_closed else end
        base += len(data) - len(rest)
        yield np.array(starts, "<u8").tobytes(), end if is_closed else base
        if not is_closed:
            _check_length(begin, base)
    if not is_closed:
        raise ValueError("the JSON array does not end")
