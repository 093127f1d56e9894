"""Resolve which events still count: those not undone, and the latest decision of each document."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpuscope.domain.label import EventKind
from corpuscope.ledger.read.event_columns import KINDS, EventColumns, Ids, Ints, StringDictionaries, split_id

_LABEL, _SKIP, _UNDO = (KINDS.index(kind) for kind in (EventKind.LABEL, EventKind.SKIP, EventKind.UNDO))
_ADJUDICATE = KINDS.index(EventKind.ADJUDICATE)
_NOTES = [KINDS.index(kind) for kind in (EventKind.NOTE, EventKind.BOOKMARK, EventKind.UNBOOKMARK)]

Mask = npt.NDArray[np.bool_]


def not_undone(events: EventColumns) -> Mask:
    """Mark the events that are not undone. An undo can itself be undone; it always follows its target."""
    undos = np.flatnonzero(events["kind"] == _UNDO)
    undone: set[tuple[int, int]] = set()
    for row in undos[by_event(events, undos)][::-1]:
        if (int(events["event_high"][row]), int(events["event_low"][row])) not in undone:
            undone.add(split_id(events["target_or_note"][row]))
    stands = np.ones(len(events), np.bool_)
    if undone:
        lows = np.array(sorted({low for _, low in undone}), np.uint64)
        for row in np.flatnonzero(_among(events["event_low"], lows)):
            stands[row] = (int(events["event_high"][row]), int(events["event_low"][row])) not in undone
    return stands


def decision_rows(events: EventColumns, stands: Mask) -> Ints:
    """Return the rows of the standing labels and skips, in the order they were read."""
    return np.flatnonzero(((events["kind"] == _LABEL) | (events["kind"] == _SKIP)) & stands)


def note_rows(events: EventColumns, stands: Mask) -> Ints:
    """Return the rows of the standing notes and bookmarks, oldest first."""
    rows = np.flatnonzero(np.isin(events["kind"], _NOTES) & stands)
    return rows[by_event(events, rows)]


def adjudication_rows(events: EventColumns, stands: Mask) -> Ints:
    """Return the rows of the standing final decisions, oldest first."""
    rows = np.flatnonzero((events["kind"] == _ADJUDICATE) & stands)
    return rows[by_event(events, rows)]


def latest_decisions(events: EventColumns, rows: Ints) -> Ints:
    """Return the latest of `rows` for each corpus, document, annotator and look, in the order they were read.

    An event read from two files counts once.
    """
    # Nearly all documents have one event. Equal half ids find the others; ids that share only one half are
    # separated below.
    low = events["document_low"][rows]
    ordered = np.sort(low)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(repeated):
        return rows
    is_repeated = _among(low, repeated)
    candidates = rows[is_repeated]
    event_keys = [column[candidates] for column in (events["event_low"], events["event_high"])]
    group_keys = [
        column[candidates]
        for column in (
            events["look"],
            events["annotator"],
            events["corpus"],
            events["document_low"],
            events["document_high"],
        )
    ]
    order = np.lexsort([*event_keys, *group_keys])
    last = np.ones(len(candidates), np.bool_)
    last[:-1] = np.any([column[order][1:] != column[order][:-1] for column in group_keys], axis=0)
    return np.sort(np.concatenate([rows[~is_repeated], candidates[order][last]]))


def first_answers(events: EventColumns, decided: Ints) -> dict[int, int]:
    """Map each of the `decided` rows to the reader's first answer to that document at that look, if it was another.

    Undone answers count: what was said before the document was disclosed cannot be said again.
    """
    rows = np.flatnonzero((events["kind"] == _LABEL) | (events["kind"] == _SKIP))
    low = events["document_low"][rows]
    ordered = np.sort(low)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(repeated):
        return {}
    candidates = rows[_among(low, repeated)]
    candidates = candidates[by_event(events, candidates)]

    def answer(row: int) -> tuple[int, ...]:
        columns = (
            events["document_high"],
            events["document_low"],
            events["corpus"],
            events["annotator"],
            events["look"],
        )
        return tuple(int(column[row]) for column in columns)

    first: dict[tuple[int, ...], int] = {}
    for row in candidates.tolist():
        first.setdefault(answer(row), row)
    latest = decided[_among(events["document_low"][decided], repeated)].tolist()
    pairs = ((row, first.get(answer(row), row)) for row in latest)
    return {row: other for row, other in pairs if events.event_id(row) != events.event_id(other)}


def by_event(events: EventColumns, rows: Ints) -> Ints:
    """Return the permutation that sorts `rows` by event id."""
    return np.lexsort((events["event_low"][rows], events["event_high"][rows]))


def documents_in(events: EventColumns, rows: Ints) -> int:
    """Count the distinct documents in `rows`, decisions of one corpus."""
    if not any(
        (column[rows[1:]] != column[rows[:1]]).any() for column in (events["annotator"], events["look"])
    ):
        return len(rows)  # one decision per document, and sorting a million rows is slow
    low, high = events["document_low"][rows], events["document_high"][rows]
    order = np.lexsort((low, high))
    low, high = low[order], high[order]
    return 1 + int(((low[1:] != low[:-1]) | (high[1:] != high[:-1])).sum())


def by_draw(events: EventColumns, rows: Ints, dictionaries: StringDictionaries) -> Ints:
    """Return the permutation that sorts `rows` by corpus, draw, document, annotator and look."""
    return np.lexsort(
        (
            events["look"][rows],
            _rank(dictionaries["annotator"].strings)[events["annotator"][rows]],
            events["document_low"][rows],
            events["document_high"][rows],
            events["draw"][rows],
            _rank(dictionaries["corpus"].strings)[events["corpus"][rows]],
        )
    )


def _rank(strings: list[str]) -> Ints:
    """Return the rank of each code when the strings are sorted."""
    ranks = np.empty(len(strings), np.int64)
    ranks[sorted(range(len(strings)), key=strings.__getitem__)] = np.arange(len(strings))
    return ranks


def _among(values: Ids, ordered: Ids) -> Mask:
    """Mark the `values` that are in `ordered`, which is sorted and not empty."""
    positions = np.searchsorted(ordered, values)
    positions[positions == len(ordered)] = 0
    is_member: Mask = ordered[positions] == values
    return is_member
