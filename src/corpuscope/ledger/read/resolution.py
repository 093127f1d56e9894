"""Which events still count: undone ones taken out, the last decision of each document kept, all of it on arrays."""

import numpy as np
import numpy.typing as npt

from corpuscope.domain.label import EventKind
from corpuscope.ledger.read.event_columns import KINDS, EventColumns, Ids, Ints, StringDictionaries, split_id

_LABEL, _SKIP, _UNDO = (KINDS.index(kind) for kind in (EventKind.LABEL, EventKind.SKIP, EventKind.UNDO))
_ADJUDICATE = KINDS.index(EventKind.ADJUDICATE)
_REMARKS = [KINDS.index(kind) for kind in (EventKind.NOTE, EventKind.BOOKMARK, EventKind.UNBOOKMARK)]

Mask = npt.NDArray[np.bool_]


def not_undone(events: EventColumns) -> Mask:
    """Which events are not taken back. An undo can itself be undone; it always comes after its target."""
    undos = np.flatnonzero(events.kind == _UNDO)
    taken_back: set[tuple[int, int]] = set()
    for row in undos[by_event(events, undos)][::-1]:
        if (int(events.event_high[row]), int(events.event_low[row])) not in taken_back:
            taken_back.add(split_id(events.target_or_note[row]))
    stands = np.ones(len(events), np.bool_)
    if taken_back:
        lows = np.array(sorted({low for _, low in taken_back}), np.uint64)
        for row in np.flatnonzero(_among(events.event_low, lows)):
            stands[row] = (int(events.event_high[row]), int(events.event_low[row])) not in taken_back
    return stands


def decision_rows(events: EventColumns, stands: Mask) -> Ints:
    """Rows of the labels and skips that stand, in the order they were read."""
    return np.flatnonzero(((events.kind == _LABEL) | (events.kind == _SKIP)) & stands)


def note_rows(events: EventColumns, stands: Mask) -> Ints:
    """Rows of the notes and bookmarks that stand, oldest first."""
    rows = np.flatnonzero(np.isin(events.kind, _REMARKS) & stands)
    return rows[by_event(events, rows)]


def adjudication_rows(events: EventColumns, stands: Mask) -> Ints:
    """Rows of the final decisions that stand, oldest first."""
    rows = np.flatnonzero((events.kind == _ADJUDICATE) & stands)
    return rows[by_event(events, rows)]


def latest_decisions(events: EventColumns, rows: Ints) -> Ints:
    """Of `rows` the last one of each corpus, document, annotator and look, in the order they were read.

    An event read twice, from two files, counts once.
    """
    # Nearly all documents have one event. Equal halves of ids find the others; who only shares a half is told
    # apart below.
    low = events.document_low[rows]
    ordered = np.sort(low)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(repeated):
        return rows
    several = _among(low, repeated)
    some = rows[several]
    keys = [column[some] for column in (events.event_low, events.event_high)]
    same = [
        column[some]
        for column in (
            events.look,
            events.annotator,
            events.corpus,
            events.document_low,
            events.document_high,
        )
    ]
    order = np.lexsort([*keys, *same])
    last = np.ones(len(some), np.bool_)
    last[:-1] = np.any([column[order][1:] != column[order][:-1] for column in same], axis=0)
    return np.sort(np.concatenate([rows[~several], some[order][last]]))


def by_event(events: EventColumns, rows: Ints) -> Ints:
    """Positions that put `rows` in the order of event ids."""
    return np.lexsort((events.event_low[rows], events.event_high[rows]))


def documents_in(events: EventColumns, rows: Ints) -> int:
    """How many documents of one corpus the decisions in `rows` are about."""
    if not any((column[rows[1:]] != column[rows[:1]]).any() for column in (events.annotator, events.look)):
        return len(rows)  # one decision each, and a million of them are not sorted in no time
    low, high = events.document_low[rows], events.document_high[rows]
    order = np.lexsort((low, high))
    low, high = low[order], high[order]
    return 1 + int(((low[1:] != low[:-1]) | (high[1:] != high[:-1])).sum())


def by_draw(events: EventColumns, rows: Ints, words: StringDictionaries) -> Ints:
    """Positions that put `rows` in the order of corpus, draw, document, annotator and look."""
    return np.lexsort(
        (
            events.look[rows],
            _by_name(words["annotator"].strings)[events.annotator[rows]],
            events.document_low[rows],
            events.document_high[rows],
            events.draw[rows],
            _by_name(words["corpus"].strings)[events.corpus[rows]],
        )
    )


def _by_name(words: list[str]) -> Ints:
    """The place of each code when the words are sorted."""
    places = np.empty(len(words), np.int64)
    places[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
    return places


def _among(values: Ids, ordered: Ids) -> Mask:
    """Which `values` are in `ordered`, which is sorted and not empty."""
    places = np.searchsorted(ordered, values)
    places[places == len(ordered)] = 0
    found: Mask = ordered[places] == values
    return found
