"""The first rows of a JSON lines, CSV or text file on the Hub, as a stream of `datasets`."""

import json
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable
from corpuscope.sampling.source import Shard
from corpuscope.sampling.sources import hub_client
from corpuscope.sampling.sources.hub_rows import Record, check_columns
from corpuscope.sampling.sources.hub_stream import line_records

HEAD = 48
"""Rows of a file that can be drawn: what one small read of a compressed file yields."""

_BLOCK = 96 << 10
"""Bytes read ahead; 48 documents of C4 take about half of it, so a draw is one request."""
_CHUNK = 128 << 10
"""Characters decoded at a time; `datasets` would take 10 MiB."""

_RECENT = 8
"""Heads kept in memory, between asking for the rows of a file and fetching one of them."""


@dataclass(frozen=True, slots=True)
class Format:
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


_TABLE: dict[str, Any] = {"header": None, "na_filter": False, "chunksize": HEAD + 1}
FORMATS = {
    "jsonl": Format("text", {"chunksize": _CHUNK}, _parse_json),
    "txt": Format("text", {"chunksize": _CHUNK}, list),
    "csv": Format("csv", _TABLE, _name_columns, extra=1),
    "tsv": Format("csv", _TABLE | {"sep": "\t"}, _name_columns, extra=1),
}
"""By the kind of file."""


class Heads:
    """The first rows of line-based files, each head read by one stream. Safe to use from several threads.

    Every method raises SourceUnavailable when the Hub fails, and CorpusError when a file is gone or damaged
    or has no such column.
    """

    head: int | None = HEAD
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

    def kept_groups(self, shard: Shard) -> None:  # noqa: ARG002  lines are in no groups
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
        hub_client.install()
        import datasets
        from datasets.data_files import DataFilesDict, DataFilesList
        from huggingface_hub import HfFileSystem
        from zstandard import ZstdError

        hub_client.to_root("datasets")
        dataset, form = self._corpus.path, FORMATS[self._kind]
        hub_client.switched_on(f"{shard.name} of {dataset}")
        address = f"datasets/{dataset}@{self._revision}/{shard.name}"
        # `datasets` opens the file through this very instance; what the manifest knows spares it a listing.
        files = HfFileSystem(endpoint=hub_client.endpoint(), token=None, block_size=_BLOCK)
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
            return form.records(list(islice(stream, HEAD + form.extra)))
        except ConnectionError as error:
            message = f"{shard.name} of dataset {dataset} was not reached: {error}"
            raise SourceUnavailable(message, "it is tried again") from error
        except (OSError, EOFError, ValueError, zlib.error, LZMAError, ZstdError) as error:
            message = f"{shard.name} of dataset {dataset} cannot be read as {self._kind}: {error}"
            raise CorpusError(message, "the file may be damaged") from error
