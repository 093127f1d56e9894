"""The monitor that suggests a break when the annotator drifts or has worked too long."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from corpuscope.stats.drift import Drift, drift

DRIFT_EVERY = 10
"""Number of labels between two tests for drift."""
SHOWN_FOR = 5
"""Number of labels for which a suggestion stays visible."""
MAX_LABELS = 500
"""Number of labels of the session that are kept for the test."""
LONG_STRETCH = 50 * 60.0
"""Seconds without a break after which one is suggested, each time they have passed again."""


@dataclass(frozen=True, slots=True)
class _TimedLabel:
    event_id: str
    milliseconds: int | None
    category: str


class FatigueMonitor:
    """Watches the speed and the category mix of one session, and suggests breaks in a few words."""

    def __init__(self) -> None:
        self._labels: deque[_TimedLabel] = deque(maxlen=MAX_LABELS)
        self._count = 0
        self._text = ""
        self._since = 0
        self._evaluated = True
        self._stretches = 0

    def add(self, event_id: str, milliseconds: int | None, category: str) -> None:
        """Add a label; `milliseconds` is its reading time, None when it was not measured."""
        self._labels.append(_TimedLabel(event_id, milliseconds, category))
        self._count += 1
        self._since += 1
        self._evaluated = False
        if self._since > SHOWN_FOR:
            self._text = ""

    def take_back(self, event_id: str) -> None:
        """Remove the latest label if it is this event."""
        if self._labels and self._labels[-1].event_id == event_id:
            self._labels.pop()
            self._count -= 1

    def evaluate(self, unbroken: float) -> None:
        """Re-evaluate after `unbroken` seconds without a break. Called while a document is being read."""
        stretches = int(unbroken // LONG_STRETCH)
        if stretches < self._stretches:  # a break
            self._text = ""
        elif stretches > self._stretches:
            self._suggest(f"{unbroken / 60:.0f} minutes without a break: a good moment for one")
        self._stretches = stretches
        if self._evaluated or self._count % DRIFT_EVERY:
            return
        self._evaluated = True
        times = [label.milliseconds for label in self._labels]
        if words := _describe(drift(times, [label.category for label in self._labels])):
            self._suggest(f"{words}: a good moment for a break")
            self._labels.clear()  # the next test starts afresh

    @property
    def text(self) -> str:
        """The suggestion; "" for none."""
        return self._text

    def _suggest(self, text: str) -> None:
        self._text, self._since = text, 0


def _describe(change: Drift) -> str:
    """Describe a drift without a category or a share, which would bias the annotator; "" for none."""
    if change.speed is None:
        return "your category mix has shifted lately" if change.mix else ""
    if change.speed < 1:
        return f"you are labelling {1 / change.speed:.1f}x faster than earlier"
    return f"you are labelling {change.speed:.1f}x slower than earlier"
