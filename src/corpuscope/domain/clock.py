"""Time and event ids, handed in so that tests own both."""

import os
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Wall-clock time in UTC; may jump backwards."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never run backwards, for durations."""
        return time.monotonic()


class EventIds:
    """UUIDv7 ids that rise strictly, whatever the clock does.

    The 48-bit millisecond stamp never falls below the last one used or `after`; the 12 bits behind it count
    within one millisecond (RFC 9562, 6.2 method 1), the rest is random.
    """

    def __init__(
        self, clock: Clock, after: str | None = None, entropy: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._clock = clock
        self._entropy = entropy
        self._stamp = uuid.UUID(after).int >> 80 if after else 0
        self._count = 0xFFF if after else -1

    def next(self) -> str:
        """A new id, greater than every one before it."""
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
    """A UUIDv7 that the same time and words always give: an event brought in twice is there once.

    It lies among the ids of its millisecond as any other would (RFC 9562, 5.7, with a hash for the random bits).
    """
    from hashlib import blake2b  # only imports come here, and loading it takes milliseconds of every start

    digest = blake2b("\x1f".join(parts).encode(errors="surrogatepass"), digest_size=10).digest()
    bits = int.from_bytes(digest)
    stamp = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    return str(
        uuid.UUID(
            int=stamp << 80 | 0x7 << 76 | (bits >> 64 & 0xFFF) << 64 | 0b10 << 62 | bits & ((1 << 62) - 1)
        )
    )
