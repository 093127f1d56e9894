"""Line files on the Hub: their first rows as a stream of `datasets`, or a whole file from start to end."""

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
from corpuscope.corpora.rows import Record, check_columns
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable

BLOCK = 4 << 20
"""Bytes asked for at a time: at 20 MB/s two thirds of the time are spent on bytes, not on waiting."""

_PIECE = 64 << 10
"""Compressed bytes unpacked at a time; they may swell a thousandfold."""

_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each new try of one block: a stream begun anew would cost far more."""

_LONGEST_FIELD = 1 << 30
"""Characters of one CSV field; Python's own limit is shorter than a web page."""

_DECOMPRESSORS: Mapping[str, Callable[[], Decompressor]] = MappingProxyType(
    {
        ".gz": gzip_decompressor,
        ".zst": zstd_decompressor,
        ".bz2": bz2.BZ2Decompressor,
        ".xz": lzma.LZMADecompressor,
    }
)


def read_range_with_retries(url: str, start: int, end: int) -> bytes:
    """As `hub_requests.read_range`, tried again for some seconds before SourceUnavailable is raised."""
    for wait in _WAITS:
        try:
            return hub_requests.read_range(url, start, end)
        except SourceUnavailable as fault:
            asked = fault.retry_after or 0.0
            if asked > 10 * _WAITS[-1]:
                raise
            time.sleep(max(wait, asked))
    return hub_requests.read_range(url, start, end)


def line_records(
    dataset: str, revision: str, shard: Shard, kind: str, parse: Callable[[Sequence[Record]], list[Record]]
) -> Iterator[Record]:
    """Every record of a JSON lines, CSV or text file; `parse` makes records of lines that are no table's.

    Raises SourceUnavailable when the Hub fails for longer, CorpusError when the file is gone or damaged.
    """
    url = hub_requests.file_url(dataset, revision, shard.name)
    try:
        lines = _lines(_unpacked(shard.name, _blocks(url, shard.bytes)))
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


def _unpacked(name: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes as if they were not compressed; several frames may follow each other."""
    start = _DECOMPRESSORS.get(PurePosixPath(name.lower()).suffix)
    if start is None:
        yield from blocks
        return
    decompressor: Decompressor | None = None
    for block in blocks:
        for place in range(0, len(block), _PIECE):
            data = block[place : place + _PIECE]
            while data := data if decompressor else data.lstrip(b"\0"):  # frames may be padded with zeros
                decompressor = decompressor or start()
                yield _decompressed(decompressor, data)
                data = decompressor.unused_data if decompressor.eof else b""
                decompressor = None if decompressor.eof else decompressor
    if decompressor is not None:
        raise EOFError("it ends in the middle")


def _decompressed(decompressor: Decompressor, data: bytes) -> bytes:
    try:
        return decompressor.decompress(data)
    except Exception as error:  # each decompressor has an error of its own
        raise ValueError(str(error)) from error


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Lines with their ends, split at line feeds only."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    rest: list[str] = []  # joined only at a line's end, so that a huge line costs no more than its size
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
"""Rows of a file that can be drawn: what one small read of a compressed file yields."""

_BLOCK = 96 << 10
"""Bytes read ahead; 48 documents of C4 take about half of it, so a draw is one request."""

_CHUNK = 128 << 10
"""Characters decoded at a time; `datasets` would take 10 MiB."""

_RECENT = 8
"""Heads kept in memory, between asking for the rows of a file and fetching one of them."""


@dataclass(frozen=True, slots=True)
class LineFormat:
    """How `datasets` reads one kind of file and how its examples become records."""

    builder: str
    """The packaged builder of `datasets`."""
    options: Mapping[str, Any]
    """What the builder is told."""
    records: Callable[[Sequence[Record]], list[Record]]
    """From examples to records with named columns."""
    extra: int = 0
    """Examples that come before the first record."""


def _parse_json(examples: Sequence[Record]) -> list[Record]:
    # Parsed here, since the JSON builder guesses types: C4's timestamps would lose their T and Z.
    records = [
        json.loads(example["text"].removeprefix("\ufeff")) for example in examples if example["text"].strip()
    ]
    if not all(isinstance(record, dict) for record in records):
        raise ValueError("a line is not an object")
    return records


def _name_columns(examples: Sequence[Record]) -> list[Record]:
    # The header travels as a row: beside its name no column looks like numbers, so values stay as stored.
    header, *rows = [list(example.values()) for example in examples]
    return [dict(zip((str(name) for name in header), row, strict=False)) for row in rows]


_TABLE: dict[str, Any] = {"header": None, "na_filter": False, "chunksize": PREFIX_ROWS + 1}

FORMATS = {
    "jsonl": LineFormat("text", {"chunksize": _CHUNK}, _parse_json),
    "txt": LineFormat("text", {"chunksize": _CHUNK}, list),
    "csv": LineFormat("csv", _TABLE, _name_columns, extra=1),
    "tsv": LineFormat("csv", _TABLE | {"sep": "\t"}, _name_columns, extra=1),
}
"""By the kind of file."""


class FilePrefixes:
    """The first rows of line-based files, each head read by one stream. Safe to use from several threads.

    Every method raises SourceUnavailable when the Hub fails, and CorpusError when a file is gone or damaged
    or has no such column.
    """

    prefix_rows: int | None = PREFIX_ROWS
    """Only these can be drawn: compressed files are not seekable."""

    def __init__(self, corpus: Corpus, revision: str, kind: str, cache: Path) -> None:
        self._corpus = corpus
        self._revision = revision
        self._kind = kind
        self._cache = cache / "datasets"
        self._recent: OrderedDict[str, list[Record]] = OrderedDict()
        self._lock = Lock()

    def columns(self, shard: Shard) -> tuple[str, ...]:
        """The columns its first rows have."""
        return tuple(dict.fromkeys(name for record in self._records(shard) for name in record))

    def rows(self, shard: Shard) -> int:
        """How many rows of the file can be drawn; reads them, so that `read` has them at hand."""
        check_columns(self._corpus, self.columns(shard))
        return len(self._records(shard))

    def read(self, shard: Shard, row: int) -> Record:
        """One row."""
        records = self._records(shard)
        if row >= len(records):
            raise CorpusError(f"{shard.name} of {self._corpus.path} has {len(records)} rows, so no row {row}")
        return records[row]

    def stream(self, shard: Shard) -> Iterator[Record]:
        """Every row of the file, also those that cannot be drawn, in stored order."""
        parse = FORMATS[self._kind].records
        return line_records(self._corpus.path, self._revision, shard, self._kind, parse)

    def cached_row_groups(self, shard: Shard) -> None:  # noqa: ARG002  lines are in no groups
        """None."""
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
        # `datasets` opens the file through this very instance; what the manifest knows spares it a listing.
        files = HfFileSystem(endpoint=hub_settings.endpoint(), token=None, block_size=_BLOCK)
        files.dircache[str(PurePosixPath(address).parent)] = [
            {"name": address, "size": shard.bytes, "type": "file"}
        ]
        resolved = DataFilesList([f"hf://{address}"], [(dataset, self._revision)])
        try:
            # Asks, once a thread, whether the commit exists: below, a failure to ask would pass for a no.
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
