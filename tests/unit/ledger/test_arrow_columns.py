"""Test the conversion of tables to columns, for slices of larger tables and for nulls."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import cast

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.domain.document import NO_PROBABILITY
from corpuscope.ledger.parquet_schema import arrow_schema
from corpuscope.ledger.read.arrow_columns import NEEDED, check_columns, columns_of
from corpuscope.ledger.read.event_columns import ARRAYS, CODED, new_dictionaries

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as the times below, which are UTC
NUMBERS = ("reading_ms", "row", "draw", "attempt", "tokens", "characters", "words", "look")
"""Fields that are integers in tables and in columns."""

wholes = st.none() | st.integers(0, 2**63 - 1)
rows = st.fixed_dictionaries(
    {
        "event_id": st.uuids(version=4).map(str),
        "document_id": st.binary(min_size=16, max_size=16).map(bytes.hex),
        "kind": st.sampled_from(["label", "skip", "undo", "note"]),
        "target": st.none() | st.uuids(version=4).map(str),
        "note": st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
        "at": st.datetimes(timezones=st.just(None)),
        "blind": st.booleans(),
        "unsure": st.booleans(),
        "look": st.integers(1, 2),
        "probability": st.none() | st.floats(0, 1),
        **{name: wholes for name in NUMBERS if name != "look"},
        **{name: st.none() | st.sampled_from(["a", "b", ""]) for name in CODED},
    }
)


def table_of(written: list[dict[str, object]]) -> pa.Table:
    schema = arrow_schema()
    return pa.table(
        {name: [row[name] for row in written] for name in NEEDED},
        pa.schema([schema.field(n) for n in NEEDED]),
    )


@given(written=st.lists(rows, max_size=20), before=st.integers(0, 9), coded=st.booleans())
def test_the_columns_of_a_table_slice_equal_its_rows(
    written: list[dict[str, object]], before: int, coded: bool
) -> None:
    part_of_table = table_of(written).slice(before)
    if coded:  # as a part is read
        for name in (*CODED, "kind"):
            position = part_of_table.column_names.index(name)
            part_of_table = part_of_table.set_column(position, name, part_of_table[name].dictionary_encode())
    dictionaries = new_dictionaries()
    columns = columns_of(part_of_table, dictionaries)
    expected = written[before:]
    assert len(columns) == len(expected)
    assert {name: len(array) for name, array in columns.arrays.items()} == dict.fromkeys(
        ARRAYS, len(expected)
    )
    for position, row in enumerate(expected):
        assert columns.event_id(position) == row["event_id"]
        assert columns.document_id(position) == row["document_id"]
        assert bool(columns["blind"][position]) is row["blind"]
        assert columns["target_or_note"][position] == (
            row["note"] if row["target"] is None else row["target"]
        )
        assert EPOCH + timedelta(microseconds=int(columns["at"][position])) == row["at"]
        for name in NUMBERS:
            greatest = np.iinfo(columns[name].dtype).max
            assert columns[name][position] == (
                -1 if (number := row[name]) is None else min(cast("int", number), greatest)
            )
        np.testing.assert_equal(
            columns["probability"][position], np.nan if row["probability"] is None else row["probability"]
        )
        for name in CODED:
            code = columns[name][position]
            assert (None if code < 0 else dictionaries[name].strings[code]) == row[name]


VALID: dict[str, object] = {
    "event_id": "01234567-89ab-7cde-8f01-23456789abcd",
    "document_id": "0123456789abcdef" * 2,
    "kind": "label",
    "at": datetime(2026, 1, 2),  # noqa: DTZ001  UTC, as above
    "look": 1,
    "probability": 0.5,
    "target": None,
    "note": None,
    "blind": False,
    "unsure": False,
    **dict.fromkeys(("row", "draw", "attempt", "characters", "words", "tokens", "reading_ms"), 0),
    **dict.fromkeys(CODED, "a"),
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, None),
        ({"look": 2, "probability": 1.0, "name": None, "tokens": None, "reading_ms": None}, None),
        ({"kind": "undo", "category": None, "target": VALID["event_id"]}, None),
        ({"kind": "skip", "category": None, "at": datetime(1, 1, 1)}, None),  # noqa: DTZ001
        ({"kind": "later", "category": None, "at": datetime(9999, 12, 31, 23, 59, 59, 999999)}, None),  # noqa: DTZ001
        ({"row": None}, "row is missing"),
        ({"draw": None}, "draw is missing"),
        ({"corpus": None}, "corpus is missing"),
        ({"annotator": None}, "annotator is missing"),
        ({"corpus": "../out"}, "a corpus has a name that none can have"),
        ({"look": 3}, "a look is neither 1 nor 2"),
        ({"look": 0}, "a look is neither 1 nor 2"),
        ({"category": None}, "a label has no category"),
        ({"kind": "adjudicate", "category": None}, "a label has no category"),
        ({"event_id": "1" + str(VALID["event_id"])[1:]}, "an event id is of the year 2527 or later"),
        ({"probability": 1e31}, NO_PROBABILITY),
        ({"probability": 0.0}, NO_PROBABILITY),
        ({"probability": None}, NO_PROBABILITY),
        ({"kind": "undo", "category": None}, "the target of an undo is not an event id"),
        ({"kind": "undo", "category": None, "target": "x"}, "the target of an undo is not an event id"),
        ({"event_id": "short"}, "ids of 36 characters were expected"),
        ({"document_id": None}, "ids of 32 characters were expected"),
    ],
)
def test_a_value_that_no_event_can_have_is_named(change: dict[str, object], message: str | None) -> None:
    dictionaries = new_dictionaries()

    def checked(*rows: dict[str, object]) -> None:
        check_columns(columns_of(table_of(list(rows)), dictionaries), dictionaries)

    if message is None:
        checked(VALID | change, VALID)
    else:
        with pytest.raises(ValueError, match=re.escape(message)):
            checked(VALID, VALID | change)
