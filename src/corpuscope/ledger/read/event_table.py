"""Select, count and decode rows of dictionary-encoded events."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

import numpy as np

from corpuscope.domain.label import EventKind
from corpuscope.ledger.read.event_columns import KINDS, EventColumns, Ints, StringDictionaries
from corpuscope.ledger.read.records import Decision, DocumentNotes, Final, NotesKey

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EventTable:
    """Event columns with their dictionaries; it does not know which events count."""

    def __init__(self, events: EventColumns, dictionaries: StringDictionaries) -> None:
        self.events = events
        """The columns, with one entry per event."""
        self.dictionaries = dictionaries
        """The dictionary of each coded column."""

    def string(self, field: str, row: int) -> str | None:
        """Decode one entry of a coded column; None for null."""
        return self.dictionaries[field].string(getattr(self.events, field)[row])

    def strings_in(self, field: str, rows: Ints) -> tuple[str, ...]:
        """Return the distinct strings of `rows` in a coded column, sorted."""
        codes = np.flatnonzero(np.bincount(getattr(self.events, field)[rows]))
        return tuple(sorted(self.dictionaries[field].strings[code] for code in codes))

    def matching(self, rows: Ints, corpus: str | None, annotator: str | None, look: int | None) -> Ints:
        """Return those of `rows` that match; None matches everything."""
        criteria = {
            field: self.dictionaries[field].find(string)
            for field, string in (("corpus", corpus), ("annotator", annotator))
            if string is not None
        }
        if look is not None:
            criteria["look"] = look
        for field, value in criteria.items():
            matches = getattr(self.events, field)[rows] == value
            if not matches.all():  # usually all match, and copying a million rows is slow
                rows = rows[matches]
        return rows

    def by_category(self, rows: Ints) -> dict[str, int]:
        """Count the labels in `rows` by category, as named then."""
        # Skips have code -1, hence the offset.
        counts = np.bincount(self.events.category[rows] + 1)[1:]
        return {
            self.dictionaries["category"].strings[code]: int(counts[code]) for code in np.flatnonzero(counts)
        }

    def in_categories(self, rows: Ints, categories: Collection[str]) -> Ints:
        """Return those of `rows` whose category, as named then, is one of `categories`."""
        codes = [self.dictionaries["category"].find(name) for name in categories]
        return rows[np.isin(self.events.category[rows], codes)]

    def notes_key(self, row: int) -> NotesKey:
        """Return the corpus, document and annotator of a row."""
        return (
            self.string("corpus", row) or "",
            self.events.document_id(row),
            self.string("annotator", row) or "",
        )

    def notes(self, rows: Iterable[int]) -> dict[NotesKey, DocumentNotes]:
        """Aggregate note and bookmark rows, given oldest first; the entries changed last come last."""
        events = self.events
        notes: dict[NotesKey, DocumentNotes] = {}
        for row in rows:
            key = self.notes_key(row)
            before = notes.pop(key, None)
            note, bookmarked = (before.note, before.bookmarked) if before else (None, False)
            kind = KINDS[events.kind[row]]
            if kind is EventKind.NOTE:
                note = events.target_or_note[row] or None
            else:
                bookmarked = kind is EventKind.BOOKMARK
            corpus, document, annotator = key
            draw = int(events.draw[row])
            notes[key] = DocumentNotes(
                events.event_id(row), document, corpus, draw, annotator, note, bookmarked
            )
        return {key: entry for key, entry in notes.items() if entry.note or entry.bookmarked}

    def final(self, row: int) -> Final:
        """Build the final decision in a row."""
        return Final(
            self.events.event_id(row),
            self.events.document_id(row),
            self.string("corpus", row) or "",
            self.string("annotator", row) or "",
            self.string("category", row) or "",
        )

    def decision(self, row: int, notes: DocumentNotes | None) -> Decision:
        """Build the label or skip in a row, with its annotator's notes on the document."""
        events = self.events
        reading_ms, tokens, words = events.reading_ms[row], events.tokens[row], events.words[row]
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
            reading_ms=int(reading_ms) if reading_ms >= 0 else None,
            blind=bool(events.blind[row]),
            note=notes.note if notes else None,
            bookmarked=notes.bookmarked if notes else False,
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
