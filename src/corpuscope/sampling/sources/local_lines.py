"""JSON lines on this machine: where lines begin, and what is in one."""

import json
from collections.abc import Iterable, Iterator, Sequence

from corpuscope.errors import CorpusError
from corpuscope.sampling.sources.local_content import Content, read
from corpuscope.sampling.sources.local_files import LocalFile
from corpuscope.sampling.sources.local_rows import Record

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

    def parse(self, data: bytes) -> Record | str:
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


def _parse(line: bytes) -> Record | None:
    try:
        record = json.loads(line.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None
