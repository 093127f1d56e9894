"""Convert pyarrow tables of events to numpy columns."""

from __future__ import annotations

from binascii import unhexlify
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpuscope.ledger.columns import COLUMNS, Column
from corpuscope.ledger.read.event_columns import (
    KINDS,
    Codes,
    EventColumns,
    Floats,
    Ids,
    StringDictionaries,
    StringDictionary,
)

_KIND_CODES = {kind.value: code for code, kind in enumerate(KINDS)}

_HELD = tuple(column for column in COLUMNS if column.array)

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
