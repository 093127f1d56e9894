"""When to suggest a pause: the reader has changed, or has not looked up for long."""

from collections import deque
from dataclasses import dataclass

from corpuscope.stats.drift import Drift, drift

DRIFT_EVERY = 10
"""Labels after which drift is looked for again."""
SHOWN_FOR = 5
"""Labels for which a suggestion is to be seen."""
MAX_LABELS = 500
"""Labels of the sitting that are remembered."""
LONG_STRETCH = 50 * 60.0
"""Seconds without a break after which a pause is suggested, and again after every so many more."""


@dataclass(frozen=True, slots=True)
class _TimedLabel:
    event_id: str
    milliseconds: int | None
    category: str


class FatigueMonitor:
    """Watches one sitting; what it says is never more than a few words on a line."""

    def __init__(self) -> None:
        self._labels: deque[_TimedLabel] = deque(maxlen=MAX_LABELS)
        self._text = ""
        self._since = 0
        self._evaluated = True
        self._stretches = 0

    def add(self, event_id: str, milliseconds: int | None, category: str) -> None:
        """One more label."""
        self._labels.append(_TimedLabel(event_id, milliseconds, category))
        self._since += 1
        self._evaluated = False
        if self._since > SHOWN_FOR:
            self._text = ""

    def take_back(self, event_id: str) -> None:
        """The latest label does not count."""
        if self._labels and self._labels[-1].event_id == event_id:
            self._labels.pop()

    def evaluate(self, unbroken: float) -> None:
        """Thinks anew; `unbroken` seconds have passed since the last break. Called while the reader reads."""
        stretches = int(unbroken // LONG_STRETCH)
        if stretches < self._stretches:  # a break
            self._text = ""
        elif stretches > self._stretches:
            self._say(f"{unbroken / 60:.0f} minutes without a break: a good moment for one")
        self._stretches = stretches
        if self._evaluated or len(self._labels) % DRIFT_EVERY:
            return
        self._evaluated = True
        found = drift([each.milliseconds for each in self._labels], [each.category for each in self._labels])
        if words := _words(found):
            self._say(f"{words}: a good moment for a break")
            self._labels.clear()  # the next look is at what comes after

    @property
    def text(self) -> str:
        """What to say; "" for nothing."""
        return self._text

    def _say(self, text: str) -> None:
        self._text, self._since = text, 0


def _words(found: Drift) -> str:
    """Without a category or a share: those would be what they warn of."""
    if found.speed is None:
        return "lately you use the categories otherwise than before" if found.mix else ""
    if found.speed < 1:
        return f"lately you are {1 / found.speed:.1f} times as fast as before"
    return f"lately you take {found.speed:.1f} times as long as before"
