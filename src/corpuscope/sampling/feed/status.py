"""What the feed says about itself, and how patient it is."""

from dataclasses import dataclass
from enum import StrEnum


class FeedState(StrEnum):
    """What the feed is doing."""

    OPENING = "opening"
    """Finding out which files the corpus has."""
    STREAMING = "streaming"
    """All is well."""
    RETRYING = "retrying"
    """A fetch failed and is tried again."""
    OFFLINE = "offline"
    """Nothing can be reached; tried again less and less often."""
    EXHAUSTED = "exhausted"
    """The corpus holds no further document; what is ready can still be taken."""
    FAILED = "failed"
    """Ended by a fault that trying again does not mend; what is ready can still be taken."""


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """The feed at one moment."""

    state: FeedState
    """What it is doing."""
    ready: int
    """Documents that can be taken now."""
    message: str = ""
    """One sentence: what failed, which file, what next; "" when all is well. May quote file names."""
    retry_in: float | None = None
    """Seconds until the next try; None when none is waited for."""
    warnings: tuple[str, ...] = ()
    """One sentence for each shard set aside."""
    set_aside: float = 0.0
    """Share of the corpus in shards set aside, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long the feed keeps trying."""

    waits: tuple[float, ...] = (0.05, 0.1, 0.25, 0.5)
    """Seconds before each new try of one document; when they are used up a stand-in is looked for."""
    offline_waits: tuple[float, ...] = (1, 2, 4, 8, 15, 30)
    """Seconds before each new try while nothing can be reached; the last one repeats."""
    max_unreachable: int = 3
    """More shards in a row that cannot be reached mean the network, not the shards; grows with each round."""
    max_unreadable: int = 3
    """So many shards refused before any was read mean the corpus, not the shards."""

    slow: float = 10.0
    """Seconds a fetch may take before the reader who waits for it is told so."""

    def offline_wait(self, rounds: int) -> float:
        """Seconds to wait after `rounds` rounds (from 0) in which nothing could be reached."""
        return self.offline_waits[min(rounds, len(self.offline_waits) - 1)]
