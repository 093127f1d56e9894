"""What a check of a study found, in words for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpuscope.errors import CorpuscopeError


class State(StrEnum):
    """What a check says."""

    OK = "ok"
    """All is well."""
    WARNING = "warning"
    """Worth a look; results hold as far as it is known."""
    ERROR = "error"
    """Results do not hold, or labelling will fail."""
    UNKNOWN = "not checked"
    """It cannot be known here and now; the message says why."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    """What: "plan", "ledger", "c4 positions" ..."""
    state: State
    """How it is."""
    message: str
    """One sentence; may quote file names."""
    hint: str = ""
    """What to do; "" when there is nothing to do or the message says it."""


def error_checks(name: str, fault: CorpuscopeError) -> Iterator[Check]:
    """One error for each line of a fault, the last with its hint."""
    *lines, last = fault.message.splitlines() or [""]
    for line in lines:
        yield Check(name, State.ERROR, line)
    yield Check(name, State.ERROR, last, fault.hint)
