"""Documents of a dataset on the Hugging Face Hub, one row at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Protocol

from corpuscope.domain.corpus import Corpus
from corpuscope.errors import SourceUnavailable
from corpuscope.sampling.source import Manifest, Row, Shard
from corpuscope.sampling.sources import hub_manifest
from corpuscope.sampling.sources.hub_lines import Heads
from corpuscope.sampling.sources.hub_manifest import Listing
from corpuscope.sampling.sources.hub_parquet import LeadingPages, RowGroups
from corpuscope.sampling.sources.hub_rows import Record, to_row


class Reader(Protocol):
    """How single rows are fetched from one kind of file."""

    @property
    def head(self) -> int | None:
        """Only so many rows of each file can be drawn; None when all can."""
        ...

    def rows(self, shard: Shard) -> int:
        """How many rows of the file can be drawn."""
        ...

    def read(self, shard: Shard, row: int) -> Record:
        """One row."""
        ...


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of a well-known dataset beyond its files."""

    said: str
    """What that means for a sample, in one sentence."""
    equal: bool = False
    """True when its files are equally large by construction, so that bytes only add noise."""


NOTES: Mapping[str, Note] = MappingProxyType(
    {
        "allenai/c4": Note(
            "C4 was written in the order of a hash of its keys, so that order is random.", equal=True
        ),
        "HuggingFaceFW/fineweb": Note("The sample configs are themselves random subsets of FineWeb."),
        "HuggingFaceFW/fineweb-edu": Note("The sample configs are themselves random subsets of FineWeb-Edu."),
        "PleIAs/SYNTH": Note("Whether the order inside its files is random is not documented."),
    }
)
"""By repository."""


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
                reader = self._reader(listing)
                self._opened = _manifest(self.corpus, listing, reader), reader
            return self._opened

    def _listing(self) -> Listing:
        kept = hub_manifest.load(self.corpus, self._revision, self._cache) if self._revision else None
        if kept is not None:
            return kept
        listing = hub_manifest.resolve(self.corpus, self._revision)
        if listing.kind == "parquet":
            typical = max(listing.shards, key=lambda shard: shard.bytes)
            coarse = RowGroups(self.corpus, listing.revision, self._cache).is_coarse(typical)
            listing = replace(listing, coarse=coarse)
        hub_manifest.store(self.corpus, listing, self._cache)
        return listing

    def _reader(self, listing: Listing) -> Reader:
        if listing.kind != "parquet":
            return Heads(self.corpus, listing.revision, listing.kind)
        return (LeadingPages if listing.coarse else RowGroups)(self.corpus, listing.revision, self._cache)


def _manifest(corpus: Corpus, listing: Listing, reader: Reader) -> Manifest:
    note = NOTES.get(corpus.path)
    files = f"{len(listing.shards):,} files"
    if reader.head is None:
        uniform = f"Every row of the {files} can be drawn, each with a probability that is known."
    else:
        uniform = (
            f"Only the first {reader.head} rows of each of the {files} can be drawn: "
            "a fair sample if the order inside a file is random."
        )
    return Manifest(
        revision=listing.revision,
        shards=listing.shards,
        head=reader.head,
        equal=note is not None and note.equal,
        uniform=f"{uniform} {note.said}" if note else uniform,
    )
