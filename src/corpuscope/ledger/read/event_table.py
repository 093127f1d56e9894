"""Select, count and decode rows of dictionary-encoded events."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from corpuscope.domain.label import EventKind
from corpuscope.ledger.columns import COLUMNS
from corpuscope.ledger.read.event_columns import (
    KINDS,
    EventColumns,
    Ints,
    StringDictionaries,
    document_id,
    event_id,
)
from corpuscope.ledger.read.records import Decision, DocumentNotes, Final, NotesKey

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_NULLABLE = frozenset(column.name for column in COLUMNS if column.nullable)

_DECISION_FIELDS = tuple(field.name for field in fields(Decision))

_BATCH = 1 << 12
"""Decisions decoded together: a column at a time is several times as fast as one value at a time."""


class EventTable:
    """Event columns with their dictionaries; it does not know which events count."""

    def __init__(self, events: EventColumns, dictionaries: StringDictionaries) -> None:
        self.events = events
        """The columns, with one entry per event."""
        self.dictionaries = dictionaries
        """The dictionary of each coded column."""

    def strings_in(self, field: str, rows: Ints) -> tuple[str, ...]:
        """Return the distinct strings of `rows` in a coded column, sorted."""
        codes = np.flatnonzero(np.bincount(self.events[field][rows]))
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
            matches = self.events[field][rows] == value
            if not matches.all():  # usually all match, and copying a million rows is slow
                rows = rows[matches]
        return rows

    def by_category(self, rows: Ints) -> dict[str, int]:
        """Count the labels in `rows` by category, as named then."""
        # Skips have code -1, hence the offset.
        counts = np.bincount(self.events["category"][rows] + 1)[1:]
        return {
            self.dictionaries["category"].strings[code]: int(counts[code]) for code in np.flatnonzero(counts)
        }

    def in_categories(self, rows: Ints, categories: Collection[str]) -> Ints:
        """Return those of `rows` whose category, as named then, is one of `categories`."""
        codes = [self.dictionaries["category"].find(name) for name in categories]
        return rows[np.isin(self.events["category"][rows], codes)]

    def notes(self, rows: Ints) -> dict[NotesKey, DocumentNotes]:
        """Aggregate note and bookmark rows, given oldest first; the entries changed last come last."""
        notes: dict[NotesKey, DocumentNotes] = {}
        for row, key in zip(rows, self._notes_keys(rows), strict=True):
            before = notes.pop(key, None)
            note, bookmarked = (before.note, before.bookmarked) if before else (None, False)
            kind = KINDS[self.events["kind"][row]]
            if kind is EventKind.NOTE:
                note = self.events["target_or_note"][row] or None
            else:
                bookmarked = kind is EventKind.BOOKMARK
            corpus, document, annotator = key
            draw = int(self.events["draw"][row])
            notes[key] = DocumentNotes(
                self.events.event_id(row), document, corpus, draw, annotator, note, bookmarked
            )
        return {key: entry for key, entry in notes.items() if entry.note or entry.bookmarked}

    def finals(self, rows: Ints) -> Iterator[Final]:
        """Yield the final decisions in `rows`."""
        columns = (self.values(rows, field.name) for field in fields(Final))
        return map(Final, *([value or "" for value in values] for values in columns))

    def decisions(self, rows: Ints, notes: Mapping[NotesKey, DocumentNotes]) -> Iterator[Decision]:
        """Yield the labels and skips in `rows`, with their annotators' notes on the documents."""
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            on_documents = [notes.get(key) for key in self._notes_keys(batch)]
            from_notes: dict[str, list[Any]] = {
                "note": [entry.note if entry else None for entry in on_documents],
                "bookmarked": [entry.bookmarked if entry else False for entry in on_documents],
            }
            columns = (
                from_notes[name] if name in from_notes else self.values(batch, name)
                for name in _DECISION_FIELDS
            )
            yield from map(Decision, *columns)

    def values(self, rows: Ints, name: str) -> list[Any]:
        """Decode a column, or the ids of events or documents, in the order of `rows`."""
        if name in ("event_id", "document_id"):
            half = name.removesuffix("_id")
            highs, lows = self.events[f"{half}_high"][rows], self.events[f"{half}_low"][rows]
            return list(map(event_id if half == "event" else document_id, highs.tolist(), lows.tolist()))
        values: list[Any] = self.events[name][rows].tolist()
        if name == "kind":
            return [KINDS[code] for code in values]
        if name == "at":
            return [_EPOCH + timedelta(microseconds=value) for value in values]
        if name in self.dictionaries:
            strings, missing = self.dictionaries[name].strings, None if name in _NULLABLE else ""
            return [strings[code] if code >= 0 else missing for code in values]
        if name in _NULLABLE:
            return [None if value < 0 else value for value in values]
        return values

    def _notes_keys(self, rows: Ints) -> Iterator[NotesKey]:
        """Yield the corpus, document and annotator of each row."""
        return zip(*(self.values(rows, name) for name in ("corpus", "document_id", "annotator")), strict=True)
