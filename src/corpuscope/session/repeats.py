"""Which labelled documents come a second time: in a queue, and in a sitting of second looks."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document
from corpuscope.files import digest
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.repeats import FirstLabel, RepeatStatus
from corpuscope.sampling.keyed_random import StratifiedSubset, keyed_hash, permuted_block
from corpuscope.session.document_loader import AHEAD, DocumentLoader

DISTANCE = 20
"""Documents between both looks at least: enough to have forgotten the key, if not the document."""

SPREAD = 20
"""How many different distances there are, so that nobody can count along."""


class RepeatSelection:
    """Which draws get a second look, and after how many documents: a pure function of seed, percentage and draw."""

    def __init__(self, seed: int, percent: int, corpora: Container[str]) -> None:
        """`corpora` are the keys of those that are read."""
        self.percent = percent
        """Of the labelled documents."""
        self.spacing = max(1, 50 // percent) if percent else 0
        """First looks between two second looks at least: half of what there are on average."""
        self._seed = seed
        self._corpora = corpora
        self._chosen: dict[str, StratifiedSubset] = {}

    def __call__(self, corpus: str, draw: int) -> bool:
        """Whether that document is read twice."""
        chosen = self._chosen.get(corpus)
        if chosen is None:
            key = digest("corpuscope second looks", self._seed, corpus)
            chosen = self._chosen[corpus] = StratifiedSubset(key, self.percent)
        return corpus in self._corpora and draw in chosen

    def distance(self, corpus: str, draw: int) -> int:
        """Documents between its two looks."""
        return DISTANCE + keyed_hash(digest("corpuscope distance", self._seed, corpus), draw) % SPREAD


@dataclass(frozen=True, slots=True)
class _DueRepeat:
    """A document that will come again."""

    first: FirstLabel
    """Its label; the place is that of its last showing."""
    document: Document | None
    """The document itself when it was labelled in this sitting."""


class SecondLooks:
    """The second looks of one sitting. One thread calls it; texts of earlier sittings come by way of `loader`.

    Places count the documents that were handed out, from 0. Uninterrupted, the whole order follows from the
    seed and the plan; after a break it goes on as it would have.
    """

    def __init__(
        self,
        selection: RepeatSelection,
        loader: DocumentLoader,
        *,
        place: int = 0,
        last: int | None = None,
        waiting: Iterable[FirstLabel] = (),
        done: Iterable[str] = (),
    ) -> None:
        """`place` is that of the next document, `last` that of the last second look.

        `waiting` are the labels of earlier sittings to be looked at again, `done` the ids of documents that were.
        """
        self._selection = selection
        self._loader = loader
        self._place = place
        self._last = last
        self._out = set(done)
        self._waiting: dict[str, _DueRepeat] = {}
        self._order: list[tuple[int, int, str]] = []
        for first in waiting:
            self._add(_DueRepeat(first, None))

    def start(self) -> None:
        """Begins loading texts; returns at once."""
        self._want()
        self._loader.start()

    def close(self) -> None:
        """Stops loading texts; returns at once."""
        self._loader.close()

    def due(self, *, stuck: bool = False) -> bool:
        """Whether the next document is a second look; where nothing else can be read, as soon as distance allows."""
        return self._next(stuck=stuck) is not None

    def peek(self, *, stuck: bool = False) -> Document | None:
        """The document that is due; None while its text is on its way."""
        found = self._next(stuck=stuck)
        if found is None:
            return None
        document = found.document or self._loader.get(found.first.event_id)
        if document is None:
            self._want(found)
        return document

    def take(self, *, stuck: bool = False) -> Document | None:
        """Hands out the document that is due; None while its text is on its way."""
        document = self.peek(stuck=stuck)
        if document is not None:
            self._remove(document.id)
            self._out.add(document.id)
            self._last = self._place
            self.handed_out()
        return document

    def handed_out(self) -> None:
        """One more document was handed out."""
        self._place += 1
        self._want()

    def labelled(self, first: FirstLabel, document: Document | None) -> None:
        """A first look was labelled, labelled anew, or looked at again."""
        self._remove(first.document_id)
        if first.document_id not in self._out and self._selection(first.corpus, first.draw):
            self._add(_DueRepeat(first, document))
            self._want()

    def unlabelled(self, document_id: str) -> None:
        """A first label was taken back, or became a skip."""
        self._remove(document_id)

    def seen(self, document_id: str, place: int) -> None:
        """A document that waits was on screen again with its label, so that it has to wait anew."""
        if (found := self._waiting.get(document_id)) is not None:
            self._remove(document_id)
            first = found.first
            again = FirstLabel(first.event_id, document_id, first.corpus, first.draw, place)
            self._add(_DueRepeat(again, found.document))

    @property
    def place(self) -> int:
        """The place of the next document."""
        return self._place

    def _next(self, *, stuck: bool) -> _DueRepeat | None:
        while (found := self._candidate(stuck=stuck)) is not None:
            if found.document is not None or not self._loader.lost(found.first.event_id):
                return found
            self._remove(found.first.document_id)
        return None

    def _candidate(self, *, stuck: bool) -> _DueRepeat | None:
        if stuck:
            ready = (self._waiting[key] for _, place, key in self._order if self._place - place > DISTANCE)
            return next(ready, None)
        if not self._order or self._order[0][0] > self._place:
            return None
        if self._last is not None and self._place - self._last <= self._selection.spacing:
            return None
        return self._waiting[self._order[0][2]]

    def _entry(self, first: FirstLabel) -> tuple[int, int, str]:
        return (
            first.place + 1 + self._selection.distance(first.corpus, first.draw),
            first.place,
            first.document_id,
        )

    def _add(self, waiting: _DueRepeat) -> None:
        self._waiting[waiting.first.document_id] = waiting
        insort(self._order, self._entry(waiting.first))

    def _remove(self, document_id: str) -> None:
        if (found := self._waiting.pop(document_id, None)) is not None:
            del self._order[bisect_left(self._order, self._entry(found.first))]

    def _want(self, before: _DueRepeat | None = None) -> None:
        soon = (self._waiting[key] for _, _, key in self._order[: 2 * AHEAD])
        wanted = [each for each in (before, *soon) if each is not None and each.document is None]
        self._loader.want(list(dict.fromkeys(each.first.event_id for each in wanted)))


MIN_SECOND_LOOKS = 20
"""Second looks that are made where one label in ten would be fewer; below, agreement is a guess."""


@dataclass(frozen=True, slots=True)
class RelabelPlan:
    """The documents of a sitting that goes over labelled ones, all of it out of the ledger."""

    remaining: Mapping[str, Sequence[str]]
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
        return sum(len(each) for each in self.remaining.values())

    @property
    def targets(self) -> dict[str, int]:
        """By corpus, how many will have been read."""
        return {corpus: self.done[corpus] + len(each) for corpus, each in self.remaining.items()}


def plan_second_looks(
    looks: RepeatStatus, corpora: Sequence[str], size: int | None, seed: int
) -> RelabelPlan:
    """A random sample of labels, as many of each corpus as can be, so that `size` of them are looked at twice.

    Those looked at twice already count. `size` None is one in ten, and MIN_SECOND_LOOKS at least. The same labels
    and seed
    bring the same documents in the same order; a larger `size` only adds to them. Left out are the documents of
    the last `DISTANCE` decisions, which the reader remembers.
    """
    twice = Counter(looks.repeated.values())
    done = {corpus: twice[corpus] for corpus in corpora}
    mine = [first for first in looks.unrepeated if first.corpus in done]
    if size is None:
        size = max(MIN_SECOND_LOOKS, -(-(len(mine) + sum(done.values())) // 10))
    left: dict[str, list[FirstLabel]] = {}
    for corpus in sorted(done):
        key = digest("corpuscope relabel", seed, corpus)
        far = [each for each in mine if each.corpus == corpus and looks.decided - each.place > DISTANCE]
        left[corpus] = sorted(
            far, key=lambda each: (keyed_hash(key, each.draw), each.document_id), reverse=True
        )
    behind = dict(done)
    chosen: dict[str, list[str]] = {corpus: [] for corpus in corpora}
    while sum(behind.values()) < size and any(left.values()):
        fewest = min(behind[corpus] for corpus, each in left.items() if each)
        tied = [corpus for corpus, each in left.items() if each and behind[corpus] == fewest]
        corpus = permuted_block("corpuscope relabel", seed, tied, fewest * len(tied))
        chosen[corpus].append(left[corpus].pop().event_id)
        behind[corpus] += 1
    return RelabelPlan(chosen, done, 2, looks.categories)


def plan_split_categories(
    decisions: Decisions, scheme: CategoryScheme, annotator: str, corpora: Sequence[str]
) -> RelabelPlan:
    """The documents whose category was split up since: to be labelled anew, in the order they were drawn."""
    found = {corpus: decisions.to_relabel(scheme, corpus, annotator) for corpus in corpora}
    left = {
        corpus: [each.event_id for each in sorted(again, key=lambda each: each.draw)]
        for corpus, again in found.items()
    }
    return RelabelPlan(left, dict.fromkeys(corpora, 0), 1, {})
