"""The selection and scheduling of second looks, which measure intra-annotator agreement."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document, DocumentKey
from corpuscope.files import digest
from corpuscope.ledger.read.records import FirstLabel, RepeatStatus
from corpuscope.sampling.keyed_random import StratifiedSubset, keyed_hash, permuted_block
from corpuscope.session.document_loader import AHEAD, DocumentLoader

if TYPE_CHECKING:  # loads numpy, which the first document of a new study does without
    from corpuscope.ledger.read.decisions import Decisions

DISTANCE = 20
"""Minimum number of documents between both looks, so that the annotator has forgotten the label."""

SPREAD = 20
"""Number of different distances, so that an annotator cannot predict second looks by counting."""


class RepeatSelection:
    """Selects the draws that get a second look, and their distances, as a pure function of seed and draw."""

    def __init__(self, seed: int, percent: int, corpora: Container[str]) -> None:
        """Create a selection in the corpora with these keys."""
        self.percent = percent
        """Percentage of the labelled documents that are selected."""
        self.spacing = max(1, 50 // percent) if percent else 0
        """Minimum number of first looks between two second looks: half of the average."""
        self._seed = seed
        self._corpora = corpora
        self._subsets: dict[str, StratifiedSubset] = {}

    def __call__(self, corpus: str, draw: int) -> bool:
        """Return whether the document of a draw gets a second look."""
        subset = self._subsets.get(corpus)
        if subset is None:
            key = digest("corpuscope second looks", self._seed, corpus)
            subset = self._subsets[corpus] = StratifiedSubset(key, self.percent)
        return corpus in self._corpora and draw in subset

    def distance(self, corpus: str, draw: int) -> int:
        """Return the number of documents between the two looks at a draw."""
        return DISTANCE + keyed_hash(digest("corpuscope distance", self._seed, corpus), draw) % SPREAD


@dataclass(frozen=True, slots=True)
class _DueRepeat:
    """A document that will get a second look."""

    first: FirstLabel
    """Its first label; the place is that of the last time it was shown."""
    document: Document | None
    """The document when it was labelled in this session; None otherwise."""


class SecondLooks:
    """The schedule of second looks in one session. Not thread-safe.

    A place is the number of documents handed out before. Without interruption, the whole order follows from
    the seed and the plan; a session that was interrupted continues in the same order.
    """

    def __init__(
        self,
        selection: RepeatSelection,
        loader: DocumentLoader,
        *,
        place: int = 0,
        last: int | None = None,
        waiting: Iterable[FirstLabel] = (),
        done: Iterable[DocumentKey] = (),
    ) -> None:
        """Create a schedule; `loader` loads the texts of earlier sessions.

        `place` is the place of the next document, `last` that of the last second look. `waiting` are the
        labels of earlier sessions that get a second look, `done` the documents that had one.
        """
        self._selection = selection
        self._loader = loader
        self._place = place
        self._last = last
        self._handed_out = set(done)
        self._waiting: dict[DocumentKey, _DueRepeat] = {}
        self._order: list[tuple[int, int, DocumentKey]] = []
        for first in waiting:
            self._add(_DueRepeat(first, None))

    def start(self) -> None:
        """Start loading texts. Non-blocking."""
        self._want()
        self._loader.start()

    def close(self) -> None:
        """Stop loading texts. Non-blocking."""
        self._loader.close()

    def due(self, *, stuck: bool = False) -> bool:
        """Return whether the next document is a second look.

        With `stuck`, when no other document is available, it is one as soon as DISTANCE allows.
        """
        return self._next(stuck=stuck) is not None

    def peek(self, *, stuck: bool = False) -> Document | None:
        """Return the document that is due; None while its text is being loaded."""
        due = self._next(stuck=stuck)
        if due is None:
            return None
        document = due.document or self._loader.get(due.first.event_id)
        if document is None:
            self._want(due)
        return document

    def take(self, *, stuck: bool = False) -> Document | None:
        """Hand out the document that is due; None while its text is being loaded."""
        document = self.peek(stuck=stuck)
        if document is not None:
            self._remove(document.key)
            self._handed_out.add(document.key)
            self._last = self._place
            self.handed_out()
        return document

    def handed_out(self) -> None:
        """Count one more document as handed out."""
        self._place += 1
        self._want()

    def labelled(self, first: FirstLabel, document: Document | None) -> None:
        """Schedule the second look after a first look was labelled or relabelled, if the draw is selected."""
        self._remove(first.key)
        if first.key not in self._handed_out and self._selection(first.corpus, first.draw):
            self._add(_DueRepeat(first, document))
            self._want()

    def unlabelled(self, document: DocumentKey) -> None:
        """Cancel the second look after a first label was undone or became a skip."""
        self._remove(document)

    def seen(self, document: DocumentKey, place: int) -> None:
        """Postpone the second look after the document was shown with its first label at `place`."""
        if (repeat := self._waiting.get(document)) is not None:
            self._remove(document)
            self._add(_DueRepeat(replace(repeat.first, place=place), repeat.document))

    @property
    def place(self) -> int:
        """Place of the next document."""
        return self._place

    def _next(self, *, stuck: bool) -> _DueRepeat | None:
        while (repeat := self._candidate(stuck=stuck)) is not None:
            if repeat.document is not None or not self._loader.lost(repeat.first.event_id):
                return repeat
            self._remove(repeat.first.key)
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

    def _entry(self, first: FirstLabel) -> tuple[int, int, DocumentKey]:
        return first.place + 1 + self._selection.distance(first.corpus, first.draw), first.place, first.key

    def _add(self, repeat: _DueRepeat) -> None:
        self._waiting[repeat.first.key] = repeat
        insort(self._order, self._entry(repeat.first))

    def _remove(self, document: DocumentKey) -> None:
        if (repeat := self._waiting.pop(document, None)) is not None:
            del self._order[bisect_left(self._order, self._entry(repeat.first))]

    def _want(self, urgent: _DueRepeat | None = None) -> None:
        """Request the texts of `urgent` and of the repeats that are due next."""
        upcoming = (self._waiting[key] for _, _, key in self._order[: 2 * AHEAD])
        wanted = [repeat for repeat in (urgent, *upcoming) if repeat is not None and repeat.document is None]
        self._loader.want(list(dict.fromkeys(repeat.first.event_id for repeat in wanted)))


MIN_SECOND_LOOKS = 20
"""Minimum number of second looks by default; agreement over fewer of them is too imprecise."""


@dataclass(frozen=True, slots=True)
class RelabelPlan:
    """The documents of a session that relabels documents of the ledger."""

    remaining: Mapping[str, Sequence[str]]
    """Ids of the events whose documents are to be relabelled, in order, by corpus."""
    done: Mapping[str, int]
    """Number of documents relabelled before, by corpus."""
    look: int
    """Look of the new labels: 2 for second looks, 1 to replace the first labels."""
    categories: Mapping[DocumentKey, str]
    """Categories of the first looks."""

    @property
    def size(self) -> int:
        """Number of documents to relabel."""
        return sum(len(events) for events in self.remaining.values())

    @property
    def targets(self) -> dict[str, int]:
        """Number of documents relabelled at the end of the session, by corpus."""
        return {corpus: self.done[corpus] + len(events) for corpus, events in self.remaining.items()}


def plan_second_looks(
    looks: RepeatStatus, corpora: Sequence[str], size: int | None, seed: int
) -> RelabelPlan:
    """Draw a random sample, balanced over the corpora, so that `size` documents get a second look in all.

    Documents that already had one count. `size` None means one label in ten, and MIN_SECOND_LOOKS at least.
    The same labels and seed give the same documents in the same order; a larger `size` only adds to them. The
    documents of the last DISTANCE decisions are left out, since the annotator remembers them.
    """
    twice = Counter(corpus for corpus, _ in looks.repeated)
    done = {corpus: twice[corpus] for corpus in corpora}
    own = [first for first in looks.unrepeated if first.corpus in done]
    if size is None:
        size = max(MIN_SECOND_LOOKS, -(-(len(own) + sum(done.values())) // 10))
    candidates: dict[str, list[FirstLabel]] = {}
    for corpus in sorted(done):
        key = digest("corpuscope relabel", seed, corpus)
        distant = [
            first for first in own if first.corpus == corpus and looks.decided - first.place > DISTANCE
        ]
        candidates[corpus] = sorted(
            distant, key=lambda first: (keyed_hash(key, first.draw), first.document_id), reverse=True
        )
    behind = dict(done)
    chosen: dict[str, list[str]] = {corpus: [] for corpus in corpora}
    while sum(behind.values()) < size and any(candidates.values()):
        fewest = min(behind[corpus] for corpus, labels in candidates.items() if labels)
        tied = [corpus for corpus, labels in candidates.items() if labels and behind[corpus] == fewest]
        corpus = permuted_block("corpuscope relabel", seed, tied, fewest * len(tied))
        chosen[corpus].append(candidates[corpus].pop().event_id)
        behind[corpus] += 1
    return RelabelPlan(chosen, done, 2, looks.categories)


def plan_split_categories(
    decisions: Decisions, scheme: CategoryScheme, annotator: str, corpora: Sequence[str]
) -> RelabelPlan:
    """Select the documents whose category was split up, to be labelled again in the order of their draws."""
    remaining = {}
    for corpus in corpora:
        affected = decisions.to_relabel(scheme, corpus, annotator)
        remaining[corpus] = [
            decision.event_id for decision in sorted(affected, key=lambda decision: decision.draw)
        ]
    return RelabelPlan(remaining, dict.fromkeys(corpora, 0), 1, {})
