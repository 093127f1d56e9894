"""Which document draw k brings: a pure function of the seed, the corpus's revision and k."""

import threading
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from corpuscope.corpora.source import Manifest
from corpuscope.files import digest
from corpuscope.sampling.keyed_random import Permutation, keyed_hash

DRAWS_VERSION = 1
"""Rises when the same seed and revision no longer bring the same documents."""

_RANDOM_SUBSTITUTES = 64
"""After so many random stand-ins the remaining shards are taken in order, so that the search ends."""


@dataclass(frozen=True, slots=True)
class ShardRow:
    """One document of a corpus."""

    shard: str
    """Name of the shard."""
    row: int
    """Row inside the shard, from 0."""


@dataclass(frozen=True, slots=True)
class DrawTarget:
    """A turn at a shard; which row it means is known once the shard's row count is."""

    shard: int
    """Index into `Manifest.shards`."""
    position: int
    """Place in the shard's shuffled order, counted from its end when negative."""
    first_free: int = 0
    """Places before this one belong to earlier draws."""


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
    """The sampling plan of one corpus at one revision. It reads no file and may be used from any thread.

    A draw first tries `first`. Where that shard is used up, or was set aside because it cannot be read, a
    stand-in is taken from `substitutes`. Stand-ins come from the far end of the shuffled order, so that they meet
    other draws only when the corpus is nearly used up; `taken` holds those that earlier draws took.
    """

    def first(self, draw: int) -> DrawTarget | None:
        """Where this draw goes; None when all documents have been drawn before it."""
        ...

    def substitutes(self, draw: int, taken: Collection[ShardRow]) -> Iterator[DrawTarget]:
        """Where it may go instead, in order; an end means that there is nothing left."""
        ...

    def row(self, target: DrawTarget, rows: int, taken: Collection[ShardRow]) -> int | None:
        """The row a target brings from a shard of `rows` rows; None when the shard is used up."""
        ...

    def probability(self, shard: int, rows: int) -> float:
        """Chance of one draw to bring a given row of that shard."""
        ...

    def inclusion_share(self, shard: int) -> float:
        """Chance of one draw to go to that shard: its part of the corpus."""
        ...


def draws_of(manifest: Manifest, seed: int) -> Draws:
    """The sampling plan of a corpus: over all rows where their number is known, else by shard and row."""
    rows = [shard.rows for shard in manifest.shards if shard.rows is not None]
    if len(rows) == len(manifest.shards):
        return RowDraws(manifest, seed, rows)
    return ShardDraws(manifest, seed)


class RowDraws:
    """Every row of the corpus equally likely: draw k is place k of one random order of all rows."""

    def __init__(self, manifest: Manifest, seed: int, rows: Collection[int]) -> None:
        self._names = [shard.name for shard in manifest.shards]
        self._ends = list(accumulate(rows))
        key = digest("corpuscope rows", DRAWS_VERSION, seed, manifest.revision)
        self._order = Permutation(key, self._ends[-1])

    def first(self, draw: int) -> DrawTarget | None:
        """The row at place `draw`."""
        return self._target(draw) if draw < self._order.size else None

    def substitutes(self, draw: int, taken: Collection[ShardRow]) -> Iterator[DrawTarget]:
        """Rows from the end of the order."""
        for place in range(self._order.size - 1 - len(taken), draw, -1):
            yield self._target(place)

    def row(self, target: DrawTarget, rows: int, taken: Collection[ShardRow]) -> int | None:
        """The target's row itself."""
        free = target.position < rows and ShardRow(self._names[target.shard], target.position) not in taken
        return target.position if free else None

    def probability(self, shard: int, rows: int) -> float:  # noqa: ARG002  the same for every document
        """One in all rows."""
        return 1 / self._order.size

    def inclusion_share(self, shard: int) -> float:
        """The shard's part of all rows."""
        return (self._ends[shard] - self._start(shard)) / self._order.size

    def _start(self, shard: int) -> int:
        return self._ends[shard - 1] if shard else 0

    def _target(self, place: int) -> DrawTarget:
        row = self._order(place)
        shard = bisect_right(self._ends, row)
        return DrawTarget(shard, row - self._start(shard))


class ShardDraws:
    """A shard in proportion to its bytes (or equally), then a row of it, no row twice.

    The j-th draw that goes to a shard takes place j of that shard's own random order, whose length need not
    be known before. j is the number of earlier draws that went there, which follows from the seed alone.
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
        """The shard of this draw, and how many draws went there before."""
        shard = self._shard(draw, 0)
        return DrawTarget(shard, self._earlier(shard, draw))

    def substitutes(self, draw: int, taken: Collection[ShardRow]) -> Iterator[DrawTarget]:
        """Each shard once: first by chance like a draw, at last one after the other."""
        by_chance = (self._shard(draw, attempt) for attempt in range(1, _RANDOM_SUBSTITUTES))
        last = self._shard(draw, _RANDOM_SUBSTITUTES)
        in_order = ((last + step) % len(self._names) for step in range(len(self._names)))
        offered: set[int] = set()
        for shards in (by_chance, in_order):
            for shard in shards:
                if shard not in offered:
                    offered.add(shard)
                    used = sum(place.shard == self._names[shard] for place in taken)
                    yield DrawTarget(shard, -1 - used, self._earlier(shard, draw))

    def row(self, target: DrawTarget, rows: int, taken: Collection[ShardRow]) -> int | None:
        """The row at the target's place; stand-ins move on from places that are taken."""
        name = self._names[target.shard]
        order = Permutation(digest("corpuscope rows of", *self._identity, name), rows)
        place, step = (target.position, rows) if target.position >= 0 else (rows + target.position, -1)
        while target.first_free <= place < rows:
            row = order(place)
            if ShardRow(name, row) not in taken:
                return row
            place += step
        return None

    def probability(self, shard: int, rows: int) -> float:
        """The shard's share over its rows."""
        return self.inclusion_share(shard) / rows

    def inclusion_share(self, shard: int) -> float:
        """The shard's part of all bytes, or one in all shards."""
        return self._weights[shard] / self._total

    def _shard(self, draw: int, attempt: int) -> int:
        return bisect_right(self._ends, keyed_hash(self._key, draw, attempt))

    def _earlier(self, shard: int, draw: int) -> int:
        """How many draws before `draw` went to `shard` first."""
        with self._lock:
            for k in range(self._counted, draw):
                self._draws.setdefault(self._shard(k, 0), array("Q")).append(k)
            self._counted = max(self._counted, draw)
            return bisect_left(self._draws.get(shard, array("Q")), draw)
