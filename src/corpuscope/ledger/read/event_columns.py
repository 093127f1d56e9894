"""Hold the events of a ledger as arrays of numbers, without their texts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from corpuscope.domain.label import EventKind

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Ids = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

KINDS = tuple(EventKind)
"""The kind of each code in `EventColumns.kind`."""

CODED = ("corpus", "annotator", "category", "scheme", "dataset", "name", "split", "revision", "shard")
"""Dictionary-encoded fields: codes of a `StringDictionary`, -1 for null."""


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
    """Events in the order they were read; all arrays have the same length."""

    event_high: Ids
    """First half of the event id; comparing both halves as numbers compares the ids."""
    event_low: Ids
    """Second half of the event id."""
    document_high: Ids
    """First half of the document id."""
    document_low: Ids
    """Second half of the document id."""
    kind: npt.NDArray[np.int8]
    """Position in KINDS, -1 for a kind added by a later version."""
    look: npt.NDArray[np.int16]
    """1 for a first look, 2 for a second one."""
    blind: npt.NDArray[np.bool_]
    """Whether corpus, url and scores were hidden."""
    at: Ints
    """Microseconds since 1970, UTC."""
    reading_ms: Codes
    """Milliseconds of reading, -1 for null."""
    row: Ints
    """Row inside the shard."""
    draw: Ints
    """Draw of the sampling plan."""
    attempt: Codes
    """Number of unreadable shards before the document's; above 0 the document is a substitute."""
    probability: Floats
    """Relative inclusion probability, NaN for null."""
    tokens: Ints
    """The corpus's own token count, -1 for null."""
    characters: Codes
    """Code points of the text, -1 for null."""
    words: Codes
    """Words of the text, -1 for null."""
    corpus: Codes
    """Code of the corpus's key."""
    annotator: Codes
    """Code of the annotator."""
    category: Codes
    """Code of the category's name, -1 for events other than labels and final decisions."""
    scheme: Codes
    """Code of the scheme's hash."""
    dataset: Codes
    """Code of the dataset."""
    name: Codes
    """Code of the config, -1 for the default."""
    split: Codes
    """Code of the split."""
    revision: Codes
    """Code of the revision."""
    shard: Codes
    """Code of the shard."""
    target_or_note: npt.NDArray[np.object_]
    """The target of an undo or the text of a note, None for everything else."""

    def __len__(self) -> int:
        return len(self.target_or_note)

    def part(self, start: int, stop: int) -> Self:
        """Return the events from `start` to `stop`, sharing memory with these."""
        return type(self)(*(getattr(self, field.name)[start:stop] for field in fields(self)))

    def event_id(self, row: int) -> str:
        """Return the id of the event in `row`."""
        return str(uuid.UUID(int=int(self.event_high[row]) << 64 | int(self.event_low[row])))

    def document_id(self, row: int) -> str:
        """Return the document id of the event in `row`."""
        return f"{int(self.document_high[row]):016x}{int(self.document_low[row]):016x}"


def empty() -> EventColumns:
    """Return columns without events."""
    types: dict[str, Any] = {
        "kind": np.int8,
        "look": np.int16,
        "blind": np.bool_,
        "target_or_note": np.object_,
    }
    types |= dict.fromkeys(("at", "row", "draw", "tokens"), np.int64) | {"probability": np.float64}
    types |= dict.fromkeys(("event_high", "event_low", "document_high", "document_low"), np.uint64)
    return EventColumns(*(np.empty(0, types.get(field.name, np.int32)) for field in fields(EventColumns)))


class EventColumnsBuilder:
    """Concatenates the columns of many files in place, so that a million events are in memory only once."""

    def __init__(self) -> None:
        self._arrays = [getattr(empty(), field.name) for field in fields(EventColumns)]
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, columns: EventColumns) -> None:
        """Append a copy of the events in `columns`."""
        start, self._length = self._length, self._length + len(columns)
        if self._length > len(self._arrays[0]):
            # Grow by only an eighth, to save memory: the system moves large arrays without copying.
            self._resize(self._length + self._length // 8)
        for array, field in zip(self._arrays, fields(EventColumns), strict=True):
            array[start : self._length] = getattr(columns, field.name)

    def done(self) -> EventColumns:
        """Return all events; nothing can be added afterwards."""
        self._resize(self._length)
        return EventColumns(*self._arrays)

    def _resize(self, length: int) -> None:
        for array in self._arrays:
            array.resize(length, refcheck=False)


def split_id(event_id: str) -> tuple[int, int]:
    """Return the two halves of an event id as numbers. Raises ValueError when it is not an event id."""
    number = uuid.UUID(event_id).int
    return number >> 64, number & 0xFFFF_FFFF_FFFF_FFFF
