"""When a feed retries, and when it excludes a shard or fails."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Waits and limits of a feed."""

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
