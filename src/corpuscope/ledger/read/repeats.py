"""Find which first looks of an annotator have a blind second look."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey
from corpuscope.ledger.read.event_columns import EventColumns, Ints, StringDictionaries
from corpuscope.ledger.read.records import FirstLabel, RepeatStatus
from corpuscope.ledger.read.resolution import Mask

Wanted = Callable[[str, int], bool]
"""Whether the document of a corpus and draw is eligible for a second look."""


def repeat_status(
    events: EventColumns,
    dictionaries: StringDictionaries,
    rows: Ints,
    scheme: CategoryScheme,
    wanted: Wanted | None,
) -> RepeatStatus:
    """Match first and second looks among `rows`, the decisions of one annotator in the order of events.

    `wanted` selects the labels eligible for a second look; None selects none, which spares a loop over a
    million labels. A skip or a label whose category was split up cannot be compared, so it is not a first
    look.
    """
    keys = dictionaries["corpus"].strings
    names = [scheme.today(name) for name in dictionaries["category"].strings]
    second = dict(_numbered(rows, events["look"][rows] == 2))
    repeated = {(keys[events["corpus"][row]], events.document_id(row)) for row in second.values()}
    first = (events["look"][rows] == 1) & (events["category"][rows] >= 0)
    maybe_repeated = np.isin(events["document_low"][rows], events["document_low"][list(second.values())])
    unrepeated: list[FirstLabel] = []
    categories: dict[DocumentKey, str] = {}
    for place, row in _numbered(rows, first if wanted else first & maybe_repeated):
        corpus, draw, today = (
            keys[events["corpus"][row]],
            int(events["draw"][row]),
            names[events["category"][row]],
        )
        eligible = wanted is not None and wanted(corpus, draw)
        if today is None or not (eligible or maybe_repeated[place]):
            continue
        document = corpus, events.document_id(row)
        if document in repeated:
            categories[document] = today
        elif eligible:
            categories[document] = today
            unrepeated.append(FirstLabel(events.event_id(row), document[1], corpus, draw, place))
    return RepeatStatus(len(rows), max(second, default=None), tuple(unrepeated), repeated, categories)


def _numbered(rows: Ints, mask: Mask) -> Iterator[tuple[int, int]]:
    """Yield position and value of the `rows` in `mask`."""
    places = mask.nonzero()[0]
    return zip(places.tolist(), rows[places].tolist(), strict=True)
