"""The order in which a blind queue shows the documents of several corpora."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from corpuscope.files import digest
from corpuscope.sampling.keyed_random import keyed_hash, permuted_block
from corpuscope.sampling.plan import ORDER_VERSION

LONGEST_BLOCK = 2_000
"""Most documents of one corpus that are permuted at once, so that a plan of a million costs no time."""

Position = tuple[int, int, str]
"""Place of a document in the queue; smaller ones come first."""


class QueueOrder:
    """The seeded order of the planned documents of several corpora.

    Version 2 permutes all planned documents of all corpora at once, and later ones in further blocks of that size:
    whoever has seen some of them guesses the corpus of the next hardly better than by the share of what is left.
    Version 1, which plans of earlier versions keep, permuted blocks of one document of each corpus: of two corpora
    every second document is known for certain.
    """

    def __init__(self, seed: int, targets: Mapping[str, int], version: int = ORDER_VERSION) -> None:
        """Create the order for corpora with so many planned documents each."""
        self._seed = seed
        self._version = version
        self._names = tuple(targets)
        scale = min(1.0, LONGEST_BLOCK / max(targets.values(), default=1))
        self._sizes = {name: max(1, ceil(target * scale)) for name, target in targets.items()}
        self._blocks: dict[tuple[str, int], list[int]] = {}

    def position(self, corpus: str, i: int) -> Position:
        """Return the place in the queue of the `i`-th document of a corpus, from 0."""
        if self._version == 1:
            size = len(self._names)
            block = [
                permuted_block("corpuscope queue", self._seed, self._names, i * size + j) for j in range(size)
            ]
            return i, block.index(corpus), corpus
        block_number, place = divmod(i, self._sizes[corpus])
        return block_number, self._places(corpus, block_number)[place], corpus

    def first(self, documents: int) -> list[str]:
        """Return the corpora of the first so many documents of a queue that nothing holds up."""
        places = sorted(self.position(name, i) for name in self._names for i in range(documents))
        return [corpus for _, _, corpus in places[:documents]]

    def _places(self, corpus: str, block: int) -> list[int]:
        """Return sorted random numbers, one per document: merging those of all corpora permutes them uniformly."""
        if (corpus, block) not in self._blocks:
            key = digest("corpuscope queue order", self._seed, corpus)
            self._blocks[corpus, block] = sorted(
                keyed_hash(key, block, i) for i in range(self._sizes[corpus])
            )
        return self._blocks[corpus, block]
