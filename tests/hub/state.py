"""State of the stand-in: its datasets, who may read them, its speed and the requests so far."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.faults import Faults


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was served."""

    method: str
    """GET, HEAD or POST."""
    path: str
    """Path and query."""
    range: str
    """The Range header; "" for none."""
    status: int
    """Status code; 0 when the connection was dropped."""
    sent: int
    """Number of bytes of the body that were sent."""
    port: int = 0
    """Port that was asked: that of the Hub or that of storage."""
    token: bool = False
    """Whether the request carried a token."""
    agent: str = ""
    """The User-Agent."""
    number: int = 0
    """How many requests began before it."""

    @property
    def is_api(self) -> bool:
        """Whether the call counts against the Hub's limit of API calls."""
        return self.path.startswith("/api/") and not self.path.startswith("/api/resolve-cache/")


@dataclass(slots=True)
class Access:
    """Restrictions on reading a dataset."""

    gated: bool = False
    """Whether the dataset is visible to all but readable only with an admitted token."""
    private: bool = False
    """Whether the dataset seems not to exist without an admitted token."""
    tokens: set[str] = field(default_factory=set)
    """Admitted tokens."""


class State:
    """The datasets under `root`. Each folder `root/namespace/name` is a dataset at one commit."""

    def __init__(self, root: Path, *, latency: float = 0.0, bandwidth: float | None = None) -> None:
        self.root = root
        self.latency = latency
        """Seconds before each answer."""
        self.bandwidth = bandwidth
        """Bytes per second of the link that all answers share; None for no limit."""
        self.endpoint = ""
        """Value for HF_ENDPOINT."""
        self.storage = ""
        """Address of the server that sends large files."""
        self.expires_in = 3600.0
        """Seconds for which a signed address of storage is valid."""
        self.api_limit: int | None = None
        """API calls after which the Hub answers 429; None for no limit."""
        self.original = ""
        """Address in `Link` headers instead of the own one, as of a mirror that passes them on; "" for the own one."""
        self.sends_to = ""
        """Another Hub that this one redirects files to instead of storage; "" for none."""
        self.several_ranges = True
        """Whether storage sends several ranges in one answer, as CloudFront does, or the whole file, as S3 does."""
        self.frozen = False
        """Whether the files stay as they are, so that a large folder is read from disk once."""
        self.faults = Faults()
        self.access: dict[str, Access] = {}
        """Restrictions by dataset. A dataset without an entry is public."""
        self.writers: dict[str, set[str]] = {}
        """By token, the owners whose datasets it may create and change."""
        self.uploads: dict[str, bytes] = {}
        """Large files that were uploaded but belong to no commit yet, by their sha256."""
        self.calls: list[Call] = []
        """Every request so far, in the order in which they ended."""
        self.api_calls_begun = 0
        """Number of API calls so far, including those being answered."""
        self.listings: dict[tuple[Path, bool], list[dict[str, Any]]] = {}
        """Entries of the folders that were read from disk, while `frozen`."""
        self.busy = 0
        """Number of requests being answered."""
        self._begun = 0
        self.sent = 0
        """Bytes of bodies sent so far, including those of requests being answered."""
        self._lock = threading.Lock()
        self._free = 0.0

    def finished_calls(self) -> list[Call]:
        """Return every call in the order of their beginnings, once none is being answered.

        An answer may arrive before its call is logged.
        """
        deadline = time.monotonic() + 60
        while self.busy:
            assert time.monotonic() < deadline, f"{self.busy} requests are still being answered"
            time.sleep(0.001)
        return sorted(self.calls, key=lambda call: call.number)

    def reset(self) -> None:
        """Remove all faults and restrictions and forget all calls."""
        self.faults.clear()  # first, since held requests are answered only then
        self.expires_in, self.api_limit, self.original, self.sends_to = 3600.0, None, "", ""
        self.several_ranges = True
        self.finished_calls()
        self.access.clear()
        self.writers.clear()
        self.uploads.clear()
        self.calls.clear()
        self.api_calls_begun = 0
        self.sent = 0

    def api_calls(self) -> int:
        """Return the number of calls so far that count against the Hub's limit."""
        return sum(call.is_api for call in self.finished_calls())

    def commit(self, dataset: str) -> str:
        """Return the commit of a dataset."""
        return hashlib.sha1(dataset.encode()).hexdigest()

    def start_call(self, path: str) -> int:
        """Count a request as being answered, and return how many began before it."""
        with self._lock:
            self.busy += 1
            self._begun += 1
            self.api_calls_begun += path.startswith("/api/") and not path.startswith("/api/resolve-cache/")
            return self._begun - 1

    def finish_call(self, call: Call) -> None:
        """Log a request that was answered."""
        with self._lock:
            self.calls.append(call)
            self.busy -= 1

    def throttle(self, count: int) -> None:
        """Count `count` bytes and wait until the link has transferred them."""
        with self._lock:
            self.sent += count
            if self.bandwidth is None:
                return
            self._free = max(self._free, time.monotonic()) + count / self.bandwidth
            wait = self._free - time.monotonic()
        if wait > 0:
            time.sleep(wait)
