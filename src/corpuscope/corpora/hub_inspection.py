"""What only the content of a dataset's files tells: their columns and row groups, and which reader fits them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import starmap
from pathlib import Path
from typing import Protocol

from corpuscope.corpora.hub_lines import FilePrefixes
from corpuscope.corpora.hub_listing import Listing
from corpuscope.corpora.hub_parquet import FirstPages, RowGroups
from corpuscope.corpora.hub_whole import WholeFiles, are_read_whole
from corpuscope.corpora.known import KNOWN_FILES
from corpuscope.corpora.rows import Record, note_on_files
from corpuscope.corpora.source import Shard, percent
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from corpuscope.text.quantities import quantity


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


_PEEKS = 3
"""Files tried, largest first, before a dataset counts as unreadable."""
_MAX_COUNTED = 32
"""Parquet files of a dataset whose rows are counted before the first draw ..."""
_MAX_COUNTED_BYTES = 16 << 30
"""... and their total bytes. More footers would take over a second. Both limits decide which rows are drawn."""
_SPREAD = 8
"""Parquet files of a larger dataset whose row groups are inspected."""
_LANES = 8
"""Footers or small files fetched at the same time."""


@dataclass(frozen=True, slots=True)
class HubReaders:
    """The readers of one dataset's files."""

    corpus: Corpus
    """The dataset."""
    cache: Path
    """Folder of Parquet footers and small files."""
    report: Callable[[str], None]
    """Receives a description of each slow operation. It may raise to stop one."""

    def reader_of(self, listing: Listing) -> ShardReader:
        """Return the reader that fits the files of an inspected listing."""
        if listing.kind != "parquet":
            is_counted = all(shard.rows is not None for shard in listing.shards)
            return self._whole_files(listing) if is_counted else self._heads(listing)
        groups = FirstPages if listing.large_row_groups else RowGroups
        return groups(self.corpus, listing.revision, self.cache)

    def inspect(self, listing: Listing) -> Listing:
        """Complete a listing with the columns of its files, their row groups, and their rows where they are few.

        Raises CorpusError when several files cannot be read, and SourceUnavailable.
        """
        files = KNOWN_FILES.get(self.corpus.path)
        if files is not None:
            return replace(listing, columns=files.columns, large_row_groups=files.large_row_groups)
        if are_read_whole(self.corpus, listing):
            return self._inspect_whole(listing)
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
        """Add the columns of the `largest` file, what had to be guessed about it, and whether it is a JSON array."""
        files = self._heads(listing)
        if listing.kind == "jsonl" and files.is_json_array(largest):
            listing = replace(listing, kind="json")
            files = self._heads(listing)
        notes = (note_on_files(note, [largest.name]) for note in files.notes(largest))
        return replace(listing, columns=files.columns(largest), notes=(*listing.notes, *notes))

    def _inspect_whole(self, listing: Listing) -> Listing:
        """Add columns, the rows of all files, and what had to be guessed. A file that cannot be read is left out.

        Raises CorpusError when there are no documents.
        """
        files = self._whole_files(listing)

        def counted(shard: Shard) -> Shard | CorpusError:
            try:
                return replace(shard, rows=files.rows(shard))
            except CorpusError as fault:
                return fault

        with ThreadPoolExecutor(_LANES) as lanes:
            results = list(lanes.map(counted, listing.shards))
        shards = [result for result in results if isinstance(result, Shard)]
        faults = [result for result in results if isinstance(result, CorpusError)]
        if faults and not shards:
            fault = faults[0]
            where = "" if self.corpus.path in fault.message else f"dataset {self.corpus.path}: "
            raise CorpusError(f"{where}{fault.message}", fault.hint)
        if not any(shard.rows for shard in shards):
            names = ", ".join(shard.name for shard in listing.shards[:_PEEKS])
            raise CorpusError(f"dataset {self.corpus.path} has no documents in {names}")
        guesses: dict[str, list[str]] = {}
        for shard in shards:
            for note in files.notes(shard):
                guesses.setdefault(note, []).append(shard.name)
        if faults:
            total = sum(shard.bytes for shard in listing.shards)
            read = sum(shard.bytes for shard in shards)
            share = percent((total - read) / total if total else 0)
            unreadable = f"{quantity(len(faults), 'file')} that cannot be read"
            words = f"Left out: {unreadable}, with {share} of the bytes."
            listing = replace(listing, left_out=f"{listing.left_out} {words}".lstrip())
        return replace(
            listing,
            columns=files.columns(max(shards, key=lambda shard: shard.bytes)),
            shards=tuple(shards),
            notes=(
                *listing.notes,
                *starmap(note_on_files, guesses.items()),
                *(fault.message for fault in faults[:_PEEKS]),
            ),
        )

    def _inspect_parquet(self, listing: Listing, largest: Shard) -> Listing:
        """Add the columns of the `largest` file, and what the footers of it and others tell about row groups."""
        groups = RowGroups(self.corpus, listing.revision, self.cache)
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

    def _whole_files(self, listing: Listing) -> WholeFiles:
        return WholeFiles(self.corpus, listing.revision, listing.kind, self.cache, self.report)

    def _heads(self, listing: Listing) -> FilePrefixes:
        return FilePrefixes(self.corpus, listing.revision, listing.kind, self.cache)


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
