"""Documents of a dataset on the Hugging Face Hub, one row at a time."""

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Protocol

from corpuscope.corpora import hub_listing, hub_requests
from corpuscope.corpora.hub_lines import FilePrefixes
from corpuscope.corpora.hub_listing import Listing
from corpuscope.corpora.hub_parquet import FirstPages, RowGroups
from corpuscope.corpora.known import KNOWN, KNOWN_FILES
from corpuscope.corpora.rows import Record, check_columns, to_row
from corpuscope.corpora.source import Manifest, Row, Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable


class Reader(Protocol):
    """How single rows are fetched from one kind of file."""

    @property
    def prefix_rows(self) -> int | None:
        """Only so many rows of each file can be drawn; None when all can."""
        ...

    def columns(self, shard: Shard) -> tuple[str, ...]:
        """The columns of the file."""
        ...

    def rows(self, shard: Shard) -> int:
        """How many rows of the file can be drawn."""
        ...

    def read(self, shard: Shard, row: int) -> Record:
        """One row."""
        ...

    def stream(self, shard: Shard) -> Iterator[Record]:
        """Every row of the file in stored order, drawable or not, with its texts at least."""
        ...

    def cached_row_groups(self, shard: Shard) -> tuple[int, ...] | None:
        """Rows of each row group, where that is known without the network."""
        ...


_PEEKS = 3
"""Files that are tried, largest first, before a dataset counts as unreadable."""
_MOST_COUNTED = 32
"""Parquet files of a dataset whose rows are counted before the first draw ..."""
_MOST_COUNTED_BYTES = 16 << 30
"""... and their bytes: the footers of more would take over a second. Both decide which rows are drawn."""
_LANES = 8
"""Footers fetched at the same time."""


