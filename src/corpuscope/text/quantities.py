"""Numbers, times and lists in words."""

from __future__ import annotations

from collections.abc import Sequence


def quantity(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 file", "2,000 files"; `plural` is needed where it is not noun + "s"."""
    return f"{count:,} {inflected(count, noun, plural or noun + 's')}"


def inflected(count: int, one: str, many: str) -> str:
    """Return the form of a word that goes with a number: "is" with 1, "are" with 0 and 2."""
    return one if count == 1 else many


def label_pace(seconds: float) -> str:
    """Return the time of one label in words: "9 s", "under 1 s"."""
    return f"{seconds:.0f} s" if seconds >= 1 else "under 1 s"


def duration(minutes: float) -> str:
    """Return a time in words: "a minute", "21 min", "1 h 5 min", "12 h"."""
    whole = round(minutes)
    if minutes < 1:
        return "a minute"
    if whole < 60:
        return f"{whole} min"
    hours, rest = divmod(whole, 60)
    if hours < 10:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(minutes / 60):,} h"


def listed(names: Sequence[str]) -> str:
    """List names in words: "ann, ben and cas"; "" for none."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
