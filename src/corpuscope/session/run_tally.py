"""Count what an annotator did in one run of the app, for the line printed when it ends."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from corpuscope.session.pace import median_seconds

if TYPE_CHECKING:  # a tally is made before the first frame, and an event comes after it
    from corpuscope.domain.document import DocumentKey
    from corpuscope.domain.label import Event


class _Decision(NamedTuple):
    document: tuple[DocumentKey, int]
    """The document, and the look at it."""
    corpus: str
    labels: bool
    """Whether it is a label; a skip if not."""
    reading_ms: int | None


class RunTally:
    """Counts of the events of one run. What was undone does not count."""

    def __init__(self) -> None:
        self._decisions: dict[str, _Decision] = {}
        self._bookmarked: set[DocumentKey] = set()
        self._noted: set[DocumentKey] = set()
        self._first: datetime | None = None
        self._last: datetime | None = None

    def add(self, event: Event) -> None:
        """Count an event that is durable."""
        from corpuscope.domain.label import EventKind

        self._first, self._last = self._first or event.at, event.at
        document = event.document.key
        if event.kind in (EventKind.LABEL, EventKind.SKIP):
            self._decisions[event.id] = _Decision(
                (document, event.look), event.document.corpus, event.kind is EventKind.LABEL, event.reading_ms
            )
        elif event.kind is EventKind.UNDO and event.target:
            self._decisions.pop(event.target, None)
        elif event.kind is EventKind.BOOKMARK:
            self._bookmarked.add(document)
        elif event.kind is EventKind.UNBOOKMARK:
            self._bookmarked.discard(document)
        elif event.kind is EventKind.NOTE:
            (self._noted.add if event.note else self._noted.discard)(document)

    @property
    def labels(self) -> Counter[str]:
        """Number of documents labelled by corpus key, each look once."""
        return Counter(decision.corpus for decision in self._standing if decision.labels)

    @property
    def skipped(self) -> int:
        """Number of documents skipped."""
        return sum(not decision.labels for decision in self._standing)

    @property
    def bookmarked(self) -> int:
        """Number of documents bookmarked."""
        return len(self._bookmarked)

    @property
    def noted(self) -> int:
        """Number of documents with a new note."""
        return len(self._noted)

    @property
    def minutes(self) -> float:
        """Minutes from the first event to the last one, with the reading before the first."""
        if self._first is None or self._last is None:
            return 0.0
        before = next((d.reading_ms or 0 for d in self._decisions.values()), 0) / 1000
        return ((self._last - self._first).total_seconds() + before) / 60

    @property
    def pace(self) -> float | None:
        """Median seconds per label; None below three."""
        return median_seconds(decision.reading_ms for decision in self._standing if decision.labels)

    @property
    def _standing(self) -> list[_Decision]:
        """The last decision on each document and look."""
        return list({decision.document: decision for decision in self._decisions.values()}.values())
