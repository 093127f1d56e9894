"""A whole file on the Hub from its start to its end, in little memory and through short failures."""

import bz2
import codecs
import csv
import lzma
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from corpuscope.errors import CorpusError, SourceUnavailable
from corpuscope.sampling.source import Shard
from corpuscope.sampling.sources import hub_client
from corpuscope.sampling.sources.hub_rows import Record
from corpuscope.sampling.sources.local_content import Engine, gzip_engine, zstd_engine

BLOCK = 4 << 20
"""Bytes asked for at a time: at 20 MB/s two thirds of the time are spent on bytes, not on waiting."""
_PIECE = 64 << 10
"""Compressed bytes unpacked at a time; they may swell a thousandfold."""
_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each new try of one block: a stream begun anew would cost far more."""
_LONGEST_FIELD = 1 << 30
"""Characters of one CSV field; Python's own limit is shorter than a web page."""

_ENGINES: Mapping[str, Callable[[], Engine]] = MappingProxyType(
    {
        ".gz": gzip_engine,
        ".zst": zstd_engine,
        ".bz2": bz2.BZ2Decompressor,
        ".xz": lzma.LZMADecompressor,
    }
)


def patient_range(url: str, start: int, end: int) -> bytes:
    """As `hub_client.read_range`, tried again for some seconds before SourceUnavailable is raised."""
    for wait in _WAITS:
        try:
            return hub_client.read_range(url, start, end)
        except SourceUnavailable as fault:
            asked = fault.retry_after or 0.0
            if asked > 10 * _WAITS[-1]:
                raise
            time.sleep(max(wait, asked))
    return hub_client.read_range(url, start, end)


def line_records(
    dataset: str, revision: str, shard: Shard, kind: str, parse: Callable[[Sequence[Record]], list[Record]]
) -> Iterator[Record]:
    """Every record of a JSON lines, CSV or text file; `parse` makes records of lines that are no table's.

    Raises SourceUnavailable when the Hub fails for longer, CorpusError when the file is gone or damaged.
    """
    url = hub_client.file_url(dataset, revision, shard.name)
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
        yield patient_range(url, start, min(size, start + BLOCK))


def _unpacked(name: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes as if they were not compressed; several frames may follow each other."""
    start = _ENGINES.get(PurePosixPath(name.lower()).suffix)
    if start is None:
        yield from blocks
        return
    engine: Engine | None = None
    for block in blocks:
        for place in range(0, len(block), _PIECE):
            data = block[place : place + _PIECE]
            while data := data if engine else data.lstrip(b"\0"):  # frames may be padded with zeros
                engine = engine or start()
                yield _decompressed(engine, data)
                data = engine.unused_data if engine.eof else b""
                engine = None if engine.eof else engine
    if engine is not None:
        raise EOFError("it ends in the middle")


def _decompressed(engine: Engine, data: bytes) -> bytes:
    try:
        return engine.decompress(data)
    except Exception as error:  # each engine has an error of its own
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
