"""Collects garbage while the reader reads, so that no key ever waits for it."""

import gc

from textual.app import App

IDLE_SECONDS = 2.0
"""How often a collection may run; one takes a few milliseconds once the start-up objects are frozen."""


class IdleCollector:
    """Switches automatic collection off and collects by the app's timer instead."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._running = False

    def start(self) -> None:
        """Freezes what start-up made and takes over."""
        gc.collect()
        gc.freeze()
        gc.disable()
        self._running = True
        self._app.set_interval(IDLE_SECONDS, self._collect)

    def _collect(self) -> None:
        """Young generations only: they hold what keys leave behind."""
        gc.collect(1)

    def stop(self) -> None:
        """Automatic collection again."""
        if self._running:
            gc.enable()
            gc.unfreeze()
            self._running = False
