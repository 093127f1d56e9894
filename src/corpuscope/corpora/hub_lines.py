"""Reading of line-based files on the Hub, either their first rows or the whole file in order."""

from __future__ import annotations

import bz2
import codecs
import csv
import json
import lzma
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from threading import Lock
from types import MappingProxyType
from typing import Any

from corpuscope.corpora import hub_requests, hub_settings
from corpuscope.corpora.compressed import Decompressor, gzip_decompressor, zstd_decompressor
from corpuscope.corpora.rows import Record, column_paths, resolve_text
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable

BLOCK = 4 << 20
"""Bytes per request: at 20 MB/s two thirds of the time go to the transfer rather than to latency."""

_PIECE = 64 << 10
"""Compressed bytes decompressed at a time, which may grow to a thousand times as many."""

_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each retry of one block, since restarting the whole stream would cost far more."""

_LONGEST_FIELD = 1 << 30
"""Characters allowed in one CSV field. Python's default limit is shorter than a long web page."""

_DECOMPRESSORS: Mapping[str, Callable[[], Decompressor]] = MappingProxyType(
    {
        ".gz": gzip_decompressor,
        ".zst": zstd_decompressor,
        ".bz2": bz2.BZ2Decompressor,
        ".xz": lzma.LZMADecompressor,
    }
)


def read_range_with_retries(url: str, start: int, end: int) -> bytes:
    """Read a range of bytes like `hub_requests.read_range`, retrying for some seconds before SourceUnavailable."""
    for wait in _WAITS:
        try:
            return hub_requests.read_range(url, start, end)
        except SourceUnavailable as fault:
            requested = fault.retry_after or 0.0
            if requested > 10 * _WAITS[-1]:
                raise
            time.sleep(max(wait, requested))
    return hub_requests.read_range(url, start, end)


def line_records(
    dataset: str, revision: str, shard: Shard, kind: str, parse: Callable[[Sequence[Record]], list[Record]]
) -> Iterator[Record]:
    """Yield every record of a JSON lines, CSV or text file. `parse` turns lines that are not CSV into records.

    Raises SourceUnavailable when all retries fail, CorpusError when the file is gone or damaged.
    """
    url = hub_requests.file_url(dataset, revision, shard.name)
    try:
        lines = _lines(_decompress(shard.name, _blocks(url, shard.bytes)))
        if kind in ("csv", "tsv"):
            yield from _table(lines, "," if kind == "csv" else "\t")
        else:
            for line in lines:
                yield from parse([{"text": line.rstrip("\r\n")}])
    except (OSError, EOFError, ValueError, csv.Error, lzma.LZMAError) as error:
        message = f"{shard.name} of dataset {dataset} cannot be read as {kind}: {error}"
        raise CorpusError(message, "the file may be damaged") from error


def _blocks(url: str, size: int) -> Iterator[bytes]:
    for start in range(0, size, BLOCK):
        yield read_range_with_retries(url, start, min(size, start + BLOCK))


