"""Hold the events of a ledger as arrays of numbers, without their texts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from corpuscope.domain.label import EventKind
from corpuscope.ledger.columns import COLUMNS

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Ids = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

KINDS = tuple(EventKind)
"""The kind of each code in `EventColumns.kind`."""

CODED = tuple(column.name for column in COLUMNS if column.array and column.dictionary)
"""Dictionary-encoded columns: codes of a `StringDictionary`, -1 for null."""

ARRAYS = {
    "event_high": "uint64",  # first half of the event id; comparing both halves as numbers compares the ids
    "event_low": "uint64",
    "document_high": "uint64",
    "document_low": "uint64",
    "kind": "int8",  # position in KINDS, -1 for a kind added by a later version
    "target_or_note": "object",  # the target of an undo or the text of a note, None for everything else
    **{column.name: column.array for column in COLUMNS if column.array},
}
"""Names of the arrays of `EventColumns` and their numpy types."""


class StringDictionary:
    """The distinct strings of one field, each with a code that never changes."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        """The string of each code."""
        self._codes: dict[str, int] = {}

    def code(self, string: str) -> int:
        """Return the code of `string`, adding it when it is new."""
        code = self._codes.get(string)
        if code is None:
            code = self._codes[string] = len(self.strings)
            self.strings.append(string)
        return code

    def find(self, string: str) -> int:
        """Return the code of `string`, or -2, which no row has, when it is not in the dictionary."""
        return self._codes.get(string, -2)

    def string(self, code: int) -> str | None:
        """Return the string of `code`, None for -1."""
        return None if code < 0 else self.strings[code]


StringDictionaries = Mapping[str, StringDictionary]
"""A dictionary for each coded field."""


def new_dictionaries() -> StringDictionaries:
    """Return an empty dictionary for every coded field."""
    return {field: StringDictionary() for field in CODED}


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events in the order they were read; `events["draw"]` is the array of their draws."""

    arrays: Mapping[str, npt.NDArray[Any]]
    """The arrays named by ARRAYS, all of the same length."""

    def __len__(self) -> int:
        return len(self.arrays["kind"])

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.arrays[name]

    def part(self, start: int, stop: int) -> Self:
        """Return the events from `start` to `stop`, sharing memory with these."""
        return type(self)({name: array[start:stop] for name, array in self.arrays.items()})

    def event_id(self, row: int) -> str:
        """Return the id of the event in `row`."""
        return event_id(int(self.arrays["event_high"][row]), int(self.arrays["event_low"][row]))

    def document_id(self, row: int) -> str:
        """Return the document id of the event in `row`."""
        return document_id(int(self.arrays["document_high"][row]), int(self.arrays["document_low"][row]))


def empty() -> EventColumns:
    """Return columns without events."""
    return EventColumns({name: np.empty(0, kind) for name, kind in ARRAYS.items()})


class EventColumnsBuilder:
    """Concatenates the columns of many files in place, so that a million events are in memory only once."""

    def __init__(self) -> None:
        self._arrays = dict(empty().arrays)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, columns: EventColumns) -> None:
        """Append a copy of the events in `columns`."""
        start, self._length = self._length, self._length + len(columns)
        if self._length > len(self._arrays["kind"]):
            # Grow by only an eighth, to save memory: the system moves large arrays without copying.
            self._resize(self._length + self._length // 8)
        for name, array in self._arrays.items():
            array[start : self._length] = columns[name]

    def done(self) -> EventColumns:
        """Return all events; nothing can be added afterwards."""
        self._resize(self._length)
        return EventColumns(self._arrays)

    def _resize(self, length: int) -> None:
        for array in self._arrays.values():
            array.resize(length, refcheck=False)


def event_id(high: int, low: int) -> str:
    """Return the event id with these halves."""
    return str(uuid.UUID(int=high << 64 | low))


def document_id(high: int, low: int) -> str:
    """Return the document id with these halves."""
    return f"{high:016x}{low:016x}"


def split_id(text: str) -> tuple[int, int]:
    """Return the two halves of an event id as numbers. Raises ValueError when it is not an event id."""
    number = uuid.UUID(text).int
    return number >> 64, number & 0xFFFF_FFFF_FFFF_FFFF
