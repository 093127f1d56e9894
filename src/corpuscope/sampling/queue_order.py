"""The order in which a blind queue shows the documents of several corpora."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from corpuscope.files import digest
from corpuscope.sampling.keyed_random import keyed_hash, permuted_block
from corpuscope.sampling.plan import ORDER_VERSION, QueueBlock

LONGEST_BLOCK = 2_000
"""Most documents of one corpus that are permuted at once, so that a plan of a million costs no time."""

Position = tuple[int, int, int, str]
"""Place of a document in the queue: part, block, place in the block, corpus; smaller ones come first."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the queue, whose documents are permuted as one block, or in several when there are many."""

    starts: Mapping[str, int]
    """First document of each corpus."""
    ends: Mapping[str, int]
    """First document of each corpus behind this part; none for the last part, which has no end."""
    sizes: Mapping[str, int]
    """Documents of each corpus that are permuted at once."""


class QueueOrder:
    """The seeded order of the planned documents of several corpora.

    All planned documents of all corpora are permuted at once, and later ones in further blocks of that size: whoever
    has seen some of them guesses the corpus of the next hardly better than by the share of what is left. Where the plan
    was changed a new part begins, in which all that is left and all that was added is permuted.
    Version 1, which plans of earlier versions keep, permuted blocks of one document of each corpus: of two corpora
    every second document is known for certain.
    """

    def __init__(
        self,
        seed: int,
        targets: Mapping[str, int],
        version: int = ORDER_VERSION,
        blocks: Sequence[QueueBlock] = (),
    ) -> None:
        """Create the order for corpora with so many planned documents each, and the parts of a plan that changed."""
        self._seed = seed
        self._version = version
        self._names = tuple(targets)
        self._parts = parts_of(targets, blocks)
        self._places_of_block: dict[tuple[str, int, int], list[int]] = {}

    def position(self, corpus: str, i: int) -> Position:
        """Return the place in the queue of the `i`-th document of a corpus, from 0."""
        if self._version == 1:
            size = len(self._names)
            block = [
                permuted_block("corpuscope queue", self._seed, self._names, i * size + j) for j in range(size)
            ]
            return 0, i, block.index(corpus), corpus
        number, part = next(
            (number, part)
            for number, part in enumerate(self._parts)
            if not part.ends or i < part.ends[corpus]
        )
        block_number, place = divmod(i - part.starts[corpus], part.sizes[corpus])
        return number, block_number, self._places(corpus, number, block_number)[place], corpus

    def first(self, documents: int) -> list[str]:
        """Return the corpora of the first so many documents of a queue that nothing holds up."""
        places = sorted(self.position(name, i) for name in self._names for i in range(documents))
        return [corpus for *_, corpus in places[:documents]]

    def _places(self, corpus: str, number: int, block: int) -> list[int]:
        """Return sorted random numbers, one per document: merging those of all corpora permutes them uniformly."""
        if (corpus, number, block) not in self._places_of_block:
            part = (number,) if number else ()  # the first part is drawn as a plan that never changed
            key = digest("corpuscope queue order", self._seed, corpus, *part)
            self._places_of_block[corpus, number, block] = sorted(
                keyed_hash(key, block, i) for i in range(self._parts[number].sizes[corpus])
            )
        return self._places_of_block[corpus, number, block]


def parts_of(targets: Mapping[str, int], blocks: Sequence[QueueBlock]) -> tuple[_Part, ...]:
    """Return the parts of a queue: those that ended, what else is planned, and what lies beyond the plan."""
    starts = dict.fromkeys(targets, 0)
    ended = [(block.ends, block.planned) for block in blocks]
    parts = []
    for ends, planned in [*ended, (targets, targets)] if blocks else ():
        stops = {name: max(start, ends.get(name, 0)) for name, start in starts.items()}
        drawn_for = {name: planned.get(name, 0) - start for name, start in starts.items()}
        parts.append(_Part(starts, stops, _at_once(drawn_for)))
        starts = stops
    return (*parts, _Part(starts, {}, _at_once(targets)))


def _at_once(documents: Mapping[str, int]) -> dict[str, int]:
    """Return how many of the documents of each corpus are permuted at once, in proportion and at least one."""
    scale = min(1.0, LONGEST_BLOCK / max((1, *documents.values())))
    return {name: max(1, ceil(number * scale)) for name, number in documents.items()}
