"""Keyed randomness that anyone can compute again: hashes, permutations, balanced blocks."""

import hashlib
from collections.abc import Collection
from math import gcd, isqrt

from corpuscope.files import digest

SORTED_BELOW = 1024
"""Up to here a permutation is a sort by keyed hash; beyond, a Feistel network computes single places."""

_ROUNDS = 8


def keyed_hash(key: bytes, *numbers: int) -> int:
    """A uniform 64-bit number for these non-negative `numbers` (each below 2**64) under this key."""
    message = b"".join(number.to_bytes(8, "big") for number in numbers)
    return int.from_bytes(hashlib.blake2b(message, digest_size=8, key=key).digest(), "big")


class Permutation:
    """A random order of the numbers below `size`, fixed by a key, of which single places can be asked for.

    Small orders are sorted by keyed hash: every order is equally likely. Large ones come from a balanced
    Feistel network over the next square number with cycle walking, in constant memory (Black and Rogaway
    2002, "Ciphers with arbitrary finite domains").
    """

    def __init__(self, key: bytes, size: int) -> None:
        self.size = size
        self._key = key
        self._side = isqrt(max(size - 1, 0)) + 1
        self._order = sorted(range(size), key=lambda n: keyed_hash(key, n)) if size <= SORTED_BELOW else None

    def __call__(self, place: int) -> int:
        """The number at `place`, from 0. Raises IndexError outside of the order."""
        if not 0 <= place < self.size:
            raise IndexError(place)
        if self._order is not None:
            return self._order[place]
        number = self._round_trip(place)
        while number >= self.size:
            number = self._round_trip(number)
        return number

    def _round_trip(self, number: int) -> int:
        left, right = divmod(number, self._side)
        for i in range(_ROUNDS):
            left, right = right, (left + keyed_hash(self._key, i, right)) % self._side
        return left * self._side + right


def permuted_block(purpose: str, seed: int, names: Collection[str], i: int) -> str:
    """Whose turn it is at place `i`, from 0: every run of n places from a multiple of n holds each of the n once.

    The order inside a run is random, fixed by `purpose` and `seed`; that of `names` does not matter.
    """
    block, place = divmod(i, len(names))
    turns = {name: keyed_hash(digest(purpose, seed, name), block) for name in names}
    return sorted(turns, key=lambda name: (turns[name], name))[place]


class StratifiedSubset:
    """A percentage of the draws of a corpus, the same number out of every stretch of up to 100.

    Of 10 % every ten draws hold one, of 25 % every four, of 30 % every ten three; which of them is random,
    fixed by the key.
    """

    def __init__(self, key: bytes, percent: int) -> None:
        """`percent` from 0 to 100."""
        divisor = gcd(percent, 100)
        self._of, self.size = percent // divisor, 100 // divisor
        self._key = key
        self._known: tuple[int, dict[int, int]] = (-1, {})

    def __contains__(self, draw: object) -> bool:
        """Whether that draw is chosen."""
        return isinstance(draw, int) and self._rank(draw) < self._of

    def before(self, draw: int) -> int:
        """How many of the draws before that one are chosen."""
        blocks, place = divmod(draw, self.size)
        return blocks * self._of + sum(blocks * self.size + i in self for i in range(place))

    def _rank(self, draw: int) -> int:
        """Place of the draw in the random order of its stretch."""
        block, place = divmod(draw, self.size)
        known, ranks = self._known
        if block != known:  # draws are asked for in order, so that one stretch is enough to remember
            start = block * self.size
            order = sorted(range(self.size), key=lambda i: (keyed_hash(self._key, start + i), i))
            ranks = {i: rank for rank, i in enumerate(order)}
            self._known = block, ranks
        return ranks[place]
