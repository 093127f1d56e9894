"""Progress of a run over a whole corpus: documents, ranks, documents a second and the time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from corpuscope.cli.stderr import say_stderr
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:  # loads datatrove
    from corpuscope.scale.run_folder import Run
    from corpuscope.scale.supervisor import RankEvent

TENTHS = 10
"""Lines that a run prints into a pipe, about."""


class RunProgress:
    """Counts of what the ranks report; `finished` returns the documents of a finished rank."""

    def __init__(
        self,
        run: Run,
        done: dict[int, int],
        finished: Callable[[int], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with the ranks that are `done`, each with its documents."""
        self._run = run
        self._done = dict(done)
        self._finished = finished
        self._before = sum(done.values())
        self._under_way: dict[int, int] = {}
        self._clock = clock
        self._began = clock()

    @property
    def documents(self) -> int:
        """Documents so far, those of earlier starts included."""
        return sum(self._done.values()) + sum(self._under_way.values())

    @property
    def expected(self) -> int | None:
        """Documents of the whole corpus, counted or estimated from the bytes done; None before a rank is finished."""
        files = self._run.listed.files
        if all(file.rows is not None for file in files):
            return sum(file.rows or 0 for file in files)
        done = sum(file.bytes for rank in self._done for file in self._run.files_of(rank))
        return round(sum(self._done.values()) * self._run.listed.bytes / done) if done else None

    @property
    def per_second(self) -> float:
        """Documents a second since this start."""
        return (self.documents - self._before) / max(self._clock() - self._began, 1e-9)

    @property
    def seconds_left(self) -> float | None:
        """Seconds left at this speed; None when not known."""
        expected, speed = self.expected, self.per_second
        return max(0, expected - self.documents) / speed if expected is not None and speed > 0 else None

    def take(self, event: RankEvent) -> None:
        """Count what a rank reports."""
        if event.state == "finished":
            self._done[event.rank] = self._finished(event.rank)
        if event.state == "running":
            self._under_way[event.rank] = event.documents
        else:
            self._under_way.pop(event.rank, None)
        if event.state == "retried":
            say_stderr(f"rank {event.rank} is done again: {event.message}")

    def __str__(self) -> str:
        left = self.seconds_left
        rest = "" if not left else f", {timedelta(seconds=round(left))} left"
        return (
            f"{quantity(self.documents, 'document')}, {len(self._done):,} of {quantity(self._run.tasks, 'rank')}, "
            f"{self.per_second:,.0f} documents a second{rest}"
        )


class ProgressLine:
    """Display of the progress: one line that changes on a terminal, about ten lines in a pipe."""

    def __init__(self, progress: RunProgress) -> None:
        self.progress = progress
        self._status = None
        self._tenth = 0
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True, highlight=False, markup=False).status("starting ...")

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def event(self, event: RankEvent) -> None:
        """Count what a rank reports, and show the progress."""
        self.progress.take(event)
        if self._status is not None:
            self._status.update(str(self.progress))
            return
        expected = self.progress.expected
        tenth = TENTHS * self.progress.documents // expected if expected else 0
        if tenth > self._tenth:
            self._tenth = tenth
            say_stderr(str(self.progress))
