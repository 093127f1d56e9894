"""Tests of the words for a reading."""

from __future__ import annotations

from datetime import UTC, datetime

from corpuscope.domain.label import Event, EventKind, reading_name
from makers import a_document


def test_a_reading_is_named_by_its_number() -> None:
    names = {
        1: "1st",
        2: "2nd",
        3: "3rd",
        4: "4th",
        11: "11th",
        12: "12th",
        13: "13th",
        21: "21st",
        111: "111th",
        1102: "1,102nd",
    }
    assert {look: reading_name(look) for look in names} == {
        look: f"{name} reading" for look, name in names.items()
    }


def test_an_event_is_of_a_first_reading_in_sight_of_the_corpus_and_without_doubt_unless_it_says_so() -> None:
    event = Event("e", "s", "ann", datetime(2026, 1, 2, tzinfo=UTC), EventKind.LABEL, a_document())
    assert (event.look, event.blind, event.unsure) == (1, False, False)
    assert (event.category, event.target, event.note, event.reading_ms, event.scheme) == (
        None,
        None,
        None,
        None,
        "",
    )
