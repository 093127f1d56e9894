"""The sampling design: the document of each draw as a pure function of seed, revision and draw number."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from corpuscope.corpora.source import Manifest
from corpuscope.errors import CorpusError
from corpuscope.files import digest
from corpuscope.sampling.keyed_random import Permutation, StoredOrder, keyed_hash

DRAWS_VERSION = 1
"""Incremented whenever the same seed and revision would draw other documents."""

_RANDOM_SUBSTITUTES = 64
"""Substitutes chosen at random before the remaining shards are tried in order, so that the search ends."""


@dataclass(frozen=True, slots=True)
class ShardRow:
    """The location of one document of a corpus."""

    shard: str
    """Name of the shard."""
    row: int
    """Row inside the shard, from 0."""


@dataclass(frozen=True, slots=True)
class DrawTarget:
    """The shard a draw goes to, and a position in it that becomes a row once its row count is known."""

    shard: int
    """Index into `Manifest.shards`."""
    position: int
    """Position in the shard's random order, counted from its end when negative."""
    first_free: int = 0
    """First position that is not reserved for an earlier draw."""


@dataclass(frozen=True, slots=True)
class ExcludedDraws:
    """The draws that a feed leaves out."""

    done: Container[int] = ()
    """Draws whose documents are decided or written already."""
    first: int = 0
    """The first draw to fetch; those before it are excluded."""
    assigned: Container[int] | None = None
    """The draws assigned to the annotator, all others being excluded; None for all draws."""

    def __contains__(self, draw: object) -> bool:
        if not isinstance(draw, int):
            return False
        unassigned = self.assigned is not None and draw not in self.assigned
        return draw < self.first or draw in self.done or unassigned


class Draws(Protocol):
    """The draws of one corpus at one revision. Reads no file; safe to use from any thread.

    A draw first tries its own target, `first`. When that shard is used up or was excluded as unreadable, the
    draw takes a substitute from `substitutes`. Substitutes come from the far end of the random order, so that
    they collide with other draws only when the corpus is nearly used up. `taken` holds the rows that earlier
    draws took as substitutes.
    """

    def first(self, draw: int) -> DrawTarget | None:
        """Return the draw's own target; None when earlier draws have drawn all documents."""
        ...

    def substitutes(self, draw: int, taken: Collection[ShardRow]) -> Iterator[DrawTarget]:
        """Yield the targets of possible substitutes, in the order to try them, until nothing is left."""
        ...

    def row(self, target: DrawTarget, rows: int, taken: Collection[ShardRow]) -> int | None:
        """Return the row of a target in a shard of `rows` rows; None when the shard is used up."""
        ...

    def probability(self, shard: int, rows: int) -> float:
        """Return the probability that one draw selects a given row of a shard of `rows` rows."""
        ...

    def inclusion_share(self, shard: int) -> float:
        """Return the probability that one draw goes to the shard: its share of the corpus."""
        ...


def draws_of(manifest: Manifest, seed: int, *, in_order: bool = False) -> Draws:
    """Return the draws of a corpus: over all rows when every row count is known, else by shard and row.

    With `in_order`, draw k is row k. Raises CorpusError for that when a row count is not known.
    """
    rows = [shard.rows for shard in manifest.shards if shard.rows is not None]
    if len(rows) == len(manifest.shards):
        return RowDraws(manifest, seed, rows, in_order=in_order)
    if in_order:
        raise CorpusError(
            "documents come in order only where the number of rows of every file is known", "draw a sample"
        )
    return ShardDraws(manifest, seed)


