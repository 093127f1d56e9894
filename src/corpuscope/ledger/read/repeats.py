"""An annotator's first looks beside their second ones."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpuscope.domain.category import CategoryScheme

if TYPE_CHECKING:  # these take a third of the time to the first frame
    from corpuscope.ledger.read.event_columns import EventColumns, Ints, StringDictionaries
    from corpuscope.ledger.read.resolution import Mask

Wanted = Callable[[str, int], bool]
"""Whether the document of a corpus and draw is asked for."""


@dataclass(frozen=True, slots=True)
class FirstLabel:
    """A label of a first look, as far as a second one has to know it."""

    event_id: str
    """The event that decided; the document can be read by it."""
    document_id: str
    """Identity of the document."""
    corpus: str
    """Key of the corpus."""
    draw: int
    """Which draw of the sampling plan brought it."""
    place: int
    """How many documents the annotator had decided before."""


@dataclass(frozen=True, slots=True)
class RepeatStatus:
    """What an annotator has looked at once, and what twice."""

    decided: int
    """Decisions so far, of any look and corpus."""
    last: int | None
    """How many decisions there were before the last second look; None when there is none."""
    unrepeated: tuple[FirstLabel, ...]
    """Labels without a second look that were asked for, in the order they were given."""
    repeated: Mapping[str, str]
    """The documents with a second look, skips included: corpus by document id."""
    categories: Mapping[str, str]
    """What the first look said, under today's name, by document id, for both."""


def repeat_status(
    events: "EventColumns",
    words: "StringDictionaries",
    rows: "Ints",
    scheme: CategoryScheme,
    wanted: Wanted | None,
) -> RepeatStatus:
    """The looks among `rows`, which are the decisions of one annotator in the order of events.

    `wanted` None asks for no label without a second look, which spares a million of them their turn. Skips, and
    labels whose category was split up, are no first looks that a second one could be held against.
    """
    import numpy as np

    keys, names = words["corpus"].strings, [scheme.today(name) for name in words["category"].strings]
    second = dict(_numbered(rows, events.look[rows] == 2))
    twice = {events.document_id(row): keys[events.corpus[row]] for row in second.values()}
    first = (events.look[rows] == 1) & (events.category[rows] >= 0)
    read_again = np.isin(events.document_low[rows], events.document_low[list(second.values())])
    once: list[FirstLabel] = []
    categories: dict[str, str] = {}
    for place, row in _numbered(rows, first if wanted else first & read_again):
        corpus, draw, today = keys[events.corpus[row]], int(events.draw[row]), names[events.category[row]]
        asked = wanted is not None and wanted(corpus, draw)
        if today is None or not (asked or read_again[place]):
            continue
        document = events.document_id(row)
        if document in twice:
            categories[document] = today
        elif asked:
            categories[document] = today
            once.append(FirstLabel(events.event_id(row), document, corpus, draw, place))
    return RepeatStatus(len(rows), max(second, default=None), tuple(once), twice, categories)


def _numbered(rows: "Ints", mask: "Mask") -> Iterator[tuple[int, int]]:
    """Place and row of those in `mask`."""
    places = mask.nonzero()[0]
    return zip(places.tolist(), rows[places].tolist(), strict=True)
