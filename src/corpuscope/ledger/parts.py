"""One part: a Parquet file of the ledger, written whole and read with its checksums verified."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.errors import LedgerError
from corpuscope.ledger.files import Files
from corpuscope.ledger.layout import TEMPORARY
from corpuscope.ledger.schema import (
    COLUMNS,
    LAST_EVENT_KEY,
    NAMES,
    VERSION,
    VERSION_KEY,
    arrow_schema,
    migrated,
)

ROWS_A_GROUP = 2_000
"""A document is read by decoding its row group, a summary by reading all of them: this serves both."""

_T = TypeVar("_T")
_FEW = [column.name for column in COLUMNS if column.few]


class PartDamaged(Exception):
    """The file is no longer what was written."""


class NotAPart(Exception):
    """A Parquet file, but not one of this ledger."""


@dataclass(frozen=True, slots=True)
class PartInfo:
    """What a part's footer says."""

    version: int
    """Schema version."""
    rows: int
    """Events."""
    bytes: int
    """Size of the columns before compression."""


def write(table: pa.Table, path: Path, files: Files) -> None:
    """Writes `table`, whose rows lie in the order of their ids, to the new file `path`, durably.

    The file has its name only once it is complete and on the disk. Raises OSError.
    """
    last = table["event_id"][-1].as_py()
    metadata = {VERSION_KEY: str(VERSION).encode(), LAST_EVENT_KEY: last.encode()}
    buffer = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata(metadata),
        buffer,
        row_group_size=ROWS_A_GROUP,
        compression="zstd",
        use_dictionary=_FEW,
        write_page_checksum=True,
    )
    temporary = path.with_name(path.name + TEMPORARY)
    files.remove(temporary)
    descriptor = files.create(temporary)
    try:
        files.write(descriptor, buffer.getvalue().to_pybytes())
        files.sync(descriptor)
        files.rename(temporary, path)
    except OSError:
        files.remove(temporary)
        raise
    finally:
        files.close(descriptor)
    files.sync_folder(path.parent)


def info(path: Path) -> PartInfo:
    """What the footer of `path` says. Raises PartDamaged, NotAPart, LedgerError or OSError."""
    with _opened(path) as file:
        return _checked(path, file)


def read(path: Path, names: tuple[str, ...] = NAMES) -> pa.Table:
    """The columns `names` of a part of any version. Raises PartDamaged, NotAPart, LedgerError or OSError."""
    with _opened(path) as file:
        version = _checked(path, file).version
        stored = [column.name for column in COLUMNS if column.name in names and column.since <= version]
        table = _guarded(lambda: file.read(columns=stored))
    return migrated(table, list(names))


def read_row(path: Path, row: int) -> dict[str, object]:
    """One row with all its columns. Raises like `read`."""
    with _opened(path) as file:
        _checked(path, file)
        for group in range(file.metadata.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            if row < size:
                table = _guarded(partial(file.read_row_group, group))
                return dict(migrated(table.slice(row, 1), list(NAMES)).to_pylist()[0])
            row -= size
    raise PartDamaged("it has fewer rows than before")


def _opened(path: Path) -> pq.ParquetFile:
    return _guarded(lambda: pq.ParquetFile(path, page_checksum_verification=True, read_dictionary=_FEW))


def _checked(path: Path, file: pq.ParquetFile) -> PartInfo:
    """Proves that the footer is one this version wrote or can read."""
    meta = file.metadata
    schema = _guarded(meta.schema.to_arrow_schema)
    keys = meta.metadata or {}
    if VERSION_KEY not in keys:
        if {"event_id", "document_id"} & set(schema.names):
            raise PartDamaged("its footer has lost the schema version")
        raise NotAPart
    try:
        version = int(keys[VERSION_KEY])
    except ValueError:
        raise PartDamaged("its schema version is not a number") from None
    expected = arrow_schema(version)
    found = schema.remove_metadata()
    if version > VERSION:
        # Later versions only add columns, so what is known here can be read; anything else must not be guessed.
        if not all(name in found.names and found.field(name).equals(expected.field(name)) for name in NAMES):
            raise LedgerError(
                f"{path} was written by a newer corpuscope (schema {version}, this one knows {VERSION})",
                "upgrade corpuscope; nothing was changed",
            )
    elif not found.equals(expected):
        raise PartDamaged(f"its columns are not those of schema {version}")
    groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
    if sum(group.num_rows for group in groups) != meta.num_rows:
        raise PartDamaged("its row counts disagree")
    return PartInfo(version, meta.num_rows, sum(group.total_byte_size for group in groups))


def _guarded(action: Callable[[], _T]) -> _T:
    """Runs `action`; what Arrow finds wrong with the file becomes PartDamaged; the system's own errors pass."""
    try:
        return action()
    except OSError as error:
        if error.errno:
            raise
        raise PartDamaged(_first_line(error)) from error
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise PartDamaged(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
