"""The minutes left, the time of reading and the time since the last break."""

from __future__ import annotations

import pytest

from corpuscope.session.pace import Pace, median_seconds
from corpuscope.session.progress import BREAK_SECONDS, IDLE_SECONDS, Progress, ReadingTimer
from makers import SetClock


@pytest.mark.parametrize(
    ("labelled", "pace", "minutes"),
    [(10, 30.0, 5.0), (19, 6.0, 0.1), (20, 30.0, None), (21, 30.0, None), (10, None, None)],
)
def test_minutes_are_left_until_the_target_at_the_present_pace(
    labelled: int, pace: float | None, minutes: float | None
) -> None:
    assert Progress(labelled, 20, None, pace).minutes_left == minutes


def test_a_minute_without_a_key_is_the_most_that_counts_as_reading() -> None:
    clock = SetClock()
    timer = ReadingTimer(clock)
    assert timer.elapsed() is None
    timer.activity()
    timer.start()
    clock.wait(2.5)
    assert timer.elapsed() == 2_500
    clock.wait(IDLE_SECONDS)
    timer.activity()
    clock.wait(IDLE_SECONDS + 30)
    assert timer.elapsed() == 2_500 + 2 * 1_000 * IDLE_SECONDS
    timer.start()
    clock.wait(0.0006)
    assert timer.elapsed() == 1
    timer.stop()
    clock.wait(5)
    assert timer.elapsed() is None


def test_work_is_unbroken_across_documents_until_five_minutes_pass() -> None:
    clock = SetClock()
    timer = ReadingTimer(clock)
    assert timer.unbroken == 0
    timer.start()
    clock.wait(BREAK_SECONDS - 1)
    timer.activity()
    timer.stop()
    clock.wait(10)
    timer.start()
    assert timer.unbroken == BREAK_SECONDS + 9
    clock.wait(BREAK_SECONDS)
    timer.activity()
    assert timer.unbroken == 0


def test_the_pace_is_the_median_of_the_last_labels_that_were_measured() -> None:
    assert median_seconds([1_000, None, 2_000]) is None
    assert median_seconds([9_000, 1_000, None, 2_000]) == 2.0
    assert median_seconds([4_000, 1_000, 3_000, 2_000]) == 3.0
    pace, seconds = Pace(), []
    for times in ([0, None, 1_000, None], [7_000] * 30, [8_000] * 14, [8_000]):
        for time in times:
            pace.add(time)
        seconds.append(pace.seconds)
    assert seconds == [None, 7.0, 7.0, 8.0]
