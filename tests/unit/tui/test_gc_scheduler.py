"""The garbage scheduler: collections just after frames, and none while frames follow each other closely."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest

from corpuscope.tui.gc_scheduler import (
    AFTER_FRAME,
    EVERY_SECONDS,
    OLDER_EVERY,
    OLDEST_EVERY,
    OVERDUE,
    GarbageScheduler,
)
from makers import SetClock


class Harness:
    """A scheduler whose time, timers and collections a test owns."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.collections: list[int] = []
        self.scheduler = GarbageScheduler(self, self.clock, self.collections.append)

    def set_timer(self, delay: float, callback: Callable[[], None]) -> object:
        self.timers.append((self.clock.seconds + delay, callback))
        return None

    def wait(self, seconds: float) -> None:
        """Let time pass and run the timers that are due."""
        end = self.clock.seconds + seconds
        while due := [timer for timer in self.timers if timer[0] <= end]:
            first = min(due, key=lambda timer: timer[0])
            self.timers.remove(first)
            self.clock.seconds = max(self.clock.seconds, first[0])
            first[1]()
        self.clock.seconds = end

    def frame(self) -> None:
        self.scheduler.frame_painted()


@pytest.fixture
def harness() -> Iterator[Harness]:
    harness = Harness()
    harness.scheduler.start()
    yield harness
    harness.scheduler.stop()
    assert gc.isenabled()


def test_automatic_collection_is_off_until_the_scheduler_stops(harness: Harness) -> None:
    assert not gc.isenabled()
    assert gc.get_freeze_count() > 0
    harness.scheduler.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_collection_follows_a_frame_and_none_happens_without_frames(harness: Harness) -> None:
    harness.wait(60)
    assert harness.collections == []
    harness.frame()
    assert harness.collections == []
    harness.wait(AFTER_FRAME)
    assert harness.collections == [0]


def test_frames_close_together_share_one_collection(harness: Harness) -> None:
    harness.wait(EVERY_SECONDS)
    for _ in range(5):
        harness.frame()
    harness.wait(AFTER_FRAME)
    harness.frame()
    harness.wait(AFTER_FRAME)
    assert harness.collections == [0]
    assert harness.timers == []


def test_a_held_key_delays_the_collection_until_it_is_overdue(harness: Harness) -> None:
    harness.wait(EVERY_SECONDS)
    pause = AFTER_FRAME / 4
    while harness.clock.seconds < OVERDUE - AFTER_FRAME:
        harness.frame()
        harness.wait(pause)
    assert harness.collections == []
    while harness.clock.seconds < OVERDUE + 2 * AFTER_FRAME:
        harness.frame()
        harness.wait(pause)
    assert harness.collections == [0]


def test_older_generations_are_collected_at_longer_intervals(harness: Harness) -> None:
    for _ in range(OLDEST_EVERY):
        harness.wait(EVERY_SECONDS)
        harness.frame()
        harness.wait(AFTER_FRAME)
    older = [1 if n % OLDER_EVERY == 0 else 0 for n in range(1, OLDEST_EVERY)]
    assert harness.collections == [*older, 2]
