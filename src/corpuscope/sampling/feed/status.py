"""The status of a feed."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


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


class FeedStatus(NamedTuple):
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
