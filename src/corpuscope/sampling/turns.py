"""Balanced chance: whose turn it is, and which draws are chosen, so that no stretch gets too many of one kind."""

from collections.abc import Collection
from math import gcd

from corpuscope.files import derive
from corpuscope.sampling.shuffle import keyed


def in_turn(purpose: str, seed: int, names: Collection[str], i: int) -> str:
    """Whose turn it is at place `i`, from 0: every run of n places from a multiple of n holds each of the n once.

    The order inside a run is random, fixed by `purpose` and `seed`; that of `names` does not matter.
    """
    block, place = divmod(i, len(names))
    turns = {name: keyed(derive(purpose, seed, name), block) for name in names}
    return sorted(turns, key=lambda name: (turns[name], name))[place]


class Chosen:
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
            order = sorted(range(self.size), key=lambda i: (keyed(self._key, start + i), i))
            ranks = {i: rank for rank, i in enumerate(order)}
            self._known = block, ranks
        return ranks[place]
