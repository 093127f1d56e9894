"""List and filter decisions without loading a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey
from corpuscope.ledger.read.event_columns import EventColumns, Ints, StringDictionaries
from corpuscope.ledger.read.records import SKIPPED, Decision, DocumentNotes, LabelQuery, NotesKey
from corpuscope.ledger.read.resolution import Mask, by_draw, by_event


class LabelIndex:
    """The decisions of a ledger at one read, addressed by position from 0. Safe to share between threads."""

    def __init__(
        self,
        events: EventColumns,
        dictionaries: StringDictionaries,
        live: Ints,
        scheme: CategoryScheme,
        notes: Mapping[NotesKey, DocumentNotes],
        decoded: Callable[[Ints], Iterable[Decision]],
    ) -> None:
        """Use `Decisions.label_index`.

        `live` are the rows of the decisions; `decoded` yields those in some rows.
        """
        self._rows = live[by_draw(events, live, dictionaries)]
        self._dictionaries = dictionaries
        self._decoded = decoded
        self._corpora = events["corpus"][self._rows]
        self._draws = events["draw"][self._rows]
        self._looks = events["look"][self._rows]
        self._annotators = events["annotator"][self._rows]
        self._high, self._low = events["document_high"][self._rows], events["document_low"][self._rows]
        self._newest = by_event(events, self._rows)[::-1]
        self._unsure = events["unsure"][self._rows]
        self._names = (*scheme.names, SKIPPED)
        self._codes = _today(events["category"][self._rows], dictionaries["category"].strings, scheme)
        self._order, self._starts, self._group = self._grouped()
        self._disputed = self._differing()
        self._noted = self._with_notes({key for key, entry in notes.items() if entry.note})
        self._bookmarked = self._with_notes({key for key, entry in notes.items() if entry.bookmarked})

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, query: LabelQuery) -> Ints:
        """Return the positions of the decisions that match, in the order that `query` asks for."""
        matches = np.ones(len(self), np.bool_)
        for field, codes, string in (
            ("corpus", self._corpora, query.corpus),
            ("annotator", self._annotators, query.annotator),
        ):
            if string is not None:
                matches &= codes == self._dictionaries[field].find(string)
        if query.category is not None:
            code = self._names.index(query.category) if query.category in self._names else -2
            matches &= self._codes == code
        for required, mask in (
            (query.disputed, self._disputed),
            (query.bookmarked, self._bookmarked),
            (query.noted, self._noted),
            (query.unsure, self._unsure),
        ):
            if required:
                matches &= mask
        if query.documents is not None:
            matches &= self._among(query.documents)
        if query.latest:
            return self._newest[matches[self._newest]]
        return np.flatnonzero(matches)

    def decision(self, position: int) -> Decision:
        """Return the decision at a position."""
        (decision,) = self._decoded(self._rows[[position]])
        return decision

    def category(self, position: int) -> str | None:
        """Return a decision's category today, `SKIPPED` for a skip; None when the category was split up."""
        code = int(self._codes[position])
        return self._names[code] if code >= 0 else None

    def disputed(self, position: int) -> bool:
        """Tell whether the document of a decision was put into different categories."""
        return bool(self._disputed[position])

    def position_of(self, document: DocumentKey, annotator: str, look: int) -> int:
        """Return the position of a decision; -1 when there is none."""
        corpus, document_id = document
        positions = np.flatnonzero(
            (self._low == np.uint64(int(document_id[16:], 16)))
            & (self._corpora == self._dictionaries["corpus"].find(corpus))
            & (self._annotators == self._dictionaries["annotator"].find(annotator))
            & (self._looks == look)
        )
        same = (position for position in positions.tolist() if self.document_id(position) == document_id)
        return next(same, -1)

    def document_id(self, position: int) -> str:
        """Return the document id of a decision."""
        return f"{int(self._high[position]):016x}{int(self._low[position]):016x}"

    def first_of_each_disagreement(self, corpora: Iterable[str] = ()) -> tuple[int, ...]:
        """Return the first position of each disputed document; empty `corpora` means all corpora."""
        firsts = np.sort(self._order[self._starts])
        firsts = firsts[self._disputed[firsts]]
        if corpus_codes := [self._dictionaries["corpus"].find(corpus) for corpus in corpora]:
            firsts = firsts[np.isin(self._corpora[firsts], corpus_codes)]
        return tuple(firsts.tolist())

    def with_draw(self, draw: int) -> Mask:
        """Return which decisions are on documents of this draw, of any corpus."""
        return np.asarray(self._draws == draw)

    @property
    def flag_counts(self) -> dict[str, int]:
        """Number of decisions that are bookmarked, disputed or noted, by that word."""
        masks = {
            "bookmarked": self._bookmarked,
            "disputed": self._disputed,
            "noted": self._noted,
            "unsure": self._unsure,
        }
        return {word: int(mask.sum()) for word, mask in masks.items()}

    @property
    def corpora(self) -> tuple[str, ...]:
        """Keys of the corpora with a decision, sorted."""
        return self._distinct("corpus", self._corpora)

    @property
    def annotators(self) -> tuple[str, ...]:
        """Annotators with a decision, sorted."""
        return self._distinct("annotator", self._annotators)

    @property
    def categories(self) -> tuple[str, ...]:
        """Categories given to any document, in scheme order, `SKIPPED` last."""
        return tuple(self._names[code] for code in np.unique(self._codes[self._codes >= 0]).tolist())

    def _grouped(self) -> tuple[Ints, Ints, Ints]:
        """Group decisions by document.

        Returns an order in which the decisions on one document are adjacent, the start of each document in
        this order, and for each decision the index of its document among the starts.
        """
        columns = (self._low, self._high, self._corpora)
        order = np.lexsort(columns).astype(np.int64)
        new = np.ones(len(self), np.bool_)
        new[1:] = np.any([column[order][1:] != column[order][:-1] for column in columns], axis=0)
        group = np.empty(len(self), np.int64)
        group[order] = np.cumsum(new) - 1
        return order, np.flatnonzero(new), group

    def _differing(self) -> Mask:
        """Mark decisions on documents with two categories; skips and retired categories are ignored."""
        if not len(self):
            return np.empty(0, np.bool_)
        skip = len(self._names) - 1
        codes = self._codes[self._order]
        has_category = (codes >= 0) & (codes < skip)
        highest = np.maximum.reduceat(np.where(has_category, codes, -1), self._starts)
        lowest = np.minimum.reduceat(np.where(has_category, codes, skip), self._starts)
        differs: Mask = (lowest < highest)[self._group]
        return differs

    def _with_notes(self, keys: AbstractSet[NotesKey]) -> Mask:
        """Mark decisions whose corpus, document and annotator are in `keys`."""
        mask = self._among(frozenset((corpus, document) for corpus, document, _ in keys))
        annotators = self._dictionaries["annotator"]
        for position in np.flatnonzero(mask).tolist():
            annotator = annotators.string(self._annotators[position])
            mask[position] = (*self._document_key(position), annotator) in keys
        return mask

    def _among(self, documents: AbstractSet[DocumentKey]) -> Mask:
        """Mark decisions on one of `documents`."""
        halves = np.array([int(document_id[16:], 16) for _, document_id in documents], np.uint64)
        mask: Mask = np.isin(self._low, halves)
        for position in np.flatnonzero(mask).tolist():
            mask[position] = self._document_key(position) in documents
        return mask

    def _document_key(self, position: int) -> DocumentKey:
        return self._dictionaries["corpus"].strings[self._corpora[position]], self.document_id(position)

    def _distinct(self, field: str, codes: npt.NDArray[np.int32]) -> tuple[str, ...]:
        return tuple(sorted(self._dictionaries[field].strings[code] for code in np.unique(codes).tolist()))


def _today(codes: npt.NDArray[np.int32], names: list[str], scheme: CategoryScheme) -> npt.NDArray[np.int16]:
    """Translate codes to positions in the scheme: one past the last for a skip, -1 for a retired category."""
    scheme_code = {name: position for position, name in enumerate(scheme.names)}
    # Code -1, a skip, indexes the extra last entry.
    today = [*(scheme_code.get(scheme.today(name) or "", -1) for name in names), len(scheme_code)]
    return np.array(today, np.int16)[codes]
