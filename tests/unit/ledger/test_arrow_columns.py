"""Tables become columns value by value, wherever in a larger table they lie and whatever is null in them."""

from dataclasses import fields
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.ledger.parquet_schema import arrow_schema
from corpuscope.ledger.read.arrow_columns import NEEDED, columns_of
from corpuscope.ledger.read.event_columns import CODED, EventColumns, new_dictionaries

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as the times below, which are UTC
NUMBERS = ("reading_ms", "row", "draw", "attempt", "tokens", "characters", "words", "look")
"""Fields that are whole numbers in both."""

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
        "look": st.integers(1, 2),
        "probability": st.none() | st.floats(0, 1),
        **{name: wholes for name in NUMBERS if name != "look"},
        **{name: st.none() | st.sampled_from(["a", "b", ""]) for name in CODED},
    }
)


def table_of(found: list[dict[str, object]]) -> pa.Table:
    schema = arrow_schema()
    return pa.table(
        {name: [row[name] for row in found] for name in NEEDED}, pa.schema([schema.field(n) for n in NEEDED])
    )


@given(found=st.lists(rows, max_size=20), before=st.integers(0, 9), coded=st.booleans())
def test_a_stretch_of_a_table_says_what_its_rows_say(
    found: list[dict[str, object]], before: int, coded: bool
) -> None:
    stretch = table_of(found).slice(before)
    if coded:  # as a part is read
        for name in (*CODED, "kind"):
            place = stretch.column_names.index(name)
            stretch = stretch.set_column(place, name, stretch[name].dictionary_encode())
    dictionaries = new_dictionaries()
    columns = columns_of(stretch, dictionaries)
    expected = found[before:]
    assert len(columns) == len(expected)
    assert {len(getattr(columns, field.name)) for field in fields(EventColumns)} == {len(expected)}
    for place, row in enumerate(expected):
        assert columns.event_id(place) == row["event_id"]
        assert columns.document_id(place) == row["document_id"]
        assert bool(columns.blind[place]) is row["blind"]
        assert columns.target_or_note[place] == (row["note"] if row["target"] is None else row["target"])
        assert EPOCH + timedelta(microseconds=int(columns.at[place])) == row["at"]
        for name in NUMBERS:
            assert getattr(columns, name)[place] == (-1 if row[name] is None else row[name])
        np.testing.assert_equal(
            columns.probability[place], np.nan if row["probability"] is None else row["probability"]
        )
        for name in CODED:
            code = getattr(columns, name)[place]
            assert (None if code < 0 else dictionaries[name].strings[code]) == row[name]
