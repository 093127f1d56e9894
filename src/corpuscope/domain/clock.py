"""Clocks and event ids, injected so that tests control both."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Return the wall-clock time in UTC, which may jump backwards."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for measuring durations."""
        return time.monotonic()


class EventIds:
    """A generator of strictly increasing UUIDv7 ids, whatever the clock does.

    The 48-bit millisecond timestamp never falls below the last one used, nor below that of `after`. The next
    12 bits count within one millisecond (RFC 9562, 6.2 method 1). The rest is random.
    """

    def __init__(
        self, clock: Clock, after: str | None = None, entropy: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._clock = clock
        self._entropy = entropy
        self._stamp = uuid.UUID(after).int >> 80 if after else 0
        self._count = 0xFFF if after else -1

    def next(self) -> str:
        """Return a new id, greater than all earlier ones."""
        stamp = int(self._clock.now().timestamp() * 1000)
        if stamp > self._stamp:
            self._stamp, self._count = stamp, 0
        else:
            self._count += 1
            if self._count > 0xFFF:
                self._stamp, self._count = self._stamp + 1, 0
        random = int.from_bytes(self._entropy(8)) & ((1 << 62) - 1)
        return str(uuid.UUID(int=self._stamp << 80 | 0x7 << 76 | self._count << 64 | 0b10 << 62 | random))


def derived_id(at: datetime, *parts: str) -> str:
    """Return a UUIDv7 that depends only on the time and the strings, so that importing an event twice adds it once.

    It sorts among the ids of its millisecond like any other (RFC 9562, 5.7, with a hash for the random bits).
    """
    from hashlib import blake2b  # loading hashlib takes milliseconds, and only imports of labels need it

    digest = blake2b("\x1f".join(parts).encode(errors="surrogatepass"), digest_size=10).digest()
    bits = int.from_bytes(digest)
    stamp = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    return str(
        uuid.UUID(
            int=stamp << 80 | 0x7 << 76 | (bits >> 64 & 0xFFF) << 64 | 0b10 << 62 | bits & ((1 << 62) - 1)
        )
    )
