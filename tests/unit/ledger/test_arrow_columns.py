"""Test the conversion of tables to columns, for slices of larger tables and for nulls."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.ledger.parquet_schema import arrow_schema
from corpuscope.ledger.read.arrow_columns import NEEDED, columns_of
from corpuscope.ledger.read.event_columns import ARRAYS, CODED, new_dictionaries

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as the times below, which are UTC
NUMBERS = ("reading_ms", "row", "draw", "attempt", "tokens", "characters", "words", "look")
"""Fields that are integers in tables and in columns."""

wholes = st.none() | st.integers(0, 2**31 - 1)
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
            assert columns[name][position] == (-1 if row[name] is None else row[name])
        np.testing.assert_equal(
            columns["probability"][position], np.nan if row["probability"] is None else row["probability"]
        )
        for name in CODED:
            code = columns[name][position]
            assert (None if code < 0 else dictionaries[name].strings[code]) == row[name]
