"""What can be made to go wrong in the stand-in, when, and how often."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FaultKind = Literal["status", "drop", "half", "slow", "hold"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble for requests whose path matches."""

    kind: FaultKind
    """`status` answers with an error, `drop` closes the connection before any answer, `half` cuts the body
    in the middle, `slow` waits before the body, `hold` gives no answer before the faults are cleared."""
    path: str = ""
    """Regular expression searched in "METHOD /path?query"; empty matches every request."""
    status: int = 503
    """The status code of kind `status`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Extra headers of kind `status`, for example Retry-After."""
    seconds: float = 0.0
    """How long kind `slow` waits."""
    after: int = 0
    """How many matching requests are left alone first."""
    times: int | None = None
    """How many matching requests fail then; None for all."""


class Faults:
    """The faults in force; may be changed while requests run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cleared = threading.Condition(self._lock)
        self._seen: dict[int, int] = {}
        self._active: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        """Puts faults in force; the first that matches a request is the one it meets."""
        with self._lock:
            self._active.extend(faults)

    def clear(self) -> None:
        """Ends all trouble."""
        with self._lock:
            self._active.clear()
            self._seen.clear()
            self._cleared.notify_all()

    def hold(self, fault: Fault) -> None:
        """Wait until `fault` is no longer in force, at most a minute."""
        with self._cleared:
            self._cleared.wait_for(lambda: fault not in self._active, timeout=60)

    def meet(self, request: str) -> Fault | None:
        """The fault that the request "METHOD /path?query" meets, counting it; None for none."""
        with self._lock:
            for number, fault in enumerate(self._active):
                if not re.search(fault.path, request):
                    continue
                seen = self._seen.get(number, 0)
                self._seen[number] = seen + 1
                if seen >= fault.after and (fault.times is None or seen < fault.after + fault.times):
                    return fault
            return None
