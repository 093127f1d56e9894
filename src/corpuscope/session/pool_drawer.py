"""Draw the pools of a study in the background, during labelling."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from corpuscope.errors import CorpuscopeError
from corpuscope.sampling.feed.status import FeedStatus

_log = logging.getLogger(__name__)

POOL_SIZE = 5_000
"""Documents of a pool unless another number is asked for: twice as many add less than 2 % to what labels are worth."""

BREATH = 0.01
"""Seconds of rest after each document, so that keys are answered as fast as without a pool being drawn."""
PATIENCE = 2.0
"""Seconds to wait for a drawing to end when the app is left."""

PoolDraw = Callable[[str, Callable[[int], None], Callable[[FeedStatus], None]], object]
"""Draws the pool of a corpus, and reports the number of documents and why none arrives."""


@dataclass(frozen=True, slots=True)
class PoolProgress:
    """How far the drawing of a pool is."""

    corpus: str
    """Key of the corpus."""
    drawn: int = 0
    """Documents drawn."""
    size: int = POOL_SIZE
    """Documents that it is to hold."""
    waiting: str = ""
    """Why no document arrives; "" while they do."""
    problem: str = ""
    """Why the drawing ended early; "" when it did not."""
    done: bool = False
    """Whether the drawing has ended."""


class _Stopped(Exception):
    """The app is left."""


class PoolDrawer:
    """Draws pools in a thread of its own, one corpus after another. What was drawn is kept whenever it stops."""

    def __init__(self, draw: PoolDraw) -> None:
        self._draw = draw
        self._progress: tuple[PoolProgress, ...] = ()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def progress(self) -> tuple[PoolProgress, ...]:
        """How far each corpus is, in the order asked for; empty before the first drawing."""
        return self._progress

    @property
    def is_running(self) -> bool:
        """Whether a pool is being drawn."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, corpora: Sequence[str]) -> None:
        """Draw the pools of these corpora; do nothing while others are drawn, and for ones that ended early before."""
        failed = [progress for progress in self._progress if progress.problem]
        wanted = [corpus for corpus in corpora if corpus not in {progress.corpus for progress in failed}]
        if self.is_running or not wanted:
            return
        self._progress = (*failed, *map(PoolProgress, wanted))
        self._thread = threading.Thread(target=self._run, args=(wanted,), name="pool", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the drawing and wait a moment for it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    def _run(self, corpora: Sequence[str]) -> None:
        for corpus in corpora:
            problem = ""
            try:
                self._draw(corpus, partial(self._drew, corpus), partial(self._waits, corpus))
            except _Stopped:
                return
            except CorpuscopeError as fault:
                problem = str(fault)
            except Exception as fault:  # noqa: BLE001  nobody above a thread would report it
                _log.exception("pool of %s", corpus)
                problem = f"{type(fault).__name__}: {fault}"
            self._report(corpus, waiting="", problem=problem, done=True)

    def _drew(self, corpus: str, drawn: int) -> None:
        self._report(corpus, drawn=drawn, waiting="")
        if self._stop.wait(BREATH):
            raise _Stopped

    def _waits(self, corpus: str, status: FeedStatus) -> None:
        self._report(corpus, waiting=status.message)
        if self._stop.is_set():
            raise _Stopped

    def _report(self, corpus: str, **changes: Any) -> None:  # noqa: ANN401  fields of PoolProgress
        self._progress = tuple(
            replace(progress, **changes) if progress.corpus == corpus else progress
            for progress in self._progress
        )
