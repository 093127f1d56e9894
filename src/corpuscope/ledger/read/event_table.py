"""The events of a ledger, held as columns and words, as rows that can be chosen, counted and told."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from corpuscope.domain.label import EventKind
from corpuscope.ledger.read.records import Decision, DocumentNotes, Final, NotesKey

if TYPE_CHECKING:  # numpy takes a third of the time to the first frame
    from collections.abc import Collection, Iterable

    from corpuscope.ledger.read.event_columns import EventColumns, Ints, StringDictionaries

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EventTable:
    """Knows how events are held, and nothing of which of them count."""

    def __init__(self, events: "EventColumns", dictionaries: "StringDictionaries") -> None:
        self.events = events
        """One entry an event in every column."""
        self.dictionaries = dictionaries
        """What the codes of a column stand for."""

    def string(self, field: str, row: int) -> str | None:
        """What a row says in a column of codes; None where it says nothing."""
        return self.dictionaries[field].string(getattr(self.events, field)[row])

    def strings_in(self, field: str, rows: "Ints") -> tuple[str, ...]:
        """What these rows say in a column of codes, each once, by name."""
        import numpy as np

        codes = np.flatnonzero(np.bincount(getattr(self.events, field)[rows]))
        return tuple(sorted(self.dictionaries[field].strings[code] for code in codes))

    def matching(self, rows: "Ints", corpus: str | None, annotator: str | None, look: int | None) -> "Ints":
        """Those of `rows` that match; None matches everything."""
        wanted = {
            field: self.dictionaries[field].find(word)
            for field, word in (("corpus", corpus), ("annotator", annotator))
            if word is not None
        }
        if look is not None:
            wanted["look"] = look
        for field, value in wanted.items():
            matches = getattr(self.events, field)[rows] == value
            if not matches.all():  # they usually do, and a copy of a million rows is not small
                rows = rows[matches]
        return rows

    def by_category(self, rows: "Ints") -> dict[str, int]:
        """Labels of these rows by category name, as written then."""
        import numpy as np

        # Skips have code -1.
        counts = np.bincount(self.events.category[rows] + 1)[1:]
        return {
            self.dictionaries["category"].strings[code]: int(counts[code]) for code in np.flatnonzero(counts)
        }

    def in_categories(self, rows: "Ints", categories: "Collection[str]") -> "Ints":
        """Those of `rows` whose category, as written then, is one of these."""
        import numpy as np

        codes = [self.dictionaries["category"].find(name) for name in categories]
        return rows[np.isin(self.events.category[rows], codes)]

    def notes_key(self, row: int) -> NotesKey:
        """Whose remark on which document a row belongs to."""
        return (
            self.string("corpus", row) or "",
            self.events.document_id(row),
            self.string("annotator", row) or "",
        )

    def notes(self, rows: "Iterable[int]") -> dict[NotesKey, DocumentNotes]:
        """What notes and bookmarks, given in the order of events, add up to; the last one comes last."""
        from corpuscope.ledger.read.event_columns import KINDS

        events = self.events
        remarks: dict[NotesKey, DocumentNotes] = {}
        for row in rows:
            key = self.notes_key(row)
            before = remarks.pop(key, None)
            note, bookmarked = (before.note, before.bookmarked) if before else (None, False)
            kind = KINDS[events.kind[row]]
            if kind is EventKind.NOTE:
                note = events.target_or_note[row] or None
            else:
                bookmarked = kind is EventKind.BOOKMARK
            corpus, document, annotator = key
            draw = int(events.draw[row])
            remarks[key] = DocumentNotes(
                events.event_id(row), document, corpus, draw, annotator, note, bookmarked
            )
        return {key: remark for key, remark in remarks.items() if remark.note or remark.bookmarked}

    def final(self, row: int) -> Final:
        """A final decision."""
        return Final(
            self.events.event_id(row),
            self.events.document_id(row),
            self.string("corpus", row) or "",
            self.string("annotator", row) or "",
            self.string("category", row) or "",
        )

    def decision(self, row: int, remark: DocumentNotes | None) -> Decision:
        """A label or skip with the remark beside it."""
        from corpuscope.ledger.read.event_columns import KINDS

        events = self.events
        reading, tokens, words = events.reading_ms[row], events.tokens[row], events.words[row]
        return Decision(
            event_id=events.event_id(row),
            document_id=events.document_id(row),
            corpus=self.string("corpus", row) or "",
            draw=int(events.draw[row]),
            annotator=self.string("annotator", row) or "",
            look=int(events.look[row]),
            kind=KINDS[events.kind[row]],
            category=self.string("category", row),
            scheme=self.string("scheme", row) or "",
            at=_EPOCH + timedelta(microseconds=int(events.at[row])),
            reading_ms=int(reading) if reading >= 0 else None,
            blind=bool(events.blind[row]),
            note=remark.note if remark else None,
            bookmarked=remark.bookmarked if remark else False,
            dataset=self.string("dataset", row) or "",
            name=self.string("name", row),
            split=self.string("split", row) or "",
            revision=self.string("revision", row) or "",
            shard=self.string("shard", row) or "",
            row=int(events.row[row]),
            probability=float(events.probability[row]),
            tokens=int(tokens) if tokens >= 0 else None,
            characters=int(events.characters[row]),
            words=int(words) if words >= 0 else None,
        )
