"""The decisions that count in a ledger, with the notes and bookmarks on their documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey
from corpuscope.ledger.read.event_columns import EventColumns, Ints, StringDictionaries
from corpuscope.ledger.read.event_table import EventTable
from corpuscope.ledger.read.records import Decision, DocumentNotes, Final, Labels, NotesKey, RepeatStatus
from corpuscope.ledger.read.repeats import Wanted, repeat_status
from corpuscope.ledger.read.resolution import (
    Mask,
    adjudication_rows,
    by_draw,
    by_event,
    documents_in,
    first_answers,
    note_rows,
)

if TYPE_CHECKING:  # numpy takes a third of the time to the first frame
    from corpuscope.ledger.read.label_index import LabelIndex
__all__ = ["Decision", "Decisions", "DocumentNotes", "Final", "Labels"]


class Decisions:
    """A frozen view of a ledger at the time of one read. Safe to share between threads."""

    def __init__(
        self,
        events: EventColumns,
        dictionaries: StringDictionaries,
        stands: Mask,
        rows: Ints,
        live: Ints,
    ) -> None:
        """Hold `events`, with the mask `stands` of those not undone.

        `rows` are the standing labels and skips; `live` are the latest of each document, annotator and look.
        """
        self._table = EventTable(events, dictionaries)
        self._stands = stands
        self._rows = rows
        self._live = live

    def __len__(self) -> int:
        """Number of decisions, skips included."""
        return len(self._live)

    def corpora(self) -> tuple[str, ...]:
        """Return the keys of the corpora with a decision, note or bookmark, sorted."""
        return self._distinct("corpus")

    def annotators(self, corpus: str | None = None) -> tuple[str, ...]:
        """Return the annotators with a decision, note or bookmark, sorted; of one corpus when it is given."""
        return self._distinct("annotator", corpus)

    def draws(
        self, corpus: str, annotator: str, look: int = 1, scheme: CategoryScheme | None = None
    ) -> frozenset[int]:
        """Return the draws whose document has a decision and need not be shown again.

        With `scheme`, documents whose category was split up since are left out, and so queued again.
        """
        rows = self._table.matching(self._rows, corpus, annotator, look)
        if scheme is not None and (
            split := self._split(self._table.matching(self._live, corpus, annotator, look), scheme)
        ):
            rows = rows[[self._table.events.document_id(row) not in split for row in rows]]
        return frozenset(self._table.events["draw"][rows].tolist())

    def substitutes(self, corpus: str, annotator: str) -> Iterator[tuple[str, int]]:
        """Yield shard and row of each decided document that is a substitute for an unreadable one."""
        rows = self._table.matching(self._rows, corpus, annotator, None)
        rows = rows[self._table.events["attempt"][rows] > 0]
        names = self._table.dictionaries["shard"].strings
        shards = (names[code] for code in self._table.events["shard"][rows].tolist())
        return zip(shards, self._table.events["row"][rows].tolist(), strict=True)

    def to_relabel(
        self,
        scheme: CategoryScheme,
        corpus: str | None = None,
        annotator: str | None = None,
        look: int | None = 1,
    ) -> list[Decision]:
        """Return the decisions whose category was split up since; their documents need a new label."""
        live = self._table.matching(self._live, corpus, annotator, look)
        if not (split := self._split(live, scheme)):
            return []
        return [decision for decision in self._decoded(live) if decision.document_id in split]

    def recent(
        self, annotator: str | None = None, limit: int | None = None, corpus: str | None = None
    ) -> list[Decision]:
        """Return the last `limit` decisions (None for all) in the order of event ids, oldest first."""
        rows = (
            self._ordered
            if annotator is None is corpus
            else self._table.matching(self._ordered, corpus, annotator, None)
        )
        return list(self._decoded(rows if limit is None else rows[max(len(rows) - limit, 0) :]))

    def repeat_status(self, annotator: str, scheme: CategoryScheme, wanted: Wanted | None) -> RepeatStatus:
        """Return which labels of an annotator have a second look; see `repeats.repeat_status`."""
        rows = self._table.matching(self._ordered, None, annotator, None)
        return repeat_status(self._table.events, self._table.dictionaries, rows, scheme, wanted)

    def read_again(self) -> list[Decision]:
        """Return the decisions on documents with several, by annotators or looks, oldest first."""
        # Half of the id is enough here, since the caller groups by the whole id.
        halves = self._table.events["document_low"][self._ordered]
        _, group, counts = np.unique(halves, return_inverse=True, return_counts=True)
        return list(self._decoded(self._ordered[counts[group] > 1]))

    def blind_first_answers(self, scheme: CategoryScheme) -> dict[str, Decision]:
        """Return the first answer behind each decision that replaced a blind one, by the decision's event id.

        After an undo or a step back the document was disclosed, so the decision that counts is not blind. First
        answers whose category was split up or removed since are left out: those documents were queued again.
        """
        events = self._table.events
        pairs = [
            (row, first) for row, first in first_answers(events, self._live).items() if events["blind"][first]
        ]
        answers = self._decoded(np.array([first for _, first in pairs], np.int64))
        return {
            events.event_id(row): answer
            for (row, _), answer in zip(pairs, answers, strict=True)
            if answer.category is None or scheme.today(answer.category) is not None
        }

    def about(self, document: DocumentKey) -> tuple[Decision, ...]:
        """Return the decisions on one document, sorted by annotator and look."""
        half = np.uint64(int(document[1][16:], 16))
        rows = self._live[self._table.events["document_low"][self._live] == half]
        decisions = (entry for entry in self._decoded(rows) if entry.document_key == document)
        return tuple(sorted(decisions, key=lambda decision: (decision.annotator, decision.look)))

    def event_documents(self) -> dict[str, str]:
        """Return the id of the document of every event, also of undone ones, by event id."""
        events = self._table.events
        return {events.event_id(row): events.document_id(row) for row in range(len(events))}

    def event_categories(self) -> dict[str, str]:
        """Return the category of every label and final decision, as it was called then, by event id."""
        events, names = self._table.events, self._table.dictionaries["category"].strings
        categories = enumerate(events["category"].tolist())
        return {events.event_id(row): names[code] for row, code in categories if code >= 0}

    def notes_on(self, document: DocumentKey, annotator: str) -> DocumentNotes | None:
        """Return an annotator's note and bookmark on a document; None when there is neither."""
        return self._notes.get((*document, annotator))

    def by_draw(self, corpora: Sequence[str] = (), annotator: str | None = None) -> Iterator[Decision]:
        """Yield decisions in the order of corpus, draw, document, annotator and look.

        The order does not depend on sessions or files. Empty `corpora` means all corpora.
        """
        for rows in self._rows_by_corpus(corpora, annotator):
            yield from self._decoded(rows[by_draw(self._table.events, rows, self._table.dictionaries)])

    def count(self, corpora: Sequence[str] = (), annotator: str | None = None) -> int:
        """Count the decisions that `by_draw` yields."""
        return sum(len(rows) for rows in self._rows_by_corpus(corpora, annotator))

    def counts(
        self,
        corpus: str,
        annotator: str | None = None,
        look: int | None = 1,
        scheme: CategoryScheme | None = None,
    ) -> dict[str, int]:
        """Count labels by category, as named then or, with `scheme`, as named today.

        With `scheme` the result has all its categories, in its order. Labels whose category it does not know
        are left out.
        """
        written = self._table.by_category(self._table.matching(self._live, corpus, annotator, look))
        if scheme is None:
            return written
        today = dict.fromkeys(scheme.names, 0)
        for name, count in written.items():
            if (current := scheme.today(name)) is not None:
                today[current] += count
        return today

    def labels(
        self, corpus: str, scheme: CategoryScheme, annotator: str | None = None, look: int | None = 1
    ) -> Labels:
        """Return the labels of a corpus as columns, under today's names; `look` None takes every look."""
        rows = self._table.matching(self._live, corpus, annotator, look)
        position = {name: number for number, name in enumerate(scheme.names)}
        # Code -1, a skip, indexes the extra last entry.
        names = self._table.dictionaries["category"].strings
        today = np.array([*(position.get(scheme.today(name) or "", -1) for name in names), -1], np.int16)
        codes = today[self._table.events["category"][rows]]
        written = self._table.by_category(rows)
        lost = {name: count for name, count in written.items() if scheme.today(name) is None}
        labelled, events = rows[codes >= 0], self._table.events
        with_category = rows[events["category"][rows] >= 0]
        annotators = np.unique(events["annotator"][labelled]).tolist()
        if len(annotators) > 1:
            labelled = labelled[by_event(events, labelled)]
        # A large ledger is usually labels of one corpus throughout, and copying a million rows is slow.
        chosen = slice(None) if len(annotators) <= 1 and len(labelled) == len(events) else labelled
        return Labels(
            corpus=corpus,
            categories=scheme.names,
            codes=today[events["category"][chosen]],
            tokens=_or_nan(events["tokens"][chosen]),
            probabilities=events["probability"][chosen],
            shards=events["shard"][chosen],
            rows=events["row"][chosen],
            draws=events["draw"][chosen],
            attempts=events["attempt"][chosen],
            characters=events["characters"][chosen],
            words=events["words"][chosen],
            reading_ms=_or_nan(events["reading_ms"][chosen]),
            looks=events["look"][chosen],
            unsure=events["unsure"][chosen],
            annotators=events["annotator"][chosen],
            document_high=events["document_high"][chosen],
            document_low=events["document_low"][chosen],
            readers=tuple(sorted(self._table.dictionaries["annotator"].strings[code] for code in annotators)),
            skips=documents_in(events, rows) - documents_in(events, with_category),
            bookmarks=len({notes.document_id for notes in self.notes(corpus, annotator) if notes.bookmarked}),
            unknown={name: count for name, count in lost.items() if name not in scheme.split},
            split={name: count for name, count in lost.items() if name in scheme.split},
            awaiting=documents_in(events, with_category) - documents_in(events, labelled),
        )

    def documents(self, corpus: str, scheme: CategoryScheme) -> int:
        """Count the distinct documents of a corpus with a first-look label, by any annotator."""
        rows = self._table.matching(self._live, corpus, None, 1)
        names = self._table.dictionaries["category"].strings
        counted = [code for code, name in enumerate(names) if scheme.today(name) is not None]
        return documents_in(self._table.events, rows[np.isin(self._table.events["category"][rows], counted)])

    def unknown(self, scheme: CategoryScheme) -> dict[str, int]:
        """Count the labels of each category that the scheme neither knows nor declares split."""
        written = self._table.by_category(self._live)
        return {
            name: count
            for name, count in written.items()
            if scheme.today(name) is None and name not in scheme.split
        }

    def notes(self, corpus: str | None = None, annotator: str | None = None) -> list[DocumentNotes]:
        """Return the standing notes and bookmarks, one entry per document and annotator, oldest first."""
        return [
            notes
            for notes in self._notes.values()
            if corpus in (None, notes.corpus) and annotator in (None, notes.annotator)
        ]

    def label_index(self, scheme: CategoryScheme) -> LabelIndex:
        """Index all decisions, to be listed and filtered."""
        from corpuscope.ledger.read.label_index import LabelIndex

        return LabelIndex(
            self._table.events, self._table.dictionaries, self._live, scheme, self._notes, self._decoded
        )

    def finals(self, scheme: CategoryScheme) -> dict[DocumentKey, str]:
        """Return the final category of each adjudicated document under today's name.

        A category that was split up or removed since is left out, so that its documents are open again.
        """
        current = ((key, scheme.today(final.category)) for key, final in self.adjudicated.items())
        return {key: today for key, today in current if today is not None}

    @cached_property
    def adjudicated(self) -> dict[DocumentKey, Final]:
        """Last standing final decision of each document."""
        finals = self._table.finals(adjudication_rows(self._table.events, self._stands))
        return {(final.corpus, final.document_id): final for final in finals}

    @cached_property
    def _ordered(self) -> Ints:
        return self._live[by_event(self._table.events, self._live)]

    @cached_property
    def _notes(self) -> dict[NotesKey, DocumentNotes]:
        return self._table.notes(note_rows(self._table.events, self._stands))

    def _decoded(self, rows: Ints) -> Iterator[Decision]:
        return self._table.decisions(rows, self._notes)

    def _split(self, rows: Ints, scheme: CategoryScheme) -> set[str]:
        """Return the ids of the documents in `rows` whose category was split up."""
        retired = [name for name in scheme.split if scheme.today(name) is None]
        return {self._table.events.document_id(row) for row in self._table.in_categories(rows, retired)}

    def _distinct(self, field: str, corpus: str | None = None) -> tuple[str, ...]:
        return self._table.strings_in(
            field, self._table.matching(np.flatnonzero(self._stands), corpus, None, None)
        )

    def _rows_by_corpus(self, corpora: Sequence[str], annotator: str | None) -> list[Ints]:
        """Return the decisions' rows for each corpus, by key; one array of all for empty `corpora`."""
        return [
            self._table.matching(self._live, corpus, annotator, None)
            for corpus in sorted(set(corpora)) or (None,)
        ]


def _or_nan(numbers: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    values = numbers.astype(np.float64)
    values[numbers < 0] = np.nan
    return values
