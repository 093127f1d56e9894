"""Test that a record is valid as the app writes it, and that each value that no event has is named."""

from __future__ import annotations

import pytest

from corpuscope.domain.document import NO_PROBABILITY
from corpuscope.domain.label import EventKind
from corpuscope.ledger.event_record import Record, to_record
from corpuscope.ledger.parquet_schema import to_table
from corpuscope.ledger.validation import Fault, by_reason, json_value, record_fault
from ledger_fakes import Scribe
from makers import a_document


@pytest.fixture
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    with Scribe(tmp_path_factory.mktemp("labels")) as scribe:
        return to_record(scribe.event(EventKind.LABEL, a_document(1, url="u"), category="News"))


def test_what_the_app_writes_is_valid_with_and_without_its_content(record: Record) -> None:
    assert record_fault(record) == ""
    assert (
        record_fault({name: value for name, value in record.items() if name not in ("text", "metadata")})
        == ""
    )


def test_a_kind_of_a_later_version_is_valid(record: Record) -> None:
    assert record_fault(record | {"kind": "later"}) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("probability", 9007207844675583),
        ("probability", 10**400),
        ("probability", True),
        ("probability", float("nan")),
        ("probability", -0.5),
        ("row", True),
        ("row", 1.0),
        ("row", 1 << 63),
        ("at", "2026-01-02T03:04:05"[:3]),
        ("at", "0001-01-01T00:00:00+10:00"),
        ("blind", "yes"),
        ("look", 3),
        ("sha256", []),
        ("text", 7),
        ("text_bytes", "x"),
        ("session", ""),
        ("metadata", {"a": []}),
        ("sections", [["a", 0, True, 2]]),
    ],
)
def test_a_value_that_no_event_has_is_named(record: Record, name: str, value: object) -> None:
    assert name in record_fault(record | {name: value})


@pytest.mark.parametrize("value", [1, 0.25, 1 << 53])
def test_every_valid_probability_can_be_stored(record: Record, value: float) -> None:
    assert record_fault(record | {"probability": value}) == ""
    assert to_table([record | {"probability": value}])["probability"].to_pylist() == [value]


UNDO = {"kind": "undo", "category": None}
NO_SECTIONS: list[object] = [{}, ["a"], [["a", 0]], [["a", 0, -1]], [[7, 0, 1]], [["a", "0", 1]]]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"event_id": None}, "event_id is missing"),
        ({"session": ""}, "session is missing"),
        ({"probability": None}, "probability is missing"),
        ({"row": None}, "row is missing"),
        ({"note": 7}, "note is not text"),
        ({"text_bytes": "x"}, "text_bytes is given in a journal"),
        ({"reading_ms": -1}, "reading_ms is not a number from 0 to 2^63 - 1"),
        ({"reading_ms": 1 << 63}, "reading_ms is not a number from 0 to 2^63 - 1"),
        ({"event_id": "x"}, "event_id is not a UUIDv7 in lower case before the year 2527"),
        (UNDO, "an undo has no target"),
        (UNDO | {"target": "x"}, "target is not an event id"),
        ({"category": None}, "label has no category"),
        ({"kind": "adjudicate", "category": ""}, "adjudicate has no category"),
        ({"at": "yesterday"}, "at is not a time"),
        ({"look": 0}, "look is neither 1 nor 2"),
        ({"unsure": 1}, "unsure is neither true nor false"),
        ({"corpus": "../a"}, "'../a' cannot name a corpus"),
        ({"probability": (1 << 53) + 1}, NO_PROBABILITY),
        ({"probability": "1"}, NO_PROBABILITY),
        ({"metadata": {"a": 1, "b": [1]}}, "metadata is not a JSON object of plain values"),
        ({"metadata": []}, "metadata is not a JSON object of plain values"),
        *(
            ({"sections": sections}, "sections is not a list of [title, first character, one past the last]")
            for sections in NO_SECTIONS
        ),
    ],
)
def test_why_a_record_is_no_event_is_said(record: Record, change: Record, reason: str) -> None:
    assert record_fault(record | change) == reason


def test_the_edges_of_what_an_event_may_hold_are_valid(record: Record) -> None:
    changes: list[Record] = [
        {"reading_ms": (1 << 63) - 1, "row": 0, "look": 2, "unsure": True, "blind": False},
        {"metadata": {"a": None, "b": "x", "c": 1, "d": 0.5, "e": True}},
        {"sections": [["a", 0, 0], [None, 3, 9]]},
        {"sections": []},
        {"text_bytes": b"x"},
        {"kind": "skip", "category": None},
        UNDO | {"target": record["event_id"]},
    ]
    assert [record_fault(record | change) for change in changes] == [""] * len(changes)


def test_faults_are_counted_by_their_reason_with_the_first_event_that_has_it() -> None:
    faults = [Fault("e1", "a is missing"), Fault("", "b is missing"), Fault("e2" * 30, "a is missing")]
    assert by_reason(faults) == "a is missing (2, first in event e1); b is missing (1, first in event -)"
    assert by_reason([Fault("x" * 40, "c")]) == f"c (1, first in event {'x' * 36})"


def test_only_json_has_a_value() -> None:
    assert [json_value(text) for text in ("[1]", b"{}", "{", "[" * 100_000)] == [[1], {}, None, None]
