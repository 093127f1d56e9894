"""Tests of the reader's effect on shares."""

from __future__ import annotations

from random import Random

from corpuscope.stats.bias import paired_difference, reader_effects

CATEGORIES = ("News", "Forum", "Creative")


def test_too_few_shared_documents_say_nothing() -> None:
    assert reader_effects([("ann", "ben", [("News", "Forum")] * 19)], CATEGORIES) == ()
    assert len(reader_effects([("ann", "ben", [("News", "Forum")] * 20)], CATEGORIES)) == 2


def test_a_reader_who_always_turns_news_into_forum_is_found() -> None:
    labels = [("News", "Forum")] * 12 + [("News", "News")] * 10 + [("Creative", "Creative")] * 18
    first = reader_effects([("ann", "ben", labels)], CATEGORIES)[0]
    assert first.category in ("News", "Forum")
    assert first.p < 0.01
    assert first.counts in ((22, 10), (0, 12))
    assert abs(first.difference) == 12 / 40
    assert first.interval.low <= first.difference <= first.interval.high


def test_readers_with_the_same_habits_are_hardly_ever_told_apart() -> None:
    alarms = 0
    for seed in range(400):
        chance = Random(seed)

        def reading(true: str, chance: Random = chance) -> str:
            return true if chance.random() < 0.75 else chance.choice(CATEGORIES)

        truth = [chance.choice(CATEGORIES) for _ in range(40)]
        labels = [(reading(true), reading(true)) for true in truth]
        alarms += any(effect.p < 0.05 for effect in reader_effects([("ann", "ben", labels)], CATEGORIES))
    assert alarms <= 0.05 * 400


def test_the_paired_interval_is_that_of_agresti_and_min() -> None:
    # their example: 132 and 107 discordant of 1,144, -0.048 to 0.005 at 95 %
    interval = paired_difference(132, 107, 1144)
    assert (round(interval.low, 3), round(interval.high, 3)) == (-0.048, 0.005)
