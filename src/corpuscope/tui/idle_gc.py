"""Collects garbage in small portions while the reader reads, so that no key ever waits for it."""

import gc

from textual.app import App

EVERY_SECONDS = 2.0
"""Between two portions; each goes only through what was made since the one before."""
DEEPER_EVERY = 5
"""Every so many portions, all that survived earlier ones is looked at again: a drawn line holds itself by its cache."""


class IdleCollector:
    """Switches automatic collection off and collects by the app's timer instead."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._portions = 0
        self._running = False

    def start(self) -> None:
        """Takes over."""
        gc.disable()
        self._running = True
        self.settle()
        self._app.set_interval(EVERY_SECONDS, self._collect)

    def settle(self) -> None:
        """Sets what is there now apart for good: modules, screens, styles. Takes tens of milliseconds."""
        gc.collect()
        gc.freeze()

    def _collect(self) -> None:
        self._portions += 1
        gc.collect(0 if self._portions % DEEPER_EVERY else 2)

    def stop(self) -> None:
        """Automatic collection again."""
        if self._running:
            gc.enable()
            gc.unfreeze()
            self._running = False
