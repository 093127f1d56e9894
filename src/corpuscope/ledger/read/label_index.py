"""Every decision as columns: listed, filtered and looked at one by one without loading a text."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt

from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.event_columns import EventColumns, Ints, StringDictionaries
from corpuscope.ledger.read.records import SKIPPED, Decision, DocumentNotes, LabelQuery, NotesKey
from corpuscope.ledger.read.resolution import Mask, by_draw, by_event


class LabelIndex:
    """The decisions of one reading of a ledger, each with a number from 0. May be handed to any thread."""

    def __init__(
        self,
        events: EventColumns,
        words: StringDictionaries,
        live: Ints,
        scheme: CategoryScheme,
        remarks: Mapping[NotesKey, DocumentNotes],
        decision: Callable[[int], Decision],
    ) -> None:
        """Made by `Decisions.label_index`. `live` are the rows of the decisions, `decision` makes one of a row."""
        self._rows = live[by_draw(events, live, words)]
        self._words = words
        self._decision = decision
        self._corpora = events.corpus[self._rows]
        self._looks = events.look[self._rows]
        self._annotators = events.annotator[self._rows]
        self._high, self._low = events.document_high[self._rows], events.document_low[self._rows]
        self._newest = by_event(events, self._rows)[::-1]
        self._names = (*scheme.names, SKIPPED)
        self._codes = _today(events.category[self._rows], words["category"].strings, scheme)
        self._order, self._starts, self._group = self._grouped()
        self._disputed = self._differing()
        self._noted = self._remarked({key for key, remark in remarks.items() if remark.note})
        self._bookmarked = self._remarked({key for key, remark in remarks.items() if remark.bookmarked})

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, sought: LabelQuery) -> Ints:
        """The numbers of the decisions that are wanted, in their order."""
        wanted = np.ones(len(self), np.bool_)
        for field, codes, word in (
            ("corpus", self._corpora, sought.corpus),
            ("annotator", self._annotators, sought.annotator),
        ):
            if word is not None:
                wanted &= codes == self._words[field].find(word)
        if sought.category is not None:
            place = self._names.index(sought.category) if sought.category in self._names else -2
            wanted &= self._codes == place
        for asked, mask in (
            (sought.disputed, self._disputed),
            (sought.bookmarked, self._bookmarked),
            (sought.noted, self._noted),
        ):
            if asked:
                wanted &= mask
        if sought.documents is not None:
            wanted &= self._among(sought.documents)
        if sought.latest:
            return self._newest[wanted[self._newest]]
        return np.flatnonzero(wanted)

    def decision(self, number: int) -> Decision:
        """One decision."""
        return self._decision(int(self._rows[number]))

    def category(self, number: int) -> str | None:
        """Its category today, `SKIPPED` for a skip; None where the category was split up."""
        code = int(self._codes[number])
        return self._names[code] if code >= 0 else None

    def disputed(self, number: int) -> bool:
        """Whether its document was put into different categories."""
        return bool(self._disputed[number])

    def position_of(self, document_id: str, annotator: str, look: int) -> int:
        """The number of one decision; -1 when there is none."""
        code = self._words["annotator"].find(annotator)
        numbers = np.flatnonzero(
            (self._low == np.uint64(int(document_id[16:], 16)))
            & (self._annotators == code)
            & (self._looks == look)
        )
        same = (number for number in numbers.tolist() if self.document_id(number) == document_id)
        return next(same, -1)

    def document_id(self, number: int) -> str:
        """Identity of its document."""
        return f"{int(self._high[number]):016x}{int(self._low[number]):016x}"

    def decisions_on_document(self, number: int) -> tuple[int, ...]:
        """The numbers of all decisions about its document, itself among them, by annotator and look."""
        group = int(self._group[number])
        end = self._starts[group + 1] if group + 1 < len(self._starts) else len(self)
        return tuple(sorted(self._order[self._starts[group] : end].tolist()))

    def first_of_each_disagreement(self, corpora: Iterable[str] = ()) -> tuple[int, ...]:
        """The first decision about each document that was put into different categories."""
        firsts = np.sort(self._order[self._starts])
        firsts = firsts[self._disputed[firsts]]
        if wanted := [self._words["corpus"].find(corpus) for corpus in corpora]:
            firsts = firsts[np.isin(self._corpora[firsts], wanted)]
        return tuple(firsts.tolist())

    @property
    def corpora(self) -> tuple[str, ...]:
        """Keys of the corpora with a decision, by name."""
        return self._met("corpus", self._corpora)

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who decided something, by name."""
        return self._met("annotator", self._annotators)

    @property
    def categories(self) -> tuple[str, ...]:
        """What was given to any document, in scheme order, skips last."""
        return tuple(self._names[code] for code in np.unique(self._codes[self._codes >= 0]).tolist())

    def _grouped(self) -> tuple[Ints, Ints, Ints]:
        """An order in which decisions about one document lie together, where each document starts in it, and the
        place of each decision's document among these starts."""
        columns = (self._low, self._high, self._corpora)
        order = np.lexsort(columns).astype(np.int64)
        new = np.ones(len(self), np.bool_)
        new[1:] = np.any([column[order][1:] != column[order][:-1] for column in columns], axis=0)
        group = np.empty(len(self), np.int64)
        group[order] = np.cumsum(new) - 1
        return order, np.flatnonzero(new), group

    def _differing(self) -> Mask:
        """Which decisions are about a document with two categories; skips and split categories say nothing."""
        if not len(self):
            return np.empty(0, np.bool_)
        skip = len(self._names) - 1
        codes = self._codes[self._order]
        said = (codes >= 0) & (codes < skip)
        highest = np.maximum.reduceat(np.where(said, codes, -1), self._starts)
        lowest = np.minimum.reduceat(np.where(said, codes, skip), self._starts)
        differs: Mask = (lowest < highest)[self._group]
        return differs

    def _remarked(self, keys: AbstractSet[NotesKey]) -> Mask:
        """Which decisions have a remark of their annotator among these."""
        mask = self._among(frozenset(document for _, document, _ in keys))
        corpora, annotators = self._words["corpus"], self._words["annotator"]
        for number in np.flatnonzero(mask).tolist():
            corpus, annotator = (
                corpora.string(self._corpora[number]),
                annotators.string(self._annotators[number]),
            )
            mask[number] = (corpus, self.document_id(number), annotator) in keys
        return mask

    def _among(self, documents: frozenset[str]) -> Mask:
        """Which decisions are about one of these documents."""
        mask: Mask = np.isin(self._low, np.array([int(each[16:], 16) for each in documents], np.uint64))
        for number in np.flatnonzero(mask).tolist():
            mask[number] = self.document_id(number) in documents
        return mask

    def _met(self, field: str, codes: npt.NDArray[np.int32]) -> tuple[str, ...]:
        return tuple(sorted(self._words[field].strings[code] for code in np.unique(codes).tolist()))


def _today(codes: npt.NDArray[np.int32], words: list[str], scheme: CategoryScheme) -> npt.NDArray[np.int16]:
    """Places in the scheme; one behind the last for a skip, -1 for a category that was split up or removed."""
    place = {name: number for number, name in enumerate(scheme.names)}
    # the extra last entry is what code -1, a skip, picks
    today = [*(place.get(scheme.today(word) or "", -1) for word in words), len(place)]
    return np.array(today, np.int16)[codes]
