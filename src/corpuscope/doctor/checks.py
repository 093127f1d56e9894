"""The result of one check of a study, in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpuscope.errors import CorpuscopeError


class State(StrEnum):
    """The outcome of a check."""

    OK = "ok"
    """Nothing is wrong."""
    WARNING = "warning"
    """Worth a look; the results hold as far as this check can tell."""
    ERROR = "error"
    """The results do not hold, or labelling will fail."""
    UNKNOWN = "not checked"
    """The check was not possible; the message says why."""


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    name: str
    """What was checked: "plan", "ledger", "c4 positions" ..."""
    state: State
    """The outcome."""
    message: str
    """One sentence; may quote file names."""
    hint: str = ""
    """What to do about it; "" when there is nothing to do or the message says it."""


def error_checks(name: str, fault: CorpuscopeError) -> Iterator[Check]:
    """Yield one error for each line of the fault's message; the last one carries its hint."""
    *lines, last = fault.message.splitlines() or [""]
    for line in lines:
        yield Check(name, State.ERROR, line)
    yield Check(name, State.ERROR, last, fault.hint)
