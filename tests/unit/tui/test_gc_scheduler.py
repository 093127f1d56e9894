"""Garbage is collected just after frames, in small portions, and never while frames follow each other closely."""

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


class Sitting:
    """A collector whose time, timers and portions a test owns."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.portions: list[int] = []
        self.collector = GarbageScheduler(self, self.clock, self.portions.append)

    def set_timer(self, delay: float, callback: Callable[[], None]) -> object:
        self.timers.append((self.clock.seconds + delay, callback))
        return None

    def wait(self, seconds: float) -> None:
        """Lets time pass, timers with it."""
        end = self.clock.seconds + seconds
        while due := [timer for timer in self.timers if timer[0] <= end]:
            first = min(due, key=lambda timer: timer[0])
            self.timers.remove(first)
            self.clock.seconds = max(self.clock.seconds, first[0])
            first[1]()
        self.clock.seconds = end

    def frame(self) -> None:
        self.collector.frame_painted()


@pytest.fixture
def sitting() -> Iterator[Sitting]:
    made = Sitting()
    made.collector.start()
    yield made
    made.collector.stop()
    assert gc.isenabled()


def test_python_itself_collects_nothing_meanwhile(sitting: Sitting) -> None:
    assert not gc.isenabled()
    assert gc.get_freeze_count() > 0
    sitting.collector.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_portion_comes_a_moment_after_a_frame_and_none_where_nothing_is_painted(sitting: Sitting) -> None:
    sitting.wait(60)
    assert sitting.portions == []
    sitting.frame()
    assert sitting.portions == []
    sitting.wait(AFTER_FRAME)
    assert sitting.portions == [0]


def test_frames_close_together_have_one_portion(sitting: Sitting) -> None:
    sitting.wait(EVERY_SECONDS)
    for _ in range(5):
        sitting.frame()
    sitting.wait(AFTER_FRAME)
    sitting.frame()
    sitting.wait(AFTER_FRAME)
    assert sitting.portions == [0]
    assert sitting.timers == []


def test_a_key_held_down_puts_it_off_until_it_is_overdue(sitting: Sitting) -> None:
    sitting.wait(EVERY_SECONDS)
    pause = AFTER_FRAME / 4
    while sitting.clock.seconds < OVERDUE - AFTER_FRAME:
        sitting.frame()
        sitting.wait(pause)
    assert sitting.portions == []
    while sitting.clock.seconds < OVERDUE + 2 * AFTER_FRAME:
        sitting.frame()
        sitting.wait(pause)
    assert sitting.portions == [0]


def test_what_survives_is_looked_at_again_and_once_in_a_while_everything(sitting: Sitting) -> None:
    for _ in range(OLDEST_EVERY):
        sitting.wait(EVERY_SECONDS)
        sitting.frame()
        sitting.wait(AFTER_FRAME)
    older = [1 if n % OLDER_EVERY == 0 else 0 for n in range(1, OLDEST_EVERY)]
    assert sitting.portions == [*older, 2]
