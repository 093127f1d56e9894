"""What the events of a ledger add up to: the decisions that count, and the remarks beside them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.label import EventKind
from corpuscope.ledger.decision import Decision, Final, Labels, Remark
from corpuscope.ledger.looks import Looks, Wanted, looks_of

if TYPE_CHECKING:  # numpy takes a third of the time to the first frame
    import numpy as np
    import numpy.typing as npt

    from corpuscope.ledger.catalogue import Catalogue
    from corpuscope.ledger.columns import Columns, Ints, Vocabularies
    from corpuscope.ledger.resolution import Mask

__all__ = ["Decision", "Decisions", "Final", "Labels", "Remark"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Decisions:
    """A frozen view of a ledger at one reading. May be handed to any thread."""

    def __init__(
        self, events: "Columns", vocabularies: "Vocabularies", stands: "Mask", rows: "Ints", live: "Ints"
    ) -> None:
        """`rows` are the standing labels and skips of `events`, `live` those of them that are the last word."""
        self._events = events
        self._words = vocabularies
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
        rows = self._of(self._rows, corpus, annotator, look)
        if scheme is not None and (
            again := self._split(self._of(self._live, corpus, annotator, look), scheme)
        ):
            rows = rows[[self._events.document_id(row) not in again for row in rows]]
        return frozenset(self._events.draw[rows].tolist())

    def places(self, corpus: str, annotator: str) -> Iterator[tuple[str, int]]:
        """Shard and row of each decided document that stands in for one that could not be read."""
        rows = self._of(self._rows, corpus, annotator, None)
        rows = rows[self._events.attempt[rows] > 0]
        names = self._words["shard"].words
        shards = (names[code] for code in self._events.shard[rows].tolist())
        return zip(shards, self._events.row[rows].tolist(), strict=True)

    def to_relabel(
        self,
        scheme: CategoryScheme,
        corpus: str | None = None,
        annotator: str | None = None,
        look: int | None = 1,
    ) -> list[Decision]:
        """Decisions whose category was split up since: their documents are to be read again."""
        live = self._of(self._live, corpus, annotator, look)
        again = self._split(live, scheme)
        return [self._decision(row) for row in live if self._events.document_id(row) in again]

    def recent(
        self, annotator: str | None = None, limit: int | None = None, corpus: str | None = None
    ) -> list[Decision]:
        """The last `limit` decisions, oldest first, in the order of event ids."""
        rows = (
            self._ordered if annotator is None is corpus else self._of(self._ordered, corpus, annotator, None)
        )
        return [self._decision(row) for row in (rows if limit is None else rows[max(len(rows) - limit, 0) :])]

    def looks(self, annotator: str, scheme: CategoryScheme, wanted: Wanted | None) -> Looks:
        """An annotator's first looks beside their second ones; see `looks_of` for `wanted`."""
        rows = self._of(self._ordered, None, annotator, None)
        return looks_of(self._events, self._words, rows, scheme, wanted)

    def read_again(self) -> list[Decision]:
        """Decisions of the documents that have more than one, by other annotators or looks, oldest first."""
        import numpy as np

        # Half an id finds them; two documents that share it are told apart by whoever groups them.
        halves = self._events.document_low[self._ordered]
        _, which, counts = np.unique(halves, return_inverse=True, return_counts=True)
        return [self._decision(row) for row in self._ordered[counts[which] > 1]]

    def about(self, document_id: str) -> tuple[Decision, ...]:
        """The decisions about one document, by annotator and look."""
        import numpy as np

        half = np.uint64(int(document_id[16:], 16))
        rows = self._live[self._events.document_low[self._live] == half]
        found = (self._decision(row) for row in rows if self._events.document_id(row) == document_id)
        return tuple(sorted(found, key=lambda each: (each.annotator, each.look)))

    def remark(self, document_id: str, annotator: str) -> Remark | None:
        """An annotator's note and bookmark on a document; None where there is neither."""
        found = (each for each in self._remarks.values() if each.document_id == document_id)
        return next((each for each in found if each.annotator == annotator), None)

    def by_draw(self, corpora: Sequence[str] = (), annotator: str | None = None) -> Iterator[Decision]:
        """Decisions one at a time, in the order of corpus, draw, document, annotator and look.

        The order does not depend on sittings or files. No `corpora` means all of them.
        """
        from corpuscope.ledger.resolution import by_draw

        for rows in self._met_in(corpora, annotator):
            for row in rows[by_draw(self._events, rows, self._words)]:
                yield self._decision(row)

    def how_many(self, corpora: Sequence[str] = (), annotator: str | None = None) -> int:
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
        written = self._by_category(self._of(self._live, corpus, annotator, look))
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

        from corpuscope.ledger.resolution import by_event, documents_in

        rows = self._of(self._live, corpus, annotator, look)
        position = {name: number for number, name in enumerate(scheme.names)}
        # The extra last entry is what code -1, a skip, picks.
        names = self._words["category"].words
        today = np.array([*(position.get(scheme.today(name) or "", -1) for name in names), -1], np.int16)
        codes = today[self._events.category[rows]]
        written = self._by_category(rows)
        lost = {name: count for name, count in written.items() if scheme.today(name) is None}
        known, events = rows[codes >= 0], self._events
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
            readers=tuple(sorted(self._words["annotator"].words[code] for code in people)),
            skips=documents_in(events, rows) - documents_in(events, rows[events.category[rows] >= 0]),
            bookmarks=len({r.document_id for r in self.remarks(corpus, annotator) if r.bookmarked}),
            unknown={name: count for name, count in lost.items() if name not in scheme.split},
            split={name: count for name, count in lost.items() if name in scheme.split},
        )

    def documents(self, corpus: str, scheme: CategoryScheme) -> int:
        """Documents of a corpus with a label in a first look, each counted once however many people read it."""
        import numpy as np

        from corpuscope.ledger.resolution import documents_in

        rows = self._of(self._live, corpus, None, 1)
        words = self._words["category"].words
        counted = [code for code, name in enumerate(words) if scheme.today(name) is not None]
        return documents_in(self._events, rows[np.isin(self._events.category[rows], counted)])

    def unknown(self, scheme: CategoryScheme) -> dict[str, int]:
        """Labels of all corpora whose category the scheme neither knows nor declares split, by its name."""
        written = self._by_category(self._live)
        return {
            name: count
            for name, count in written.items()
            if scheme.today(name) is None and name not in scheme.split
        }

    def remarks(self, corpus: str | None = None, annotator: str | None = None) -> list[Remark]:
        """Notes and bookmarks that stand, one remark a document and annotator, oldest first."""
        return [
            remark
            for remark in self._remarks.values()
            if corpus in (None, remark.corpus) and annotator in (None, remark.annotator)
        ]

    def catalogue(self, scheme: CategoryScheme) -> "Catalogue":
        """All decisions, to be listed and filtered."""
        from corpuscope.ledger.catalogue import Catalogue

        return Catalogue(self._events, self._words, self._live, scheme, self._remarks, self._decision)

    def finals(self, scheme: CategoryScheme) -> dict[str, str]:
        """The final category of every adjudicated document, by document id, under today's name.

        Those whose category was split up or removed since are left out: their documents are open again.
        """
        named = ((key, scheme.today(final.category)) for key, final in self.adjudicated.items())
        return {key: today for key, today in named if today is not None}

    @cached_property
    def adjudicated(self) -> dict[str, Final]:
        """The last standing final decision of each document, by document id."""
        from corpuscope.ledger.resolution import adjudicating

        events = self._events
        return {
            document: Final(
                events.event_id(row),
                document,
                self._word("corpus", row) or "",
                self._word("annotator", row) or "",
                self._word("category", row) or "",
            )
            for row in adjudicating(events, self._stands)
            for document in (events.document_id(row),)
        }

    @cached_property
    def _ordered(self) -> "Ints":
        from corpuscope.ledger.resolution import by_event

        return self._live[by_event(self._events, self._live)]

    @cached_property
    def _remarks(self) -> dict[tuple[str, str, str], Remark]:
        from corpuscope.ledger.columns import KINDS
        from corpuscope.ledger.resolution import remarking

        events = self._events
        remarks: dict[tuple[str, str, str], Remark] = {}
        for row in remarking(events, self._stands):
            key = self._remark_key(row)
            before = remarks.pop(key, None)
            note, bookmarked = (before.note, before.bookmarked) if before else (None, False)
            kind = KINDS[events.kind[row]]
            if kind is EventKind.NOTE:
                note = events.strings[row] or None
            else:
                bookmarked = kind is EventKind.BOOKMARK
            corpus, document, annotator = key
            draw = int(events.draw[row])
            remarks[key] = Remark(events.event_id(row), document, corpus, draw, annotator, note, bookmarked)
        return {key: remark for key, remark in remarks.items() if remark.note or remark.bookmarked}

    def _remark_key(self, row: int) -> tuple[str, str, str]:
        return (
            self._word("corpus", row) or "",
            self._events.document_id(row),
            self._word("annotator", row) or "",
        )

    def _word(self, field: str, row: int) -> str | None:
        return self._words[field].word(getattr(self._events, field)[row])

    def _met(self, field: str, corpus: str | None = None) -> tuple[str, ...]:
        import numpy as np

        rows = self._of(np.flatnonzero(self._stands), corpus, None, None)
        codes = np.flatnonzero(np.bincount(getattr(self._events, field)[rows]))
        return tuple(sorted(self._words[field].words[code] for code in codes))

    def _met_in(self, corpora: Sequence[str], annotator: str | None) -> list["Ints"]:
        """The decisions of each of `corpora`, by name; those of all together where none is named."""
        return [self._of(self._live, corpus, annotator, None) for corpus in sorted(set(corpora)) or (None,)]

    def _of(self, rows: "Ints", corpus: str | None, annotator: str | None, look: int | None) -> "Ints":
        """Those of `rows` that match; None matches everything."""
        wanted = {
            field: self._words[field].find(word)
            for field, word in (("corpus", corpus), ("annotator", annotator))
            if word is not None
        }
        if look is not None:
            wanted["look"] = look
        for field, value in wanted.items():
            matches = getattr(self._events, field)[rows] == value
            if (
                not matches.all()
            ):  # one corpus and one annotator are usual, and a copy of a million rows is not small
                rows = rows[matches]
        return rows

    def _by_category(self, rows: "Ints") -> dict[str, int]:
        import numpy as np

        # Skips have code -1.
        counts = np.bincount(self._events.category[rows] + 1)[1:]
        return {self._words["category"].words[code]: int(counts[code]) for code in np.flatnonzero(counts)}

    def _split(self, rows: "Ints", scheme: CategoryScheme) -> set[str]:
        """Ids of the documents in `rows` whose category was split up."""
        import numpy as np

        gone = [self._words["category"].find(name) for name in scheme.split if scheme.today(name) is None]
        return {self._events.document_id(row) for row in rows[np.isin(self._events.category[rows], gone)]}

    def _decision(self, row: int) -> Decision:
        from corpuscope.ledger.columns import KINDS

        events = self._events
        remark = self._remarks.get(self._remark_key(row))
        reading, tokens, words = events.reading_ms[row], events.tokens[row], events.words[row]
        return Decision(
            event_id=events.event_id(row),
            document_id=events.document_id(row),
            corpus=self._word("corpus", row) or "",
            draw=int(events.draw[row]),
            annotator=self._word("annotator", row) or "",
            look=int(events.look[row]),
            kind=KINDS[events.kind[row]],
            category=self._word("category", row),
            scheme=self._word("scheme", row) or "",
            at=_EPOCH + timedelta(microseconds=int(events.at[row])),
            reading_ms=int(reading) if reading >= 0 else None,
            blind=bool(events.blind[row]),
            note=remark.note if remark else None,
            bookmarked=remark.bookmarked if remark else False,
            dataset=self._word("dataset", row) or "",
            name=self._word("name", row),
            split=self._word("split", row) or "",
            revision=self._word("revision", row) or "",
            shard=self._word("shard", row) or "",
            row=int(events.row[row]),
            probability=float(events.probability[row]),
            tokens=int(tokens) if tokens >= 0 else None,
            characters=int(events.characters[row]),
            words=int(words) if words >= 0 else None,
        )


def _or_nan(numbers: "npt.NDArray[np.int64] | npt.NDArray[np.int32]") -> "npt.NDArray[np.float64]":
    import numpy as np

    values = numbers.astype(np.float64)
    values[numbers < 0] = np.nan
    return values
