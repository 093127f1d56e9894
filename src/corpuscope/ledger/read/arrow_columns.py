"""Convert pyarrow tables of events to numpy columns."""

from __future__ import annotations

from binascii import unhexlify
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpuscope.ledger.read.event_columns import (
    CODED,
    KINDS,
    Codes,
    EventColumns,
    Floats,
    Ids,
    Ints,
    StringDictionaries,
    StringDictionary,
)

_KIND_CODES = {kind.value: code for code, kind in enumerate(KINDS)}

NEEDED = (
    *(
        "event_id",
        "document_id",
        "kind",
        "target",
        "note",
        "at",
        "reading_ms",
        "blind",
        "look",
        "row",
        "draw",
        "attempt",
    ),
    *("probability", "tokens", "characters", "words", *CODED),
)
"""The columns of a part that `columns_of` needs."""


def columns_of(table: pa.Table, dictionaries: StringDictionaries) -> EventColumns:
    """Convert a table that has the columns NEEDED. Raises ValueError for a malformed id."""
    column = {name: _whole(table[name]) for name in NEEDED}
    for name in (*CODED, "kind"):
        if not pa.types.is_dictionary(column[name].type):
            column[name] = column[name].dictionary_encode()
    event_high, event_low = _halves(_without_dashes(_fixed(column["event_id"], 36)))
    document_high, document_low = _halves(_fixed(column["document_id"], 32))
    kinds = np.array([_KIND_CODES.get(kind, -1) for kind in _dictionary_strings(column["kind"])], np.int8)
    return EventColumns(
        event_high,
        event_low,
        document_high,
        document_low,
        kind=kinds[_indices(column["kind"])],
        look=_numbers(column["look"]).astype(np.int16),
        blind=_flags(column["blind"]),
        at=_numbers(column["at"].view(pa.int64())),
        reading_ms=_small(column["reading_ms"]),
        row=_numbers(column["row"]),
        draw=_numbers(column["draw"]),
        attempt=_small(column["attempt"]),
        probability=_doubles(column["probability"]),
        tokens=_numbers(column["tokens"]),
        characters=_small(column["characters"]),
        words=_small(column["words"]),
        target_or_note=_strings(column["target"], column["note"]),
        **{field: _codes(column[field], dictionaries[field]) for field in CODED},
    )


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


def _dictionary_strings(array: pa.DictionaryArray) -> list[str]:
    strings: list[str] = array.dictionary.to_pylist()
    return strings


def _indices(array: pa.DictionaryArray) -> Codes:
    """Return positions in the dictionary, -1 for null."""
    return _filled(array.indices).astype(np.int32, copy=False)


def _codes(array: pa.DictionaryArray, dictionary: StringDictionary) -> Codes:
    # Position -1, a null, indexes the extra last entry.
    codes = np.array([*(dictionary.code(string) for string in _dictionary_strings(array)), -1], np.int32)
    return codes[_indices(array)]


def _numbers(array: pa.Array) -> Ints:
    return _filled(array).astype(np.int64, copy=False)


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


def _small(array: pa.Array) -> Codes:
    return np.clip(_numbers(array), -1, np.iinfo(np.int32).max).astype(np.int32)


def _strings(targets: pa.Array, notes: pa.Array) -> npt.NDArray[np.object_]:
    if targets.null_count == len(targets) and notes.null_count == len(notes):
        return np.full(len(targets), None, np.object_)
    strings = np.empty(len(targets), np.object_)
    strings[:] = targets.fill_null(notes).to_pylist()
    return strings
