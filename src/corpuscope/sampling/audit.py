"""Is the order inside a shard random? Lengths of its first rows beside those of all others."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from corpuscope.corpora.source import Row, Source
from corpuscope.errors import CorpusError


@runtime_checkable
class Streams(Protocol):
    """A source that can read a whole shard from its start, beyond the rows that can be drawn."""

    def stream(self, shard: int) -> Iterator[Row]:
        """Every row of the shard in stored order. Raises like `Source.fetch`."""
        ...


@dataclass(frozen=True, slots=True)
class OrderAudit:
    """Two groups of one shard whose lengths come from one distribution if its order is random."""

    shard: str
    """Name of the shard."""
    head: Sequence[int]
    """Characters of each document that can be drawn, in stored order."""
    rest: Sequence[int]
    """Characters of every other document, in stored order."""


def audit_order(
    source: Source, shard: int, *, head: int | None = None, on_row: Callable[[int], None] = lambda _: None
) -> OrderAudit:
    """Streams one shard once and measures its documents; `on_row` is told how many were read.

    The head is what the manifest limits draws to, or `head` rows where it sets no limit (a tenth by default).
    Raises CorpusError when the source cannot be streamed or the shard holds nothing beyond its head, and what
    the source raises.
    """
    manifest = source.manifest()
    name = manifest.shards[shard].name
    if not isinstance(source, Streams):
        raise CorpusError(
            f"{source.corpus.key} cannot be read from start to end, so its order is not audited"
        )
    lengths = array("Q")
    for row in source.stream(shard):
        lengths.append(sum(len(text) for _, text in row.text))
        on_row(len(lengths))
    split = manifest.head or head or len(lengths) // 10
    if not 0 < split < len(lengths):
        raise CorpusError(f"{name} has {len(lengths):,} rows: too few beyond its first {split:,} to compare")
    return OrderAudit(name, lengths[:split], lengths[split:])
