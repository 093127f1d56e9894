"""Test that a record is valid as the app writes it, and that each value that no event has is named."""

from __future__ import annotations

import pytest

from corpuscope.domain.label import EventKind
from corpuscope.ledger.event_record import Record, to_record
from corpuscope.ledger.parquet_schema import to_table
from corpuscope.ledger.validation import record_fault
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
