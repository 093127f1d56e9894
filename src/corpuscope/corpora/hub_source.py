"""The source of documents from a dataset on the Hugging Face Hub."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import starmap
from pathlib import Path
from threading import Lock
from typing import Protocol

from corpuscope.corpora import hub_listing, hub_requests
from corpuscope.corpora.hub_lines import FilePrefixes
from corpuscope.corpora.hub_listing import Listing
from corpuscope.corpora.hub_parquet import FirstPages, RowGroups
from corpuscope.corpora.hub_whole import WholeFiles, are_read_whole
from corpuscope.corpora.known import KNOWN, KNOWN_FILES
from corpuscope.corpora.rows import (
    Record,
    note_on_files,
    note_on_text,
    note_on_tokens,
    resolve_text,
    resolve_tokens,
    to_row,
)
from corpuscope.corpora.source import Manifest, Row, Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable


class ShardReader(Protocol):
    """Reader of single rows of one kind of file."""

    @property
    def prefix_rows(self) -> int | None:
        """Number of first rows of each file that can be drawn; None when all can."""
        ...

    def columns(self, shard: Shard) -> tuple[str, ...]:
        """Return the column names of the file."""
        ...

    def rows(self, shard: Shard) -> int:
        """Return how many rows of the file can be drawn."""
        ...

    def read(self, shard: Shard, row: int) -> Record | str:
        """Read one row."""
        ...

    def stream(self, shard: Shard) -> Iterator[Record | str]:
        """Yield every row of the file in stored order, drawable or not, with at least its text columns."""
        ...

    def cached_row_groups(self, shard: Shard) -> tuple[int, ...] | None:
        """Return the rows of each row group; None where only the network could tell."""
        ...


_log = logging.getLogger(__name__)

_PEEKS = 3
"""Files tried, largest first, before a dataset counts as unreadable."""
_MAX_COUNTED = 32
"""Parquet files of a dataset whose rows are counted before the first draw ..."""
_MAX_COUNTED_BYTES = 16 << 30
"""... and their total bytes. More footers would take over a second. Both limits decide which rows are drawn."""
_SPREAD = 8
"""Parquet files of a larger dataset whose row groups are inspected."""
_LANES = 8
"""Footers fetched at the same time."""


class HubSource:
    """One dataset of the Hub at one commit.

    `revision` is a commit, branch or tag; None means the newest commit. The manifest of a commit whose files
    were listed before needs no network. `cache` is a folder for file lists, Parquet footers and small files. `report`
    receives a description of each slow operation. Token, endpoint and offline mode are those of huggingface_hub. A
    fault is raised at once, without retries.
    """

    def __init__(
        self,
        corpus: Corpus,
        revision: str | None,
        cache: Path,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.corpus = corpus
        self._report = report
        self._revision = revision or corpus.requested
        self._cache = cache
        self._lock = Lock()
        self._opened: tuple[Manifest, ShardReader] | None = None
        self._closed = False
        self._resolved = corpus  # with the text columns under the names they have in its files

    def manifest(self) -> Manifest:
        """Return the data files, which are resolved once. Raises SourceUnavailable, AccessDenied or CorpusError."""
        return self._open()[0]

    def rows(self, shard: int) -> int:
        """Return how many rows of the shard can be drawn. May read a footer or a prefix. Raises like `manifest`."""
        manifest, reader = self._open()
        rows = manifest.shards[shard].rows
        return reader.rows(manifest.shards[shard]) if rows is None else rows

    def fetch(self, shard: int, row: int) -> Row:
        """Fetch one row.

        Raises SourceUnavailable when another try may work, CorpusError when this shard can never be read.
        """
        manifest, reader = self._open()
        return to_row(self._resolved, reader.read(manifest.shards[shard], row))

    def stream(self, shard: int) -> Iterator[Row]:
        """Yield every row of the shard in stored order, including those that cannot be drawn.

        The rows may lack metadata. A few MB are in memory at a time. Short failures are retried; longer ones
        raise like `fetch`.
        """
        manifest, reader = self._open()
        for record in reader.stream(manifest.shards[shard]):
            yield to_row(self._resolved, record)

    def resolved(self) -> Corpus:
        """Return the corpus with the text and token columns under their names in its files. Raises like `manifest`."""
        self._open()
        return self._resolved

    def cached_manifest(self) -> Manifest | None:
        """Return the manifest of a commit whose files were listed before, else None. Needs no network."""
        listing = self._cached_listing()
        return _manifest(self.corpus, listing, self._reader(listing)) if listing else None

    def cached_row_groups(self, shards: Collection[str]) -> Mapping[str, tuple[int, ...]]:
        """Return the rows of each row group by shard, for shards with a cached footer. Needs no network."""
        listing = self._cached_listing()
        if listing is None or listing.large_row_groups:
            return {}
        reader = self._reader(listing)
        selected = [shard for shard in listing.shards if shard.name in shards]
        return {
            shard.name: groups
            for shard in selected
            if (groups := reader.cached_row_groups(shard)) is not None
        }

    def probe(self, seconds: float) -> list[hub_requests.Hop]:
        """Fetch the first byte of a file of the dataset and return every host on the way, with its time.

        Raises SourceUnavailable when a host does not answer within `seconds`, AccessDenied or CorpusError.
        """
        manifest = self.cached_manifest()
        name = manifest.shards[0].name if manifest else "README.md"
        return hub_requests.probe_file(self.corpus.path, self._revision or "main", name, seconds)

    def close(self) -> None:
        """Close without waiting. Later calls raise SourceUnavailable; a fetch under way still ends by itself."""
        self._closed = True
        self._opened = None

    def _open(self) -> tuple[Manifest, ShardReader]:
        if self._closed:
            raise SourceUnavailable(f"the source of {self.corpus.path} was closed")
        with self._lock:
            if self._opened is None:
                listing = self._listing()
                text = resolve_text(self.corpus, listing.columns, f"dataset {self.corpus.path}")
                tokens = resolve_tokens(self.corpus, listing.columns, f"dataset {self.corpus.path}")
                self._resolved = replace(self.corpus, text=text, tokens=tokens)
                reader = self._reader(listing)
                self._opened = (
                    _manifest(
                        self.corpus,
                        listing,
                        reader,
                        (*note_on_text(self.corpus, text), *note_on_tokens(self.corpus, tokens)),
                    ),
                    reader,
                )
            return self._opened

    def _cached_listing(self) -> Listing | None:
        return hub_listing.load(self.corpus, self._revision, self._cache) if self._revision else None

    def _listing(self) -> Listing:
        cached = self._cached_listing()
        if cached is not None:
            return cached
        listing = self._inspect(hub_listing.resolve(self.corpus, self._revision))
        hub_listing.store(self.corpus, listing, self._cache)
        return listing

    def _inspect(self, listing: Listing) -> Listing:
        """Complete the listing with what only the content of a file tells: its columns and row groups."""
        files = KNOWN_FILES.get(self.corpus.path)
        if files is not None:
            return replace(listing, columns=files.columns, large_row_groups=files.large_row_groups)
        by_size = sorted(listing.shards, key=lambda shard: shard.bytes, reverse=True)
        for attempt, shard in enumerate(by_size, start=1):
            try:
                if listing.kind == "parquet":
                    return self._inspect_parquet(listing, shard)
                return self._inspect_lines(listing, shard)
            except CorpusError:
                if attempt == min(_PEEKS, len(by_size)):
                    raise
        return listing

    def _inspect_lines(self, listing: Listing, largest: Shard) -> Listing:
        """Add the columns of the `largest` file, what had to be guessed about it, and whether it is a JSON array.

        Files that are read whole also get their number of rows, unless one of them cannot be read.
        """
        if are_read_whole(self.corpus, listing):
            try:
                return self._inspect_whole(listing, largest)
            except CorpusError as fault:
                _log.warning("%s is drawn from the heads of its files: %s", self.corpus.path, fault)
        files = FilePrefixes(self.corpus, listing.revision, listing.kind, self._cache)
        if listing.kind == "jsonl" and files.is_json_array(largest):
            listing = replace(listing, kind="json")
            files = FilePrefixes(self.corpus, listing.revision, listing.kind, self._cache)
        notes = tuple(note_on_files(note, [largest.name]) for note in files.notes(largest))
        return replace(listing, columns=files.columns(largest), notes=notes)

    def _inspect_whole(self, listing: Listing, largest: Shard) -> Listing:
        """Add columns, the rows of all files, and what had to be guessed.

        Raises CorpusError when a file cannot be read, or none has a row.
        """
        files = self._whole_files(listing)
        shards = _counted(listing.shards, files)
        if not any(shard.rows for shard in shards):
            raise CorpusError(f"dataset {self.corpus.path} holds no documents")
        guesses: dict[str, list[str]] = {}
        for shard in shards:
            for note in files.notes(shard):
                guesses.setdefault(note, []).append(shard.name)
        notes = tuple(starmap(note_on_files, guesses.items()))
        return replace(listing, columns=files.columns(largest), shards=shards, notes=notes)

    def _whole_files(self, listing: Listing) -> WholeFiles:
        return WholeFiles(
            self.corpus, listing.revision, listing.kind, self._cache, self._report_unless_closed
        )

    def _report_unless_closed(self, what: str) -> None:
        if self._closed:
            raise SourceUnavailable(f"the source of {self.corpus.path} was closed")
        self._report(what)

    def _inspect_parquet(self, listing: Listing, largest: Shard) -> Listing:
        """Add the columns of the `largest` file, and what the footers of it and others tell about row groups."""
        groups = RowGroups(self.corpus, listing.revision, self._cache)
        listing = replace(
            listing, columns=groups.columns(largest), large_row_groups=groups.has_large_row_groups(largest)
        )
        if self.corpus.frame > 1 and not listing.large_row_groups:
            listing = replace(listing, large_row_groups=_any_large(groups, _inspected(listing.shards)))
        if listing.large_row_groups or not _are_few(listing.shards):
            return listing
        try:
            return replace(listing, shards=_counted(listing.shards, groups))
        except CorpusError:
            return listing

    def _reader(self, listing: Listing) -> ShardReader:
        if listing.kind != "parquet" and all(shard.rows is not None for shard in listing.shards):
            return self._whole_files(listing)
        if listing.kind != "parquet":
            return FilePrefixes(self.corpus, listing.revision, listing.kind, self._cache)
        return (FirstPages if listing.large_row_groups else RowGroups)(
            self.corpus, listing.revision, self._cache
        )


def _are_few(shards: Sequence[Shard]) -> bool:
    return len(shards) <= _MAX_COUNTED and sum(shard.bytes for shard in shards) <= _MAX_COUNTED_BYTES


def _inspected(shards: Sequence[Shard]) -> Sequence[Shard]:
    """Return the files whose row groups stand for those of all: all of few, else some at equal distances."""
    return shards if _are_few(shards) else shards[:: max(1, len(shards) // _SPREAD)]


def _any_large(groups: RowGroups, shards: Sequence[Shard]) -> bool:
    """Tell whether a file has large row groups; a damaged one has none.

    Raises SourceUnavailable, since the draws must not depend on whether the network failed.
    """

    def has_large(shard: Shard) -> bool:
        try:
            return groups.has_large_row_groups(shard)
        except CorpusError:
            return False

    with ThreadPoolExecutor(_LANES) as lanes:
        return any(lanes.map(has_large, shards))


def _counted(shards: Sequence[Shard], reader: ShardReader) -> tuple[Shard, ...]:
    """Return the files with their number of rows. Raises CorpusError for a damaged one.

    Raises SourceUnavailable, since the draws must not depend on whether the network failed.
    """
    with ThreadPoolExecutor(_LANES) as lanes:
        rows = list(lanes.map(reader.rows, shards))
    return tuple(replace(shard, rows=count) for shard, count in zip(shards, rows, strict=True))


def _manifest(corpus: Corpus, listing: Listing, reader: ShardReader, notes: tuple[str, ...] = ()) -> Manifest:
    known_corpus = KNOWN.get(corpus.key)
    if known_corpus is not None:
        uniform = known_corpus.uniform
    elif all(shard.rows is not None for shard in listing.shards):
        uniform = "Exact: every document is equally likely."
    elif reader.prefix_rows is None:
        uniform = (
            "A file in proportion to its size, then any of its rows: exact, and the chance of each is stored."
        )
    else:
        uniform = (
            f"A file in proportion to its size, then one of its first {reader.prefix_rows} rows: "
            "uniform if the order inside the files is random."
        )
    files = KNOWN_FILES.get(corpus.path)
    return Manifest(
        listing.revision,
        listing.shards,
        prefix_rows=reader.prefix_rows,
        equal=files is not None and files.equal,
        uniform=f"{uniform} {listing.left_out}".rstrip(),
        left_out=listing.left_out,
        notes=(*notes, *listing.notes, *([listing.left_out] if listing.left_out else [])),
    )
