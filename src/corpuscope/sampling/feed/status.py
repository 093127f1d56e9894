"""The status of a feed and its retry policy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FeedState(StrEnum):
    """The state of a feed."""

    OPENING = "opening"
    """Listing the files of the corpus."""
    STREAMING = "streaming"
    """Fetching without trouble."""
    RETRYING = "retrying"
    """Retrying a failed fetch."""
    OFFLINE = "offline"
    """Nothing can be reached; retries become less frequent."""
    EXHAUSTED = "exhausted"
    """No document is left in the corpus; those that are ready can still be taken."""
    FAILED = "failed"
    """Ended by a permanent fault; documents that are ready can still be taken."""


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """A snapshot of a feed."""

    state: FeedState
    """State of the feed."""
    ready: int
    """Number of documents that can be taken now."""
    message: str = ""
    """One sentence that says what failed, for which file, and what happens next; "" without trouble.

    May quote file names, which are untrusted text.
    """
    retry_in: float | None = None
    """Seconds until the next attempt; None when none is scheduled."""
    warnings: tuple[str, ...] = ()
    """One sentence for each shard excluded as unreadable."""
    notes: tuple[str, ...] = ()
    """One sentence for each choice that was made in reading the files of the corpus."""
    set_aside: float = 0.0
    """Share of the corpus in excluded shards, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When the feed retries, and when it excludes a shard or fails."""

    waits: tuple[float, ...] = (0.05, 0.1, 0.25, 0.5)
    """Seconds before each retry of one document; after the last one a substitute is drawn."""
    offline_waits: tuple[float, ...] = (1, 2, 4, 8, 15, 30)
    """Seconds before each retry while nothing can be reached; the last one repeats."""
    max_unreachable: int = 3
    """Most shards in a row that may be unreachable before the network is at fault; multiplied by the round."""
    max_unreadable: int = 3
    """Number of unreadable shards, before any was read, at which the whole corpus is at fault."""
    slow: float = 10.0
    """Seconds a fetch may take before the status reports it as slow."""

    def offline_wait(self, rounds: int) -> float:
        """Return the seconds to wait after `rounds` earlier rounds in which nothing could be reached."""
        return self.offline_waits[min(rounds, len(self.offline_waits) - 1)]
