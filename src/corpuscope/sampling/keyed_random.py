"""Reproducible keyed randomness: hashes, permutations, permuted blocks."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from math import gcd, isqrt

from corpuscope.files import digest

SORTED_BELOW = 1024
"""Largest permutation made by sorting keyed hashes; a Feistel network computes single positions of larger ones."""

_ROUNDS = 8


def keyed_hash(key: bytes, *numbers: int) -> int:
    """Return a uniform 64-bit number for non-negative `numbers` (each below 2**64) under a key."""
    message = b"".join(number.to_bytes(8, "big") for number in numbers)
    return int.from_bytes(hashlib.blake2b(message, digest_size=8, key=key).digest(), "big")


class Permutation:
    """A random order of the numbers below `size`, fixed by a key, with access to single positions.

    Small orders are sorted by keyed hash, so that every order is equally likely. Large ones come from a
    balanced Feistel network over the next square number with cycle walking, in constant memory (Black and
    Rogaway 2002, "Ciphers with arbitrary finite domains").
    """

    def __init__(self, key: bytes, size: int) -> None:
        self.size = size
        self._key = key
        self._side = isqrt(max(size - 1, 0)) + 1
        self._order = sorted(range(size), key=lambda n: keyed_hash(key, n)) if size <= SORTED_BELOW else None

    def __call__(self, position: int) -> int:
        """Return the number at `position`, from 0. Raises IndexError outside the order."""
        if not 0 <= position < self.size:
            raise IndexError(position)
        if self._order is not None:
            return self._order[position]
        number = self._encrypt(position)
        while number >= self.size:
            number = self._encrypt(number)
        return number

    def _encrypt(self, number: int) -> int:
        left, right = divmod(number, self._side)
        for i in range(_ROUNDS):
            left, right = right, (left + keyed_hash(self._key, i, right)) % self._side
        return left * self._side + right


class StoredOrder:
    """The numbers below `size` in their own order, in the place of a `Permutation`."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __call__(self, position: int) -> int:
        """Return `position` itself."""
        return position


def permuted_block(purpose: str, seed: int, names: Collection[str], i: int) -> str:
    """Return the name at position `i`, from 0, of a permuted-block randomisation.

    Every block of n positions, from a multiple of n, holds each of the n `names` once. The order inside a
    block is random, fixed by `purpose` and `seed`; the order of `names` has no effect.
    """
    block, position = divmod(i, len(names))
    ranks = {name: keyed_hash(digest(purpose, seed, name), block) for name in names}
    return sorted(ranks, key=lambda name: (ranks[name], name))[position]


class StratifiedSubset:
    """A percentage of the draws of a corpus, the same number from every block of up to 100 draws.

    At 10 % every ten draws hold one, at 25 % every four, at 30 % every ten hold three. Which draws of a block
    are chosen is random, fixed by the key.
    """

    def __init__(self, key: bytes, percent: int) -> None:
        """Choose `percent` % of the draws, from 0 to 100."""
        divisor = gcd(percent, 100)
        self._per_block, self.size = percent // divisor, 100 // divisor
        self._key = key
        self._last: tuple[int, dict[int, int]] = (-1, {})  # block and ranks in it

    def __contains__(self, draw: object) -> bool:
        """Tell whether the draw is chosen."""
        return isinstance(draw, int) and self._rank(draw) < self._per_block

    def before(self, draw: int) -> int:
        """Return how many of the draws before `draw` are chosen."""
        blocks, rest = divmod(draw, self.size)
        return blocks * self._per_block + sum(blocks * self.size + i in self for i in range(rest))

    def _rank(self, draw: int) -> int:
        """Return the rank of the draw in the random order of its block."""
        block, position = divmod(draw, self.size)
        last_block, ranks = self._last
        if block != last_block:  # draws are looked up in order, so remembering one block is enough
            start = block * self.size
            order = sorted(range(self.size), key=lambda i: (keyed_hash(self._key, start + i), i))
            ranks = {i: rank for rank, i in enumerate(order)}
            self._last = block, ranks
        return ranks[position]