class HubSource:
    """One dataset of the Hub at one commit.

    `revision` is a commit, branch or tag, None for the newest commit; a commit whose files were listed
    before needs no network for its manifest. `cache` is a folder for file lists and Parquet footers. Token,
    endpoint and offline mode are those of huggingface_hub. A fault is reported at once, never tried again.
    """

    def __init__(self, corpus: Corpus, revision: str | None, cache: Path) -> None:
        self.corpus = corpus
        self._revision = revision
        self._cache = cache
        self._lock = Lock()
        self._opened: tuple[Manifest, Reader] | None = None
        self._closed = False

    def manifest(self) -> Manifest:
        """The data files; resolved once. Raises SourceUnavailable, AccessDenied or CorpusError."""
        return self._open()[0]

    def rows(self, shard: int) -> int:
        """How many rows of that shard can be drawn; may read a footer or a head. Raises like `manifest`."""
        manifest, reader = self._open()
        known = manifest.shards[shard].rows
        return reader.rows(manifest.shards[shard]) if known is None else known

    def fetch(self, shard: int, row: int) -> Row:
        """One row. Raises SourceUnavailable (worth another try) or CorpusError (this shard never will)."""
        manifest, reader = self._open()
        return to_row(self.corpus, reader.read(manifest.shards[shard], row))

    def stream(self, shard: int) -> Iterator[Row]:
        """Every row of that shard in stored order, beyond those that can be drawn; maybe without metadata.

        A few MB are in memory at a time. Short failures are waited for; raises like `fetch` after longer ones.
        """
        manifest, reader = self._open()
        for record in reader.stream(manifest.shards[shard]):
            yield to_row(self.corpus, record)

    def cached_manifest(self) -> Manifest | None:
        """The manifest of a commit whose files were listed before; None of any other. Needs no network."""
        listing = hub_listing.load(self.corpus, self._revision, self._cache) if self._revision else None
        return _manifest(self.corpus, listing, self._reader(listing)) if listing else None

    def cached_row_groups(self, shards: Collection[str]) -> Mapping[str, tuple[int, ...]]:
        """Rows of each row group, by shard, of those shards whose footer was fetched before. Needs no network."""
        listing = hub_listing.load(self.corpus, self._revision, self._cache) if self._revision else None
        if listing is None or listing.large_row_groups:
            return {}
        reader = self._reader(listing)
        wanted = [shard for shard in listing.shards if shard.name in shards]
        return {
            shard.name: groups for shard in wanted if (groups := reader.cached_row_groups(shard)) is not None
        }

    def check_reachable(self, seconds: float) -> None:
        """One cheap request for a file of the dataset: is the Hub there, and would it give the file?

        Raises SourceUnavailable when it does not answer within `seconds`, AccessDenied or CorpusError.
        """
        kept = self.cached_manifest()
        name = kept.shards[0].name if kept else "README.md"
        hub_requests.head_request(self.corpus.path, self._revision or "main", name, seconds)

    def close(self) -> None:
        """Returns at once; later calls raise SourceUnavailable, a fetch under way runs into its own end."""
        self._closed = True
        self._opened = None

    def _open(self) -> tuple[Manifest, Reader]:
        if self._closed:
            raise SourceUnavailable(f"the source of {self.corpus.path} was closed")
        with self._lock:
            if self._opened is None:
                listing = self._listing()
                check_columns(self.corpus, listing.columns)
                reader = self._reader(listing)
                self._opened = _manifest(self.corpus, listing, reader), reader
            return self._opened

    def _listing(self) -> Listing:
        kept = hub_listing.load(self.corpus, self._revision, self._cache) if self._revision else None
        if kept is not None:
            return kept
        listing = self._peeked(hub_listing.resolve(self.corpus, self._revision, self._cache))
        hub_listing.store(self.corpus, listing, self._cache)
        return listing

    def _peeked(self, listing: Listing) -> Listing:
        """The listing with what only the inside of a file tells."""
        known = KNOWN_FILES.get(self.corpus.path)
        if known is not None:
            return replace(listing, columns=known.columns, large_row_groups=known.large_row_groups)
        by_size = sorted(listing.shards, key=lambda shard: shard.bytes, reverse=True)
        for attempt, shard in enumerate(by_size, start=1):
            try:
                if listing.kind == "parquet":
                    groups = RowGroups(self.corpus, listing.revision, self._cache)
                    seen = replace(
                        listing,
                        columns=groups.columns(shard),
                        large_row_groups=groups.has_large_row_groups(shard),
                    )
                    return seen if seen.large_row_groups else _counted(seen, groups)
                return replace(listing, columns=self._reader(listing).columns(shard))
            except CorpusError:
                if attempt == min(_PEEKS, len(by_size)):
                    raise
        return listing

    def _reader(self, listing: Listing) -> Reader:
        if listing.kind != "parquet":
            return FilePrefixes(self.corpus, listing.revision, listing.kind, self._cache)
        return (FirstPages if listing.large_row_groups else RowGroups)(
            self.corpus, listing.revision, self._cache
        )


def _counted(listing: Listing, groups: RowGroups) -> Listing:
    """The listing with the rows of every file, where the files are few; as it was where one is damaged.

    Raises SourceUnavailable: what is drawn may not depend on whether the network held.
    """
    few = len(listing.shards) <= _MOST_COUNTED
    if not few or sum(shard.bytes for shard in listing.shards) > _MOST_COUNTED_BYTES:
        return listing
    try:
        with ThreadPoolExecutor(_LANES) as lanes:
            rows = list(lanes.map(groups.rows, listing.shards))
    except CorpusError:
        return listing
    shards = (replace(shard, rows=count) for shard, count in zip(listing.shards, rows, strict=True))
    return replace(listing, shards=tuple(shards))


def _manifest(corpus: Corpus, listing: Listing, reader: Reader) -> Manifest:
    known = KNOWN.get(corpus.key)
    if known is not None:
        uniform = known.uniform
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
    equal = files is not None and files.equal
    return Manifest(
        listing.revision, listing.shards, prefix_rows=reader.prefix_rows, equal=equal, uniform=uniform
    )
