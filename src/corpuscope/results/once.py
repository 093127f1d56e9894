"""Counts every document once, however many people labelled it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from corpuscope.ledger.read.decisions import Labels


@dataclass(frozen=True, slots=True)
class Once:
    """The labels of one corpus, one a document."""

    labels: Labels
    """One row a document, with the label that counts."""
    shared: int
    """Documents that several people labelled."""
    settled: int
    """Documents that count by a final decision."""


def once(labels: Labels, finals: Mapping[str, str]) -> Once:
    """What counts of each document that has a label.

    That is the final category in `finals` (by document id, under today's name), if there is one; else the
    category that most of its readers gave; where several lead, the one of those that was given first, by the
    order of events.
    """
    if (len(labels.readers) < 2 and not finals) or not len(labels):
        return Once(labels, 0, 0)
    # stable, so that the labels of one document stay in the order they were given
    order = np.lexsort((labels.document_low, labels.document_high))
    high, low, codes = labels.document_high[order], labels.document_low[order], labels.codes[order]
    starts = np.concatenate([[True], (high[1:] != high[:-1]) | (low[1:] != low[:-1])])
    which = np.cumsum(starts) - 1
    size = len(labels.categories)
    votes = np.bincount(which * size + codes, minlength=(which[-1] + 1) * size).reshape(-1, size)
    leads = np.flatnonzero(votes[which, codes] == votes.max(axis=1)[which])
    _, first = np.unique(which[leads], return_index=True)
    winners = leads[first]
    counted = codes[winners]
    settled = 0
    halves = np.array([int(key[16:], 16) for key in finals], np.uint64)
    for document in np.flatnonzero(np.isin(low[winners], halves)):
        row = winners[document]
        final = finals.get(f"{int(high[row]):016x}{int(low[row]):016x}")
        if final in labels.categories:
            counted[document] = labels.categories.index(final)
            settled += 1
    rows = order[winners]
    given = np.argsort(rows)
    return Once(_rows(labels, rows[given], counted[given]), int((np.bincount(which) > 1).sum()), settled)


def _rows(
    labels: Labels, rows: "np.typing.NDArray[np.int64]", codes: "np.typing.NDArray[np.int16]"
) -> Labels:
    """Those rows, with these codes."""
    return replace(
        labels,
        codes=codes,
        **{
            name: getattr(labels, name)[rows]
            for name in (
                *(
                    "tokens",
                    "probabilities",
                    "shards",
                    "rows",
                    "draws",
                    "characters",
                    "words",
                    "reading_ms",
                    "attempts",
                ),
                *("looks", "annotators", "document_high", "document_low"),
            )
        },
    )
