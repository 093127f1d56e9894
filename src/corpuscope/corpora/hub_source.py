"""The source of documents from a dataset on the Hugging Face Hub."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock

from corpuscope.corpora import hub_listing, hub_requests
from corpuscope.corpora.hub_inspection import HubReaders, ShardReader
from corpuscope.corpora.hub_listing import Listing
from corpuscope.corpora.known import KNOWN_FILES, known_corpus
from corpuscope.corpora.rows import note_on_text, note_on_tokens, resolve_text, resolve_tokens, to_row
from corpuscope.corpora.source import Manifest, Row
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable


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
        self._readers = HubReaders(corpus, cache, self._report_unless_closed)
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

    def reach(self, shard: int) -> None:
        """Fetch a byte of the shard. Raises like `fetch`."""
        from corpuscope.corpora.hub_ranges import read_range

        manifest, _ = self._open()
        read_range(
            hub_requests.file_url(self.corpus.path, manifest.revision, manifest.shards[shard].name), 0, 1
        )

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
        return _manifest(self.corpus, listing, self._readers.reader_of(listing)) if listing else None

    def cached_row_groups(self, shards: Collection[str]) -> Mapping[str, tuple[int, ...]]:
        """Return the rows of each row group by shard, for shards with a cached footer. Needs no network."""
        listing = self._cached_listing()
        if listing is None or listing.large_row_groups:
            return {}
        reader = self._readers.reader_of(listing)
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
                if all(shard.rows == 0 for shard in listing.shards):
                    raise CorpusError(f"dataset {self.corpus.path} holds no documents")
                text = resolve_text(self.corpus, listing.columns, f"dataset {self.corpus.path}")
                tokens = resolve_tokens(self.corpus, listing.columns, f"dataset {self.corpus.path}")
                self._resolved = replace(self.corpus, text=text, tokens=tokens)
                reader = self._readers.reader_of(listing)
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
        listing = self._readers.inspect(hub_listing.resolve(self.corpus, self._revision))
        hub_listing.store(self.corpus, listing, self._cache)
        return listing

    def _report_unless_closed(self, what: str) -> None:
        if self._closed:
            raise SourceUnavailable(f"the source of {self.corpus.path} was closed")
        self._report(what)


def _manifest(corpus: Corpus, listing: Listing, reader: ShardReader, notes: tuple[str, ...] = ()) -> Manifest:
    if (entry := known_corpus(corpus)) is not None:
        uniform = entry.uniform
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
