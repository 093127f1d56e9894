"""Which labelled documents a sitting of second looks goes through."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpuscope.domain.category import CategoryScheme
from corpuscope.files import derive
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.repeats import FirstLook, Looks
from corpuscope.sampling.keyed_random import in_turn, keyed
from corpuscope.session.second_looks import DISTANCE

LEAST = 20
"""Second looks that are made where one label in ten would be fewer; below, agreement is a guess."""


@dataclass(frozen=True, slots=True)
class Again:
    """The documents of a sitting that goes over labelled ones, all of it out of the ledger."""

    left: Mapping[str, Sequence[str]]
    """By corpus, the events whose documents are to be read, in their order."""
    done: Mapping[str, int]
    """By corpus, how many were read before."""
    look: int
    """What they are read as."""
    categories: Mapping[str, str]
    """What the first look said, by document id."""

    @property
    def size(self) -> int:
        """Documents to read."""
        return sum(len(each) for each in self.left.values())

    @property
    def targets(self) -> dict[str, int]:
        """By corpus, how many will have been read."""
        return {corpus: self.done[corpus] + len(each) for corpus, each in self.left.items()}


def second_looks(looks: Looks, corpora: Sequence[str], size: int | None, seed: int) -> Again:
    """A random sample of labels, as many of each corpus as can be, so that `size` of them are looked at twice.

    Those looked at twice already count. `size` None is one in ten, and LEAST at least. The same labels and seed
    bring the same documents in the same order; a larger `size` only adds to them. Left out are the documents of
    the last `DISTANCE` decisions, which the reader remembers.
    """
    twice = Counter(looks.twice.values())
    done = {corpus: twice[corpus] for corpus in corpora}
    mine = [first for first in looks.once if first.corpus in done]
    if size is None:
        size = max(LEAST, -(-(len(mine) + sum(done.values())) // 10))
    left: dict[str, list[FirstLook]] = {}
    for corpus in sorted(done):
        key = derive("corpuscope relabel", seed, corpus)
        far = [each for each in mine if each.corpus == corpus and looks.decided - each.place > DISTANCE]
        left[corpus] = sorted(far, key=lambda each: (keyed(key, each.draw), each.document_id), reverse=True)
    behind = dict(done)
    chosen: dict[str, list[str]] = {corpus: [] for corpus in corpora}
    while sum(behind.values()) < size and any(left.values()):
        fewest = min(behind[corpus] for corpus, each in left.items() if each)
        tied = [corpus for corpus, each in left.items() if each and behind[corpus] == fewest]
        corpus = in_turn("corpuscope relabel", seed, tied, fewest * len(tied))
        chosen[corpus].append(left[corpus].pop().event_id)
        behind[corpus] += 1
    return Again(chosen, done, 2, looks.categories)


def split_up(decisions: Decisions, scheme: CategoryScheme, annotator: str, corpora: Sequence[str]) -> Again:
    """The documents whose category was split up since: to be labelled anew, in the order they were drawn."""
    found = {corpus: decisions.to_relabel(scheme, corpus, annotator) for corpus in corpora}
    left = {
        corpus: [each.event_id for each in sorted(again, key=lambda each: each.draw)]
        for corpus, again in found.items()
    }
    return Again(left, dict.fromkeys(corpora, 0), 1, {})
