"""Collects garbage in small portions just after a frame, when a reader begins to read, so that no key waits for it."""

import gc
from collections.abc import Callable
from typing import Protocol

from corpuscope.domain.clock import Clock

EVERY_SECONDS = 0.5
"""Between two portions; each goes only through what was made since the one before."""
OLDER_EVERY = 10
"""Every so many portions, what survived the last few is looked at again: a drawn line holds itself by its cache."""
OLDEST_EVERY = 40
"""Every so many, all that was made since the app settled: tens of milliseconds after hours of labelling."""
AFTER_FRAME = 0.02
"""Seconds after a frame: the next document is prepared, and a key that is held down comes later."""
OVERDUE = 2.0
"""Seconds after which a portion no longer waits for that."""


class Timers(Protocol):
    """What an app has."""

    def set_timer(self, delay: float, callback: Callable[[], None]) -> object:
        """Calls back once after so many seconds."""


class GarbageScheduler:
    """Switches automatic collection off and collects between frames instead."""

    def __init__(self, app: Timers, clock: Clock, collect: Callable[[int], object] = gc.collect) -> None:
        """`collect` takes a generation: 0 for the youngest objects, 2 for all that are not set apart."""
        self._app = app
        self._clock = clock
        self._collect_garbage = collect
        self._portions = 0
        self._running = False
        self._waiting = False
        self._last_frame = self._last_portion = clock.monotonic()

    def start(self) -> None:
        """Takes over."""
        gc.disable()
        self._running = True
        self.freeze()

    def freeze(self) -> None:
        """Sets what is there now apart for good: modules, screens, styles. Hardly any of it is garbage."""
        if self._running:
            gc.freeze()

    def frame_painted(self) -> None:
        """A frame was painted."""
        self._last_frame = self._clock.monotonic()
        if self._running and not self._waiting and self._last_frame - self._last_portion >= EVERY_SECONDS:
            self._wait()

    def _wait(self) -> None:
        self._waiting = True
        self._app.set_timer(AFTER_FRAME, self._collect)

    def _collect(self) -> None:
        now = self._clock.monotonic()
        busy = now - self._last_frame < AFTER_FRAME / 2
        if busy and now - self._last_portion < OVERDUE:
            self._wait()
            return
        self._waiting = False
        self._last_portion = now
        self._portions += 1
        self._collect_garbage((self._portions % OLDER_EVERY == 0) + (self._portions % OLDEST_EVERY == 0))

    def stop(self) -> None:
        """Automatic collection again."""
        if self._running:
            gc.enable()
            gc.unfreeze()
            self._running = False
