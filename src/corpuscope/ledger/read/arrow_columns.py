"""Convert pyarrow tables of events to numpy columns."""

from __future__ import annotations

import re
from binascii import unhexlify
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpuscope.domain.corpus import is_safe_name
from corpuscope.domain.document import NO_PROBABILITY, is_probability
from corpuscope.domain.label import EventKind
from corpuscope.ledger.columns import COLUMNS, Column
from corpuscope.ledger.folder import EVENT_ID
from corpuscope.ledger.read.event_columns import (
    KINDS,
    Codes,
    EventColumns,
    Floats,
    Ids,
    StringDictionaries,
    StringDictionary,
)
from corpuscope.ledger.tables import FIRST_TIME, LAST_TIME, row_faults
from corpuscope.ledger.validation import Fault

_KIND_CODES = {kind.value: code for code, kind in enumerate(KINDS)}

_HELD = tuple(column for column in COLUMNS if column.array)

_REQUIRED = ("annotator", "corpus", "dataset", "split", "revision", "shard", "row", "draw")
"""Columns that no event lacks; null is -1 in each."""

_EVENT_ID = re.compile(EVENT_ID)
_WITH_CATEGORY = [KINDS.index(kind) for kind in (EventKind.LABEL, EventKind.ADJUDICATE)]
_UNDO = KINDS.index(EventKind.UNDO)
_END_OF_IDS = np.uint64(1 << 60)
"""First half of the first id that is none, see `EVENT_ID`."""

_NEUTRAL = {
    "event_id": "00000000-0000-0000-0000-000000000000",
    "document_id": "0" * 32,
    "kind": "",
    **dict.fromkeys(("annotator", "corpus", "dataset", "split", "revision", "shard"), ""),
    "at": datetime(1970, 1, 1, tzinfo=UTC),
    **dict.fromkeys(("row", "draw"), 0),
    "look": 1,
    "probability": 1.0,
}
"""Stands in for a row that is no event."""

NEEDED = ("event_id", "document_id", "kind", "target", "note", *(column.name for column in _HELD))
"""The columns of a part that `columns_of` needs."""


def columns_of(table: pa.Table, dictionaries: StringDictionaries) -> EventColumns:
    """Convert a table that has the columns NEEDED. Raises ValueError for a malformed id."""
    arrow = {name: _whole(table[name]) for name in NEEDED}
    event_high, event_low = _halves(_without_dashes(_fixed(arrow["event_id"], 36)))
    document_high, document_low = _halves(_fixed(arrow["document_id"], 32))
    return EventColumns(
        {
            "event_high": event_high,
            "event_low": event_low,
            "document_high": document_high,
            "document_low": document_low,
            "kind": _kinds(arrow["kind"]),
            "target_or_note": _strings(arrow["target"], arrow["note"]),
            **{column.name: _array(column, arrow[column.name], dictionaries) for column in _HELD},
        }
    )


def columns_without_faults(
    table: pa.Table, dictionaries: StringDictionaries
) -> tuple[EventColumns, list[Fault]]:
    """Convert a table with rows that are no events; these become events of a kind that nothing counts.

    Returns the faults of these rows, too. Slower than `columns_of`, and every row keeps its place.
    """
    faults = row_faults(table)
    times, rows = table["at"].cast(pa.int64()).to_pylist(), table.drop_columns(["at"]).to_pylist()
    kept = [
        {name: None if number in faults else value for name, value in {**row, "at": at}.items()}
        for number, (row, at) in enumerate(zip(rows, times, strict=True))
    ]
    for number in faults:
        kept[number] |= _NEUTRAL
    schema = table.schema
    return columns_of(pa.Table.from_pylist(kept, schema).select(list(NEEDED)), dictionaries), list(
        faults.values()
    )


def check_columns(columns: EventColumns, dictionaries: StringDictionaries) -> None:
    """Raise ValueError for values that no event can have, and that would stop a reader."""
    for name in _REQUIRED:
        if (columns[name] < 0).any():
            raise ValueError(f"{name} is missing")
    corpora = dictionaries["corpus"].strings
    if not all(is_safe_name(corpora[code]) for code in np.flatnonzero(np.bincount(columns["corpus"]))):
        raise ValueError("a corpus has a name that none can have")
    if ((columns["look"] != 1) & (columns["look"] != 2)).any():
        raise ValueError("a look is neither 1 nor 2")
    if (np.isin(columns["kind"], _WITH_CATEGORY) & (columns["category"] < 0)).any():
        raise ValueError("a label has no category")
    if (columns["event_high"] >= _END_OF_IDS).any():
        raise ValueError("an event id is of the year 2527 or later")
    times = columns["at"]
    if ((times < FIRST_TIME) | (times > LAST_TIME)).any():
        raise ValueError("a time is out of range")
    probabilities = columns["probability"]
    if not (is_probability(probabilities.min(initial=1)) and is_probability(probabilities.max(initial=1))):
        raise ValueError(NO_PROBABILITY)
    for target in columns["target_or_note"][columns["kind"] == _UNDO]:
        if target is None or not _EVENT_ID.fullmatch(target):
            raise ValueError("the target of an undo is not an event id")


