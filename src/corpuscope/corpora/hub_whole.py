"""Reading of small files on the Hub at any row: they are copied whole to the cache, and read as local files are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from threading import Lock

from corpuscope.corpora import hub_settings
from corpuscope.corpora.hub_content import contents
from corpuscope.corpora.hub_files import ARCHIVE
from corpuscope.corpora.hub_lines import BLOCK, PREFIX_ROWS
from corpuscope.corpora.hub_listing import Listing
from corpuscope.corpora.local_files import LocalFile
from corpuscope.corpora.local_reader import FileReader, reader_of
from corpuscope.corpora.rows import Record, columns_of
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable
from corpuscope.files import digest, reason, replacing, stream_of

_MOST_FILES = 32
"""Files of a dataset that are copied whole ..."""
_MOST_BYTES = 64 << 20
"""... and their total bytes, which arrive within four seconds at 20 MB/s. Both limits decide which rows are drawn."""
_MOST_CONTENT = 1 << 30
"""Bytes of one file after decompression. A larger one is damaged, or made to fill a disk."""
_FORMATS = {"jsonl": "json", "json": "json", "csv": "csv", "tsv": "csv"}
"""Local format by the kind of file. A local `.txt` is one document, and one on the Hub has one in each line."""


def are_read_whole(corpus: Corpus, listing: Listing) -> bool:
    """Tell whether the files of a dataset are so small that they are copied whole."""
    return (
        corpus.frame > 2
        and listing.kind in _FORMATS
        and len(listing.shards) <= _MOST_FILES
        and sum(shard.bytes for shard in listing.shards) <= _MOST_BYTES
        and not any(shard.name.lower().endswith(ARCHIVE) for shard in listing.shards)
    )


class WholeFiles:
    """The rows of files that are copied to the cache when the first of their rows is needed. Thread-safe.

    Every method raises SourceUnavailable when the Hub fails or the cache has no room, and CorpusError when a file is
    gone or damaged or lacks a text column.
    """

    prefix_rows: int | None = None
    """None, since every row can be drawn."""

    def __init__(
        self, corpus: Corpus, revision: str, kind: str, cache: Path, report: Callable[[str], None]
    ) -> None:
        self._corpus = corpus
        self._revision = revision
        self._kind = kind
        self._folder = cache / "whole" / digest(hub_settings.endpoint(), corpus.path, revision).hex()[:32]
        self._report = report
        self._readers: dict[str, FileReader] = {}
        self._locks: dict[str, Lock] = {}
        self._lock = Lock()

    def columns(self, shard: Shard) -> tuple[str, ...]:
        """Return the columns of the first rows."""
        return columns_of(islice(self.stream(shard), PREFIX_ROWS))

    def notes(self, shard: Shard) -> tuple[str, ...]:
        """Return what had to be guessed about the file, once its rows are counted."""
        return self._reader(shard).notes

    def rows(self, shard: Shard) -> int:
        """Return how many rows the file has."""
        reader = self._reader(shard)
        reader.text_columns(self._corpus, guess=True)
        return reader.count(lambda _: None)

    def read(self, shard: Shard, row: int) -> Record | str:
        """Read one row."""
        return self._reader(shard).read(row)

    def stream(self, shard: Shard) -> Iterator[Record | str]:
        """Yield every row of the file in stored order."""
        return self._reader(shard).stream(())

    def cached_row_groups(self, shard: Shard) -> None:  # noqa: ARG002  lines have no groups
        """Return None, since lines have no row groups."""
        return

    def _reader(self, shard: Shard) -> FileReader:
        path = self._folder / f"{digest(shard.name).hex()[:32]}.{_FORMATS[self._kind]}"
        with self._lock:
            lock = self._locks.setdefault(shard.name, Lock())
        with lock:
            if shard.name not in self._readers or not path.exists():  # the cache may be emptied at any time
                if not path.exists():
                    self._copy(shard, path)
                status = path.stat()
                state = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
                file = LocalFile(path, shard.name, _FORMATS[self._kind], None, *state)
                self._readers[shard.name] = reader_of(file, self._folder, self._corpus)
            return self._readers[shard.name]

    def _copy(self, shard: Shard, path: Path) -> None:
        """Copy the content of a file, decompressed, since most compressed files cannot be entered in the middle."""
        dataset = self._corpus.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # texts of gated datasets must not be readable by others
            with replacing(path, durable=False, mode=0o600) as descriptor, stream_of(descriptor) as stream:
                for piece in self._pieces(shard):
                    self._report(f"fetching {shard.name} of {dataset}, {shard.bytes / 1e6:,.1f} MB")
                    stream.write(piece)
        except OSError as error:
            raise SourceUnavailable(
                f"{path.parent} cannot keep {shard.name} of {dataset}: {reason(error)}",
                "set CORPUSCOPE_CACHE to a folder with room",
            ) from error
        except (ValueError, EOFError) as error:
            message = f"{shard.name} of dataset {dataset} cannot be read as {self._kind}: {error}"
            raise CorpusError(message, "the file may be damaged") from error
        self._report("")

    def _pieces(self, shard: Shard) -> Iterator[bytes]:
        """Yield the content of a file. Raises ValueError when it is too much."""
        size = 0
        for _, content in contents(self._corpus.path, self._revision, shard, read_ahead=BLOCK):
            for piece in content.chunks():
                size += len(piece)
                if size > _MOST_CONTENT:
                    raise ValueError(f"it takes more than {_MOST_CONTENT >> 30} GB when it is decompressed")
                yield piece
