"""The suggestion to take a break: when, for how long, and without a word about shares."""

from __future__ import annotations

from corpuscope.session.fatigue import LONG_STRETCH, FatigueMonitor
from corpuscope.session.progress import BREAK_SECONDS, ReadingTimer
from makers import SetClock


def read(
    monitor: FatigueMonitor, count: int, milliseconds: int, category: str = "News", start: int = 0
) -> list[str]:
    """Label `count` documents; return the suggestion after each."""
    suggestions = []
    for i in range(count):
        # times and categories vary a little, as real ones do
        other = "Forum" if i % 3 == 0 else category
        monitor.add(f"event {start + i}", milliseconds + 10 * (i % 7), other)
        monitor.evaluate(0.0)
        suggestions.append(monitor.text)
    return suggestions


def test_a_steady_session_gets_no_suggestion() -> None:
    assert set(read(FatigueMonitor(), 300, 8_000)) == {""}


def test_a_faster_pace_is_mentioned_once_and_for_a_few_labels() -> None:
    monitor = FatigueMonitor()
    assert set(read(monitor, 60, 9_000)) == {""}
    suggestions = read(monitor, 60, 2_000, start=60)
    texts = [text for text in suggestions if text]
    assert len(set(texts)) == 1
    assert "x faster than earlier: a good moment for a break" in texts[0]
    assert len(texts) == 5 + 1
    assert suggestions.index(texts[0]) % 10 == 9


def test_a_slower_pace_is_mentioned_with_its_factor() -> None:
    monitor = FatigueMonitor()
    read(monitor, 60, 2_000)
    texts = {text for text in read(monitor, 30, 9_000, start=60) if text}
    assert texts == {"you are labelling 4.4x slower than earlier: a good moment for a break"}


def test_a_session_longer_than_what_is_kept_is_still_tested_every_tenth_label() -> None:
    monitor = FatigueMonitor()
    assert set(read(monitor, 503, 9_000)) == {""}
    suggestions = read(monitor, 60, 2_000, start=503)
    first = next(index for index, text in enumerate(suggestions) if text)
    assert (503 + first + 1) % 10 == 0


def test_a_changed_use_of_categories_is_mentioned_without_naming_any() -> None:
    monitor = FatigueMonitor()
    read(monitor, 60, 9_000)
    suggestions = {text for text in read(monitor, 60, 9_000, "Creative", start=60) if text}
    assert suggestions == {"your category mix has shifted lately: a good moment for a break"}


def test_a_long_stretch_without_a_break_is_mentioned_and_a_break_ends_it() -> None:
    monitor = FatigueMonitor()
    monitor.evaluate(LONG_STRETCH - 1)
    assert monitor.text == ""
    monitor.evaluate(LONG_STRETCH + 1)
    assert monitor.text == "50 minutes without a break: a good moment for one"
    monitor.evaluate(10.0)
    assert monitor.text == ""
    monitor.evaluate(2 * LONG_STRETCH)
    assert monitor.text.startswith("100 minutes")


def test_a_stretch_is_mentioned_at_its_end_and_only_once() -> None:
    monitor = FatigueMonitor()
    monitor.evaluate(LONG_STRETCH)
    assert monitor.text == "50 minutes without a break: a good moment for one"
    for number in range(6):
        monitor.add(f"event {number}", 9_000, "News")
        monitor.evaluate(LONG_STRETCH + 1)
    assert monitor.text == ""


def test_an_undone_label_does_not_count() -> None:
    monitor = FatigueMonitor()
    read(monitor, 59, 9_000)
    for i in range(60):
        monitor.add(f"undone {i}", 100, "Creative")
        monitor.take_back(f"undone {i}")
    assert set(read(monitor, 60, 9_000, start=59)) == {""}


def test_only_five_minutes_without_activity_are_a_break() -> None:
    clock = SetClock()
    timer = ReadingTimer(clock)
    assert timer.unbroken == 0.0
    timer.start()
    clock.wait(BREAK_SECONDS - 1)
    timer.activity()
    assert timer.unbroken == BREAK_SECONDS - 1
    timer.stop()
    timer.start()
    clock.wait(BREAK_SECONDS)
    timer.activity()
    clock.wait(7)
    assert timer.unbroken == 7
