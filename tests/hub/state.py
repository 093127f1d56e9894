"""What the stand-in serves, to whom, how fast, and what was asked of it so far."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from hub.faults import Faults


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was served."""

    method: str
    """GET, HEAD or POST."""
    path: str
    """Path and query."""
    range: str
    """The Range header, "" for none."""
    status: int
    """The status code; 0 when the connection was dropped."""
    sent: int
    """Bytes of the body that were sent."""


@dataclass(slots=True)
class Door:
    """Who may read a dataset."""

    gated: bool = False
    """True when it is visible to all but readable only with a token that was let in."""
    private: bool = False
    """True when it does not seem to exist without such a token."""
    tokens: set[str] = field(default_factory=set)
    """The tokens that are let in."""


class State:
    """Every folder `root/namespace/name` is a dataset at one commit."""

    def __init__(self, root: Path, *, latency: float = 0.0, bandwidth: float | None = None) -> None:
        self.root = root
        self.latency = latency
        """Seconds before each answer."""
        self.bandwidth = bandwidth
        """Bytes a second of the one link all answers share, None for as fast as can be."""
        self.endpoint = ""
        """What HF_ENDPOINT is to be set to."""
        self.storage = ""
        """Address of the server that large files are sent from."""
        self.faults = Faults()
        self.doors: dict[str, Door] = {}
        """By dataset; one that is not here is open."""
        self.writers: dict[str, set[str]] = {}
        """The owners whose datasets a token may make and change, by token."""
        self.uploads: dict[str, bytes] = {}
        """Large files that were sent and belong to no commit yet, by their sha256."""
        self.calls: list[Call] = []
        """Every request so far, in the order they ended."""
        self.busy = 0
        """Requests being answered."""
        self.sent = 0
        """Bytes of bodies sent so far, those of requests being answered included."""
        self._lock = threading.Lock()
        self._free = 0.0

    def settled(self) -> list[Call]:
        """Every request so far, once none is being answered: an answer arrives before its call is noted."""
        deadline = time.monotonic() + 60
        while self.busy:
            assert time.monotonic() < deadline, f"{self.busy} requests are still being answered"
            time.sleep(0.001)
        return list(self.calls)

    def calm(self) -> None:
        """Ends all faults, opens all doors and forgets all calls."""
        self.faults.clear()  # first: a held request is answered only then
        self.settled()
        self.doors.clear()
        self.writers.clear()
        self.uploads.clear()
        self.calls.clear()
        self.sent = 0

    def commit(self, dataset: str) -> str:
        """The commit a dataset is at."""
        return hashlib.sha1(dataset.encode()).hexdigest()

    def begin(self) -> None:
        """A request came in."""
        with self._lock:
            self.busy += 1

    def end(self, call: Call) -> None:
        """A request was answered."""
        with self._lock:
            self.calls.append(call)
            self.busy -= 1

    def pay(self, count: int) -> None:
        """Counts `count` bytes and waits until they have passed the link."""
        with self._lock:
            self.sent += count
            if self.bandwidth is None:
                return
            self._free = max(self._free, time.monotonic()) + count / self.bandwidth
            wait = self._free - time.monotonic()
        if wait > 0:
            time.sleep(wait)