def _decompress(name: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the decompressed bytes of a file, which may consist of several frames."""
    start = _DECOMPRESSORS.get(PurePosixPath(name.lower()).suffix)
    if start is None:
        yield from blocks
        return
    decompressor: Decompressor | None = None
    for block in blocks:
        for offset in range(0, len(block), _PIECE):
            data = block[offset : offset + _PIECE]
            while data := data if decompressor else data.lstrip(b"\0"):  # frames may be padded with zeros
                decompressor = decompressor or start()
                yield _decompress_piece(decompressor, data)
                data = decompressor.unused_data if decompressor.eof else b""
                decompressor = None if decompressor.eof else decompressor
    if decompressor is not None:
        raise EOFError("it ends in the middle")


def _decompress_piece(decompressor: Decompressor, data: bytes) -> bytes:
    try:
        return decompressor.decompress(data)
    except Exception as error:  # each decompressor has an error of its own
        raise ValueError(str(error)) from error


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Yield lines with their line ends, split at line feeds only."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    rest: list[str] = []  # joined at the end of a line, so that the cost of a huge line is linear in its size
    first = True
    for piece in pieces:
        text = decoder.decode(piece)
        if first and text:
            text, first = text.removeprefix("\ufeff"), False
        *whole, last = text.split("\n")
        for part in whole:
            yield "".join([*rest, part, "\n"])
            rest.clear()
        rest.append(last)
    if line := "".join([*rest, decoder.decode(b"", final=True)]):
        yield line


def _table(lines: Iterator[str], separator: str) -> Iterator[Record]:
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.reader(lines, delimiter=separator)
    header = next(rows, [])
    for row in rows:
        if row:
            yield dict(zip(header, row, strict=False))


PREFIX_ROWS = 48
"""Rows of a file that can be drawn, which is what one small read of a compressed file yields."""

_BLOCK = 96 << 10
"""Bytes read ahead. 48 documents of C4 take about half of them, so a draw is one request."""

_CHUNK = 128 << 10
"""Characters decoded at a time. The default of `datasets` is 10 MiB."""

_RECENT = 8
"""Prefixes kept in memory, between counting the rows of a file and fetching one of them."""


@dataclass(frozen=True, slots=True)
class LineFormat:
    """How `datasets` reads one kind of line-based file, and how its examples become records."""

    builder: str
    """Name of the packaged builder of `datasets`."""
    options: Mapping[str, Any]
    """Keyword arguments of the builder."""
    records: Callable[[Sequence[Record]], list[Record]]
    """Converts examples to records with named columns."""
    extra: int = 0
    """Number of examples before the first record."""


def _parse_json(examples: Sequence[Record]) -> list[Record]:
    # The JSON builder guesses types, so that C4's timestamps would lose their T and Z.
    records = [
        json.loads(example["text"].removeprefix("\ufeff")) for example in examples if example["text"].strip()
    ]
    if not all(isinstance(record, dict) for record in records):
        raise ValueError("a line is not an object")
    return records


def _name_columns(examples: Sequence[Record]) -> list[Record]:
    # The header is read as a row. With a name in it no column looks numeric, so values stay as stored.
    header, *rows = [list(example.values()) for example in examples]
    return [dict(zip((str(name) for name in header), row, strict=False)) for row in rows]


_TABLE: dict[str, Any] = {"header": None, "na_filter": False, "chunksize": PREFIX_ROWS + 1}

FORMATS = {
    "jsonl": LineFormat("text", {"chunksize": _CHUNK}, _parse_json),
    "txt": LineFormat("text", {"chunksize": _CHUNK}, list),
    "csv": LineFormat("csv", _TABLE, _name_columns, extra=1),
    "tsv": LineFormat("csv", _TABLE | {"sep": "\t"}, _name_columns, extra=1),
}
"""Formats by the kind of file."""


class FilePrefixes:
    """The first rows of line-based files, each prefix read as one stream. Thread-safe.

    Every method raises SourceUnavailable when the Hub fails, and CorpusError when a file is gone or damaged
    or lacks a text column.
    """

    prefix_rows: int | None = PREFIX_ROWS
    """Rows of each file that can be drawn, since compressed files are not seekable."""

    def __init__(self, corpus: Corpus, revision: str, kind: str, cache: Path) -> None:
        self._corpus = corpus
        self._revision = revision
        self._kind = kind
        self._cache = cache / "datasets"
        self._recent: OrderedDict[str, list[Record]] = OrderedDict()
        self._lock = Lock()

    def columns(self, shard: Shard) -> tuple[str, ...]:
        """Return the columns of the first rows."""
        return tuple(dict.fromkeys(name for record in self._records(shard) for name in column_paths(record)))

    def rows(self, shard: Shard) -> int:
        """Return how many rows of the file can be drawn. Reads them, so that `read` finds them in memory."""
        resolve_text(self._corpus, self.columns(shard), f"dataset {self._corpus.path}")
        return len(self._records(shard))

    def read(self, shard: Shard, row: int) -> Record:
        """Read one row."""
        records = self._records(shard)
        if row >= len(records):
            raise CorpusError(f"{shard.name} of {self._corpus.path} has {len(records)} rows, so no row {row}")
        return records[row]

    def stream(self, shard: Shard) -> Iterator[Record]:
        """Yield every row of the file in stored order, including those that cannot be drawn."""
        parse = FORMATS[self._kind].records
        return line_records(self._corpus.path, self._revision, shard, self._kind, parse)

    def cached_row_groups(self, shard: Shard) -> None:  # noqa: ARG002  lines have no groups
        """Return None, since lines have no row groups."""
        return

    def _records(self, shard: Shard) -> list[Record]:
        with self._lock:
            if shard.name in self._recent:
                self._recent.move_to_end(shard.name)
                return self._recent[shard.name]
        records = self._stream(shard)
        with self._lock:
            self._recent[shard.name] = records
            while len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        return records

    def _stream(self, shard: Shard) -> list[Record]:
        hub_requests.configure_hub_client()
        import datasets
        from datasets.data_files import DataFilesDict, DataFilesList
        from huggingface_hub import HfFileSystem
        from zstandard import ZstdError

        hub_settings.log_to_root("datasets")
        dataset, form = self._corpus.path, FORMATS[self._kind]
        hub_settings.require_online(f"{shard.name} of {dataset}")
        address = f"datasets/{dataset}@{self._revision}/{shard.name}"
        # `datasets` opens the file through this cached instance. The size from the manifest spares it a listing.
        files = HfFileSystem(endpoint=hub_settings.endpoint(), token=None, block_size=_BLOCK)
        files.dircache[str(PurePosixPath(address).parent)] = [
            {"name": address, "size": shard.bytes, "type": "file"}
        ]
        resolved = DataFilesList([f"hf://{address}"], [(dataset, self._revision)])
        try:
            # Check once per thread that the commit exists. Below, a failed request would count as a missing commit.
            files.info(address)
            stream = datasets.load_dataset(
                form.builder,
                data_files=DataFilesDict({"train": resolved}),
                split="train",
                streaming=True,
                cache_dir=str(self._cache),
                storage_options={"hf": {"block_size": _BLOCK}},
                **form.options,
            )
            return form.records(list(islice(stream, PREFIX_ROWS + form.extra)))
        except ConnectionError as error:
            message = f"{shard.name} of dataset {dataset} was not reached: {error}"
            raise SourceUnavailable(message, "it is tried again") from error
        except (OSError, EOFError, ValueError, zlib.error, LZMAError, ZstdError) as error:
            message = f"{shard.name} of dataset {dataset} cannot be read as {self._kind}: {error}"
            raise CorpusError(message, "the file may be damaged") from error