def _array(column: Column, values: pa.Array, dictionaries: StringDictionaries) -> npt.NDArray[Any]:
    if column.dictionary:
        return _codes(values, dictionaries[column.name])
    match column.type:
        case "bool":
            return _flags(values)
        case "double":
            return _doubles(values)
        case "timestamp":
            values = values.view(pa.int64())
    numbers, kind = _filled(values), np.dtype(column.array)
    if kind.itemsize < numbers.itemsize:
        numbers = np.clip(numbers, -1, np.iinfo(kind).max)
    return numbers.astype(kind, copy=False)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Combine the chunks into one array, with one dictionary for those of all row groups."""
    return column.unify_dictionaries().combine_chunks()


def _fixed(array: pa.StringArray, width: int) -> npt.NDArray[np.uint8]:
    """View strings of `width` bytes as a matrix with one row each, without a copy."""
    _, offsets, data = array.buffers()
    bounds = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    if array.null_count or (np.diff(bounds) != width).any():
        raise ValueError(f"ids of {width} characters were expected")
    content = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]] if len(array) else np.empty(0, np.uint8)
    return content.reshape(len(array), width)


def _without_dashes(ids: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.concatenate([ids[:, :8], ids[:, 9:13], ids[:, 14:18], ids[:, 19:23], ids[:, 24:]], axis=1)


def _halves(digits: npt.NDArray[np.uint8]) -> tuple[Ids, Ids]:
    """Decode rows of 32 hex digits into two 64-bit numbers each."""
    pairs = np.frombuffer(unhexlify(digits.tobytes()), ">u8").reshape(-1, 2)
    return pairs[:, 0].astype(np.uint64), pairs[:, 1].astype(np.uint64)


def _kinds(values: pa.Array) -> npt.NDArray[np.int8]:
    strings, indices = _dictionary(values)
    codes: npt.NDArray[np.int8] = np.array([*(_KIND_CODES.get(kind, -1) for kind in strings), -1], np.int8)[
        indices
    ]
    return codes


def _codes(values: pa.Array, dictionary: StringDictionary) -> Codes:
    strings, indices = _dictionary(values)
    # Position -1, a null, indexes the extra last entry.
    codes: Codes = np.array([*map(dictionary.code, strings), -1], np.int32)[indices]
    return codes


def _dictionary(values: pa.Array) -> tuple[list[str], npt.NDArray[np.signedinteger[Any]]]:
    """Return the distinct strings and the position of each value among them, -1 for null."""
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    return values.dictionary.to_pylist(), _filled(values.indices)


# Arrays are read from their buffers: `to_numpy` and `fill_null` would load pandas, which delays the first
# document by a sixth of a second.
def _filled(array: pa.Array) -> npt.NDArray[np.signedinteger[Any]]:
    """Return the integers of an array, -1 for null."""
    validity, data = array.buffers()
    if not len(array):
        return np.empty(0, np.int64)
    values = np.frombuffer(data, np.dtype(str(array.type)))[array.offset :][: len(array)]
    return np.where(_bits(validity, array), values, -1) if array.null_count else values


def _flags(array: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    return _bits(array.buffers()[1], array)


def _bits(buffer: pa.Buffer, array: pa.Array) -> npt.NDArray[np.bool_]:
    """Unpack one of an array's bitmaps into a boolean per value."""
    if not len(array):
        return np.empty(0, np.bool_)
    bits = np.unpackbits(np.frombuffer(buffer, np.uint8), count=array.offset + len(array), bitorder="little")
    return bits[array.offset :].view(np.bool_)


def _doubles(array: pa.DoubleArray) -> Floats:
    """Return the floats of an array, NaN for null."""
    validity, data = array.buffers()
    values = np.frombuffer(data or b"", np.float64)[array.offset :][: len(array)]
    return np.where(_bits(validity, array), values, np.nan) if array.null_count else values


def _strings(targets: pa.Array, notes: pa.Array) -> npt.NDArray[np.object_]:
    if targets.null_count == len(targets) and notes.null_count == len(notes):
        return np.full(len(targets), None, np.object_)
    strings = np.empty(len(targets), np.object_)
    strings[:] = targets.fill_null(notes).to_pylist()
    return strings