class RowDraws:
    """Simple random sampling: draw k is position k of one random order of all rows.

    With `in_order` it is row k itself, which is no random sampling.
    """

    def __init__(
        self, manifest: Manifest, seed: int, rows: Collection[int], *, in_order: bool = False
    ) -> None:
        self._names = [shard.name for shard in manifest.shards]
        self._ends = list(accumulate(rows))
        key = digest("corpuscope rows", DRAWS_VERSION, seed, manifest.revision)
        self._order = StoredOrder(self._ends[-1]) if in_order else Permutation(key, self._ends[-1])

    def first(self, draw: int) -> DrawTarget | None:
        """Return the row at position `draw`; None beyond the last row."""
        return self._target(draw) if draw < self._order.size else None

    def substitutes(self, draw: int, taken: Collection[ShardRow]) -> Iterator[DrawTarget]:
        """Yield rows from the end of the random order."""
        for position in range(self._order.size - 1 - len(taken), draw, -1):
            yield self._target(position)

    def row(self, target: DrawTarget, rows: int, taken: Collection[ShardRow]) -> int | None:
        """Return the target's row itself; None when a substitute took it."""
        free = target.position < rows and ShardRow(self._names[target.shard], target.position) not in taken
        return target.position if free else None

    def probability(self, shard: int, rows: int) -> float:  # noqa: ARG002  the same for every document
        """Return one over the number of rows of the corpus."""
        return 1 / self._order.size

    def inclusion_share(self, shard: int) -> float:
        """Return the shard's share of all rows."""
        return (self._ends[shard] - self._start(shard)) / self._order.size

    def _start(self, shard: int) -> int:
        return self._ends[shard - 1] if shard else 0

    def _target(self, position: int) -> DrawTarget:
        row = self._order(position)
        shard = bisect_right(self._ends, row)
        return DrawTarget(shard, row - self._start(shard))


class ShardDraws:
    """Two-stage sampling: a shard in proportion to its bytes (or equally), then a row of it, without replacement.

    The j-th draw that goes to a shard takes position j of that shard's own random order, whose length need
    not be known in advance. j is the number of earlier draws that went there, which follows from the seed
    alone.
    """

    def __init__(self, manifest: Manifest, seed: int) -> None:
        weights = [1 if manifest.equal else shard.bytes for shard in manifest.shards]
        if not any(weights):
            weights = [1] * len(weights)
        self._weights = weights
        self._total = sum(weights)
        self._ends = [(end << 64) // self._total for end in accumulate(weights)]
        self._names = [shard.name for shard in manifest.shards]
        self._identity = (DRAWS_VERSION, seed, manifest.revision)
        self._key = digest("corpuscope shards", *self._identity)
        self._draws: dict[int, array[int]] = {}
        self._counted = 0
        self._lock = threading.Lock()

    def first(self, draw: int) -> DrawTarget:
        """Return the draw's shard, at the position given by the number of earlier draws that went there."""
        shard = self._shard(draw, 0)
        return DrawTarget(shard, self._earlier(shard, draw))

    def substitutes(self, draw: int, taken: Collection[ShardRow]) -> Iterator[DrawTarget]:
        """Yield each shard once: first at random like a draw, then the remaining ones in order."""
        at_random = (self._shard(draw, attempt) for attempt in range(1, _RANDOM_SUBSTITUTES))
        last = self._shard(draw, _RANDOM_SUBSTITUTES)
        in_order = ((last + step) % len(self._names) for step in range(len(self._names)))
        offered: set[int] = set()
        for shards in (at_random, in_order):
            for shard in shards:
                if shard not in offered:
                    offered.add(shard)
                    used = sum(row.shard == self._names[shard] for row in taken)
                    yield DrawTarget(shard, -1 - used, self._earlier(shard, draw))

    def row(self, target: DrawTarget, rows: int, taken: Collection[ShardRow]) -> int | None:
        """Return the row at the target's position; substitutes move on past rows that are taken."""
        name = self._names[target.shard]
        order = Permutation(digest("corpuscope rows of", *self._identity, name), rows)
        position, step = (target.position, rows) if target.position >= 0 else (rows + target.position, -1)
        while target.first_free <= position < rows:
            row = order(position)
            if ShardRow(name, row) not in taken:
                return row
            position += step
        return None

    def probability(self, shard: int, rows: int) -> float:
        """Return the shard's inclusion share divided by its rows."""
        return self.inclusion_share(shard) / rows

    def inclusion_share(self, shard: int) -> float:
        """Return the shard's share of all bytes, or one over the number of shards when they count equally."""
        return self._weights[shard] / self._total

    def _shard(self, draw: int, attempt: int) -> int:
        return bisect_right(self._ends, keyed_hash(self._key, draw, attempt))

    def _earlier(self, shard: int, draw: int) -> int:
        """Return how many draws before `draw` have `shard` as their own target."""
        with self._lock:
            for k in range(self._counted, draw):
                self._draws.setdefault(self._shard(k, 0), array("Q")).append(k)
            self._counted = max(self._counted, draw)
            return bisect_left(self._draws.get(shard, array("Q")), draw)
