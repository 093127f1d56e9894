"""Tests of event ids, which hold their time and rise whatever the clock does."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from corpuscope.domain.clock import EventIds, derived_id
from makers import SetClock


def test_ids_rise_within_a_millisecond_when_the_clock_runs_back_and_after_an_earlier_one() -> None:
    clock = SetClock()
    ids = EventIds(clock, entropy=bytes)
    first = [ids.next() for _ in range(5_000)]
    clock.wait(-1)
    later = [*first, ids.next()]
    resumed = EventIds(clock, after=later[-1], entropy=bytes)
    later += [resumed.next(), resumed.next()]
    assert later == sorted(set(later))
    assert {uuid.UUID(one).version for one in later} == {7}


def test_a_derived_id_holds_its_time_and_depends_on_every_part() -> None:
    at = datetime(2026, 2, 1, 12, tzinfo=UTC)
    one = uuid.UUID(derived_id(at, "label", "a"))
    assert (one.version, one.variant, one.int >> 80) == (7, uuid.RFC_4122, int(at.timestamp() * 1000))
    assert (
        len(
            {
                derived_id(at, *parts)
                for parts in (("label", "a"), ("labela",), ("label", "b"), ("label", "\ud800"))
            }
        )
        == 4
    )
    assert derived_id(at, "label", "a") == str(one)


def test_a_derived_id_is_the_one_that_earlier_versions_gave() -> None:
    at = datetime(2026, 2, 1, 12, tzinfo=UTC)
    assert derived_id(at, "label", "a") == "019c1912-fa00-7b21-a12e-065373e60378"


def test_an_id_holds_the_time_and_a_count_and_is_random_in_all_other_bits() -> None:
    clock = SetClock()
    milliseconds = int(clock.now().timestamp() * 1000)
    for bits, random in ((b"\x00", "8000-000000000000"), (b"\xff", "bfff-ffffffffffff")):
        ids = EventIds(clock, entropy=bits.__mul__)
        for count in range(3):
            assert ids.next() == str(uuid.UUID(f"{milliseconds:012x}-700{count}-{random}"))


def test_after_4096_ids_of_a_millisecond_the_next_one_begins() -> None:
    ids = EventIds(SetClock(), entropy=bytes)
    numbers = [uuid.UUID(ids.next()).int for _ in range(4_098)]
    assert [number >> 64 & 0xFFF for number in numbers[-3:]] == [0xFFF, 0, 1]
    assert [number >> 80 for number in numbers[-3:]] == [numbers[0] >> 80, *[(numbers[0] >> 80) + 1] * 2]


def test_an_id_after_another_begins_with_a_millisecond_of_its_own() -> None:
    clock = SetClock()
    after = EventIds(clock, entropy=bytes).next()
    later = uuid.UUID(EventIds(clock, after=after, entropy=bytes).next())
    assert (later.int >> 80, later.int >> 64 & 0xFFF) == ((uuid.UUID(after).int >> 80) + 1, 0)
