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
