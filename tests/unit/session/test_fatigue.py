"""A quiet suggestion to pause: when, for how long, and without a word about shares."""

from corpuscope.session.fatigue import DRIFT_EVERY, LONG_STRETCH, SHOWN_FOR, FatigueMonitor
from corpuscope.session.progress import BREAK_SECONDS, ReadingTimer
from makers import SetClock


def read(
    advice: FatigueMonitor, count: int, milliseconds: int, category: str = "News", start: int = 0
) -> list[str]:
    """Labels so many documents; what was said while each of the next ones was read."""
    said = []
    for i in range(count):
        # times and categories differ a little, as they do
        other = "Forum" if i % 3 == 0 else category
        advice.add(f"event {start + i}", milliseconds + 10 * (i % 7), other)
        advice.evaluate(0.0)
        said.append(advice.text)
    return said


def test_an_even_sitting_is_left_in_peace() -> None:
    assert set(read(FatigueMonitor(), 300, 8_000)) == {""}


def test_a_reader_who_hurries_is_told_once_and_for_a_few_labels() -> None:
    advice = FatigueMonitor()
    assert set(read(advice, 60, 9_000)) == {""}
    said = read(advice, 60, 2_000, start=60)
    texts = [text for text in said if text]
    assert len(set(texts)) == 1
    assert "times as fast as before: a good moment for a break" in texts[0]
    assert len(texts) == SHOWN_FOR + 1
    assert said.index(texts[0]) % DRIFT_EVERY == DRIFT_EVERY - 1


def test_another_use_of_categories_is_said_without_naming_any() -> None:
    advice = FatigueMonitor()
    read(advice, 60, 9_000)
    said = {text for text in read(advice, 60, 9_000, "Creative", start=60) if text}
    assert said == {"lately you use the categories otherwise than before: a good moment for a break"}


def test_a_long_stretch_without_a_break_is_mentioned_and_a_break_ends_it() -> None:
    advice = FatigueMonitor()
    advice.evaluate(LONG_STRETCH - 1)
    assert advice.text == ""
    advice.evaluate(LONG_STRETCH + 1)
    assert advice.text == "50 minutes without a break: a good moment for one"
    advice.evaluate(10.0)
    assert advice.text == ""
    advice.evaluate(2 * LONG_STRETCH)
    assert advice.text.startswith("100 minutes")


def test_a_label_that_was_taken_back_does_not_count() -> None:
    advice = FatigueMonitor()
    read(advice, 59, 9_000)
    for i in range(60):
        advice.add(f"undone {i}", 100, "Creative")
        advice.take_back(f"undone {i}")
    assert set(read(advice, 60, 9_000, start=59)) == {""}


def test_only_five_minutes_without_a_key_are_a_break() -> None:
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
