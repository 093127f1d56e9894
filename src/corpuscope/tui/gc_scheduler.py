"""Garbage collection in small steps just after a frame, when the annotator begins to read, so that no key waits."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Protocol

from corpuscope.domain.clock import Clock

EVERY_SECONDS = 0.5
"""Seconds between two collections; each goes only through objects made since the one before."""
OLDER_EVERY = 10
"""Collections between two that include generation 1, objects that outlived one collection."""
OLDEST_EVERY = 40
"""Collections between two that include generation 2, all objects since the freeze.

Such a collection takes tens of milliseconds after hours of labelling.
"""
AFTER_FRAME = 0.02
"""Seconds to wait after a frame: by then the next document is prepared, and a held key has not repeated yet."""
OVERDUE = 2.0
"""Seconds since the last collection after which the next one no longer waits for an idle moment."""


class Timers(Protocol):
    """The part of an app that schedules a callback."""

    def set_timer(self, delay: float, callback: Callable[[], None]) -> object:
        """Call `callback` once after `delay` seconds."""


class GarbageScheduler:
    """Switch automatic garbage collection off and collect between frames instead."""

    def __init__(self, app: Timers, clock: Clock, collect: Callable[[int], object] = gc.collect) -> None:
        """Prepare a scheduler that does nothing before `start`.

        `collect` takes a generation: 0 for the youngest objects, 2 for all objects that are not frozen.
        """
        self._app = app
        self._clock = clock
        self._collect_garbage = collect
        self._portions = 0
        self._running = False
        self._waiting = False
        self._last_frame = self._last_portion = clock.monotonic()

    def start(self) -> None:
        """Turn automatic collection off and freeze the objects loaded so far."""
        gc.disable()
        self._running = True
        self.freeze()

    def freeze(self) -> None:
        """Exempt all present objects from collection: modules, screens, styles. Hardly any of them is garbage."""
        if self._running:
            gc.freeze()

    def frame_painted(self) -> None:
        """Note that a frame was painted, and schedule a collection when one is due."""
        self._last_frame = self._clock.monotonic()
        if self._running and not self._waiting and self._last_frame - self._last_portion >= EVERY_SECONDS:
            self._wait()

    def _wait(self) -> None:
        self._waiting = True
        self._app.set_timer(AFTER_FRAME, self._collect)

    def _collect(self) -> None:
        """Collect now, or wait again when another frame was painted meanwhile."""
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
        """Turn automatic collection on again."""
        if self._running:
            gc.enable()
            gc.unfreeze()
            self._running = False
