"""Documents of a dataset on the Hugging Face Hub, one row at a time."""

from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Protocol

from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable
from corpuscope.sampling.corpora import KNOWN
from corpuscope.sampling.source import Manifest, Row, Shard
from corpuscope.sampling.sources import hub_manifest
from corpuscope.sampling.sources.hub_known import KNOWN_FILES
from corpuscope.sampling.sources.hub_lines import Heads
from corpuscope.sampling.sources.hub_manifest import Listing
from corpuscope.sampling.sources.hub_parquet import LeadingPages, RowGroups
from corpuscope.sampling.sources.hub_rows import Record, check_columns, to_row


class Reader(Protocol):
    """How single rows are fetched from one kind of file."""

    @property
    def head(self) -> int | None:
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


_PEEKS = 3
"""Files that are tried, largest first, before a dataset counts as unreadable."""


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
        return reader.rows(manifest.shards[shard])

    def fetch(self, shard: int, row: int) -> Row:
        """One row. Raises SourceUnavailable (worth another try) or CorpusError (this shard never will)."""
        manifest, reader = self._open()
        return to_row(self.corpus, reader.read(manifest.shards[shard], row))

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
        kept = hub_manifest.load(self.corpus, self._revision, self._cache) if self._revision else None
        if kept is not None:
            return kept
        listing = self._peeked(hub_manifest.resolve(self.corpus, self._revision, self._cache))
        hub_manifest.store(self.corpus, listing, self._cache)
        return listing

    def _peeked(self, listing: Listing) -> Listing:
        """The listing with what only the inside of a file tells."""
        known = KNOWN_FILES.get(self.corpus.path)
        if known is not None:
            return replace(listing, columns=known.columns, coarse=known.coarse)
        by_size = sorted(listing.shards, key=lambda shard: shard.bytes, reverse=True)
        for attempt, shard in enumerate(by_size, start=1):
            try:
                if listing.kind == "parquet":
                    groups = RowGroups(self.corpus, listing.revision, self._cache)
                    return replace(listing, columns=groups.columns(shard), coarse=groups.is_coarse(shard))
                return replace(listing, columns=self._reader(listing).columns(shard))
            except CorpusError:
                if attempt == min(_PEEKS, len(by_size)):
                    raise
        return listing

    def _reader(self, listing: Listing) -> Reader:
        if listing.kind != "parquet":
            return Heads(self.corpus, listing.revision, listing.kind, self._cache)
        return (LeadingPages if listing.coarse else RowGroups)(self.corpus, listing.revision, self._cache)


def _manifest(corpus: Corpus, listing: Listing, reader: Reader) -> Manifest:
    known = KNOWN.get(corpus.key)
    if known is not None:
        uniform = known.uniform
    elif reader.head is None:
        uniform = (
            "A file in proportion to its size, then any of its rows: exact, and the chance of each is stored."
        )
    else:
        uniform = (
            f"A file in proportion to its size, then one of its first {reader.head} rows: "
            "uniform if the order inside the files is random."
        )
    files = KNOWN_FILES.get(corpus.path)
    equal = files is not None and files.equal
    return Manifest(listing.revision, listing.shards, head=reader.head, equal=equal, uniform=uniform)
