"""What the events of a ledger add up to: the decisions that count, and the remarks beside them."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.event_table import EventTable
from corpuscope.ledger.read.records import Decision, DocumentNotes, Final, Labels, NotesKey
from corpuscope.ledger.read.repeats import RepeatStatus, Wanted, repeat_status

if TYPE_CHECKING:  # numpy takes a third of the time to the first frame
    import numpy as np
    import numpy.typing as npt

    from corpuscope.ledger.read.event_columns import EventColumns, Ints, StringDictionaries
    from corpuscope.ledger.read.label_index import LabelIndex
    from corpuscope.ledger.read.resolution import Mask

__all__ = ["Decision", "Decisions", "DocumentNotes", "Final", "Labels"]


class Decisions:
    """A frozen view of a ledger at one reading. May be handed to any thread."""

    def __init__(
        self,
        events: "EventColumns",
        dictionaries: "StringDictionaries",
        stands: "Mask",
        rows: "Ints",
        live: "Ints",
    ) -> None:
        """`rows` are the standing labels and skips of `events`, `live` those of them that are the last word."""
        self._table = EventTable(events, dictionaries)
        self._stands = stands
        self._rows = rows
        self._live = live

    def __len__(self) -> int:
        """Decisions, skips included."""
        return len(self._live)

    def corpora(self) -> tuple[str, ...]:
        """Keys of the corpora with a decision or a remark, by name."""
        return self._met("corpus")

    def annotators(self, corpus: str | None = None) -> tuple[str, ...]:
        """Who decided or remarked something, by name; of one corpus where it is given."""
        return self._met("annotator", corpus)

    def draws(
        self, corpus: str, annotator: str, look: int = 1, scheme: CategoryScheme | None = None
    ) -> frozenset[int]:
        """Draws that need not be shown again: their document has a decision.

        With `scheme`, documents whose category was split up since are left out, so that they are queued again.
        """
        rows = self._table.matching(self._rows, corpus, annotator, look)
        if scheme is not None and (
            again := self._split(self._table.matching(self._live, corpus, annotator, look), scheme)
        ):
            rows = rows[[self._table.events.document_id(row) not in again for row in rows]]
        return frozenset(self._table.events.draw[rows].tolist())

    def substitutes(self, corpus: str, annotator: str) -> Iterator[tuple[str, int]]:
        """Shard and row of each decided document that stands in for one that could not be read."""
        rows = self._table.matching(self._rows, corpus, annotator, None)
        rows = rows[self._table.events.attempt[rows] > 0]
        names = self._table.dictionaries["shard"].strings
        shards = (names[code] for code in self._table.events.shard[rows].tolist())
        return zip(shards, self._table.events.row[rows].tolist(), strict=True)

    def to_relabel(
        self,
        scheme: CategoryScheme,
        corpus: str | None = None,
        annotator: str | None = None,
        look: int | None = 1,
    ) -> list[Decision]:
        """Decisions whose category was split up since: their documents are to be read again."""
        live = self._table.matching(self._live, corpus, annotator, look)
        again = self._split(live, scheme)
        return [self._decision(row) for row in live if self._table.events.document_id(row) in again]

    def recent(
        self, annotator: str | None = None, limit: int | None = None, corpus: str | None = None
    ) -> list[Decision]:
        """The last `limit` decisions, oldest first, in the order of event ids."""
        rows = (
            self._ordered
            if annotator is None is corpus
            else self._table.matching(self._ordered, corpus, annotator, None)
        )
        return [self._decision(row) for row in (rows if limit is None else rows[max(len(rows) - limit, 0) :])]

    def repeat_status(self, annotator: str, scheme: CategoryScheme, wanted: Wanted | None) -> RepeatStatus:
        """An annotator's first looks beside their second ones; see `repeat_status` for `wanted`."""
        rows = self._table.matching(self._ordered, None, annotator, None)
        return repeat_status(self._table.events, self._table.dictionaries, rows, scheme, wanted)

    def read_again(self) -> list[Decision]:
        """Decisions of the documents that have more than one, by other annotators or looks, oldest first."""
        import numpy as np

        # Half an id finds them; two documents that share it are told apart by whoever groups them.
        halves = self._table.events.document_low[self._ordered]
        _, which, counts = np.unique(halves, return_inverse=True, return_counts=True)
        return [self._decision(row) for row in self._ordered[counts[which] > 1]]

    def about(self, document_id: str) -> tuple[Decision, ...]:
        """The decisions about one document, by annotator and look."""
        import numpy as np

        half = np.uint64(int(document_id[16:], 16))
        rows = self._live[self._table.events.document_low[self._live] == half]
        found = (self._decision(row) for row in rows if self._table.events.document_id(row) == document_id)
        return tuple(sorted(found, key=lambda each: (each.annotator, each.look)))

    def notes_on(self, document_id: str, annotator: str) -> DocumentNotes | None:
        """An annotator's note and bookmark on a document; None where there is neither."""
        found = (each for each in self._notes.values() if each.document_id == document_id)
        return next((each for each in found if each.annotator == annotator), None)

    def by_draw(self, corpora: Sequence[str] = (), annotator: str | None = None) -> Iterator[Decision]:
        """Decisions one at a time, in the order of corpus, draw, document, annotator and look.

        The order does not depend on sittings or files. No `corpora` means all of them.
        """
        from corpuscope.ledger.read.resolution import by_draw

        for rows in self._met_in(corpora, annotator):
            for row in rows[by_draw(self._table.events, rows, self._table.dictionaries)]:
                yield self._decision(row)

    def count(self, corpora: Sequence[str] = (), annotator: str | None = None) -> int:
        """The decisions that `by_draw` goes through."""
        return sum(len(rows) for rows in self._met_in(corpora, annotator))

    def counts(
        self,
        corpus: str,
        annotator: str | None = None,
        look: int | None = 1,
        scheme: CategoryScheme | None = None,
    ) -> dict[str, int]:
        """Labels by category name, as written then or, with `scheme`, as it is called today.

        With `scheme` every category of it is there, in its order, and labels it does not know are left out.
        """
        written = self._table.by_category(self._table.matching(self._live, corpus, annotator, look))
        if scheme is None:
            return written
        today = dict.fromkeys(scheme.names, 0)
        for name, count in written.items():
            if (known := scheme.today(name)) is not None:
                today[known] += count
        return today

    def labels(
        self, corpus: str, scheme: CategoryScheme, annotator: str | None = None, look: int | None = 1
    ) -> Labels:
        """The labels of a corpus as columns, under today's names; `look` None takes every look."""
        import numpy as np

        from corpuscope.ledger.read.resolution import by_event, documents_in

        rows = self._table.matching(self._live, corpus, annotator, look)
        position = {name: number for number, name in enumerate(scheme.names)}
        # The extra last entry is what code -1, a skip, picks.
        names = self._table.dictionaries["category"].strings
        today = np.array([*(position.get(scheme.today(name) or "", -1) for name in names), -1], np.int16)
        codes = today[self._table.events.category[rows]]
        written = self._table.by_category(rows)
        lost = {name: count for name, count in written.items() if scheme.today(name) is None}
        known, events = rows[codes >= 0], self._table.events
        people = np.unique(events.annotator[known]).tolist()
        if len(people) > 1:
            known = known[by_event(events, known)]
        return Labels(
            corpus=corpus,
            categories=scheme.names,
            codes=today[events.category[known]],
            tokens=_or_nan(events.tokens[known]),
            probabilities=events.probability[known],
            shards=events.shard[known],
            rows=events.row[known],
            draws=events.draw[known],
            attempts=events.attempt[known],
            characters=events.characters[known],
            words=events.words[known],
            reading_ms=_or_nan(events.reading_ms[known]),
            looks=events.look[known],
            annotators=events.annotator[known],
            document_high=events.document_high[known],
            document_low=events.document_low[known],
            readers=tuple(sorted(self._table.dictionaries["annotator"].strings[code] for code in people)),
            skips=documents_in(events, rows) - documents_in(events, rows[events.category[rows] >= 0]),
            bookmarks=len({r.document_id for r in self.notes(corpus, annotator) if r.bookmarked}),
            unknown={name: count for name, count in lost.items() if name not in scheme.split},
            split={name: count for name, count in lost.items() if name in scheme.split},
        )

    def documents(self, corpus: str, scheme: CategoryScheme) -> int:
        """Documents of a corpus with a label in a first look, each counted once however many people read it."""
        import numpy as np

        from corpuscope.ledger.read.resolution import documents_in

        rows = self._table.matching(self._live, corpus, None, 1)
        words = self._table.dictionaries["category"].strings
        counted = [code for code, name in enumerate(words) if scheme.today(name) is not None]
        return documents_in(self._table.events, rows[np.isin(self._table.events.category[rows], counted)])

    def unknown(self, scheme: CategoryScheme) -> dict[str, int]:
        """Labels of all corpora whose category the scheme neither knows nor declares split, by its name."""
        written = self._table.by_category(self._live)
        return {
            name: count
            for name, count in written.items()
            if scheme.today(name) is None and name not in scheme.split
        }

    def notes(self, corpus: str | None = None, annotator: str | None = None) -> list[DocumentNotes]:
        """Notes and bookmarks that stand, one remark a document and annotator, oldest first."""
        return [
            remark
            for remark in self._notes.values()
            if corpus in (None, remark.corpus) and annotator in (None, remark.annotator)
        ]

    def label_index(self, scheme: CategoryScheme) -> "LabelIndex":
        """All decisions, to be listed and filtered."""
        from corpuscope.ledger.read.label_index import LabelIndex

        return LabelIndex(
            self._table.events, self._table.dictionaries, self._live, scheme, self._notes, self._decision
        )

    def finals(self, scheme: CategoryScheme) -> dict[str, str]:
        """The final category of every adjudicated document, by document id, under today's name.

        Those whose category was split up or removed since are left out: their documents are open again.
        """
        named = ((key, scheme.today(final.category)) for key, final in self.adjudicated.items())
        return {key: today for key, today in named if today is not None}

    @cached_property
    def adjudicated(self) -> dict[str, Final]:
        """The last standing final decision of each document, by document id."""
        from corpuscope.ledger.read.resolution import adjudication_rows

        finals = map(self._table.final, adjudication_rows(self._table.events, self._stands))
        return {final.document_id: final for final in finals}

    @cached_property
    def _ordered(self) -> "Ints":
        from corpuscope.ledger.read.resolution import by_event

        return self._live[by_event(self._table.events, self._live)]

    @cached_property
    def _notes(self) -> dict[NotesKey, DocumentNotes]:
        from corpuscope.ledger.read.resolution import note_rows

        return self._table.notes(note_rows(self._table.events, self._stands))

    def _decision(self, row: int) -> Decision:
        return self._table.decision(row, self._notes.get(self._table.notes_key(row)))

    def _split(self, rows: "Ints", scheme: CategoryScheme) -> set[str]:
        """Ids of the documents in `rows` whose category was split up."""
        gone = [name for name in scheme.split if scheme.today(name) is None]
        return {self._table.events.document_id(row) for row in self._table.in_categories(rows, gone)}

    def _met(self, field: str, corpus: str | None = None) -> tuple[str, ...]:
        import numpy as np

        return self._table.strings_in(
            field, self._table.matching(np.flatnonzero(self._stands), corpus, None, None)
        )

    def _met_in(self, corpora: Sequence[str], annotator: str | None) -> list["Ints"]:
        """The decisions of each of `corpora`, by name; those of all together where none is named."""
        return [
            self._table.matching(self._live, corpus, annotator, None)
            for corpus in sorted(set(corpora)) or (None,)
        ]


def _or_nan(numbers: "npt.NDArray[np.int64] | npt.NDArray[np.int32]") -> "npt.NDArray[np.float64]":
    import numpy as np

    values = numbers.astype(np.float64)
    values[numbers < 0] = np.nan
    return values
