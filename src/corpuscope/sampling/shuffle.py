"""Keyed randomness: hashes and permutations that anyone can compute again from the same key."""

import hashlib
from math import isqrt

SORTED_BELOW = 1024
"""Up to here a permutation is a sort by keyed hash; beyond, a Feistel network computes single places."""

_ROUNDS = 8


def keyed(key: bytes, *numbers: int) -> int:
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
        self._order = sorted(range(size), key=lambda n: keyed(key, n)) if size <= SORTED_BELOW else None

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
            left, right = right, (left + keyed(self._key, i, right)) % self._side
        return left * self._side + right
