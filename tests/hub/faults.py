"""Faults that tests can inject into the stand-in of the Hub."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FaultKind = Literal["status", "drop", "half", "shift", "slow", "hold"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault for the requests whose path matches."""

    kind: FaultKind
    """`status` answers with an error, `drop` closes the connection before any answer, `half` cuts the body
    in the middle, `shift` sends the range of bytes after that asked for, `slow` waits before the body, and `hold`
    gives no answer before the faults are cleared."""
    path: str = ""
    """Regular expression searched in "METHOD /path?query"; empty matches every request."""
    status: int = 503
    """Status code of kind `status`."""
    body: bytes = b"injected fault"
    """Body of kind `status`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Extra headers of kind `status`, for example Retry-After."""
    seconds: float = 0.0
    """Seconds that kind `slow` waits."""
    after: int = 0
    """Number of matching requests that succeed first."""
    times: int | None = None
    """Number of matching requests that fail then; None for all."""


class Faults:
    """The active faults, which may change while requests run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cleared = threading.Condition(self._lock)
        self._matched: dict[int, int] = {}
        self._active: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        """Activate faults. A request meets the first of them that matches."""
        with self._lock:
            self._active.extend(faults)

    def clear(self) -> None:
        """Deactivate all faults."""
        with self._lock:
            self._active.clear()
            self._matched.clear()
            self._cleared.notify_all()

    def hold(self, fault: Fault) -> None:
        """Wait until `fault` is no longer active, for at most a minute."""
        with self._cleared:
            self._cleared.wait_for(lambda: fault not in self._active, timeout=60)

    def next_fault(self, request: str) -> Fault | None:
        """Count the request "METHOD /path?query" and return the fault it meets; None for none."""
        with self._lock:
            for number, fault in enumerate(self._active):
                if not re.search(fault.path, request):
                    continue
                matched = self._matched.get(number, 0)
                self._matched[number] = matched + 1
                if matched >= fault.after and (fault.times is None or matched < fault.after + fault.times):
                    return fault
            return None
