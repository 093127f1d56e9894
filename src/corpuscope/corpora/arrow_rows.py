"""Values of one row of an Arrow table, whatever the columns hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.types as pt

from corpuscope.corpora.rows import Record, unique_names

DataType = Any
"""A `pyarrow.DataType`."""
Table = Any
"""A `pyarrow.Table` or `RecordBatch`."""


def record_of(table: Table, row: int) -> Record:
    """Return the values of a row by column name. Of columns with the same name the later ones are numbered."""
    names = unique_names(table.schema.names)
    return {name: value_of(table.column(position)[row]) for position, name in enumerate(names)}


def column_paths(schema: Any) -> tuple[str, ...]:  # noqa: ANN401  pyarrow publishes no types
    """Return the column names of a schema, a nested one as `doc.text` after `doc`."""
    names = unique_names(schema.names)
    return tuple(path for name, field in zip(names, schema, strict=True) for path in _paths(name, field.type))


def _paths(name: str, kind: DataType) -> Iterator[str]:
    yield name
    if pt.is_struct(kind):
        for field in kind:
            yield from _paths(f"{name}.{field.name}", field.type)


def value_of(scalar: Any) -> object:  # noqa: ANN401  pyarrow publishes no types
    """Return a scalar as a Python value, or written out where Python has no such value.

    Such are dates beyond the year 9999, unknown time zones, and strings that are not UTF-8, whose bytes are kept
    as surrogates.
    """
    try:
        return scalar.as_py()
    except Exception:  # noqa: BLE001  as_py raises errors of many kinds, and a value must not cost its row
        return _written_out(scalar)


def _written_out(scalar: Any) -> object:  # noqa: ANN401  pyarrow publishes no types
    kind = scalar.type
    if isinstance(scalar, pa.DictionaryScalar | pa.ExtensionScalar):
        return value_of(scalar.value)
    if pt.is_struct(kind):
        names = unique_names([field.name for field in kind])
        return {name: value_of(scalar[position]) for position, name in enumerate(names)}
    if isinstance(scalar, pa.ListScalar):  # also the base of maps, large and fixed-size lists
        return [value_of(value) for value in scalar.values]
    if pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind):
        return bytes(scalar.as_buffer()).decode("utf-8", "surrogateescape")
    if pt.is_timestamp(kind) and kind.tz:
        return f"{pa.scalar(scalar.value, pa.timestamp(kind.unit)).cast(pa.string())}Z [{kind.tz}]"
    if pt.is_duration(kind):
        return f"{scalar.value} {kind.unit}"
    return str(scalar.cast(pa.string()))
