"""Write and read a part: a Parquet file with verified checksums and a backup copy of its deciding columns."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from zlib import crc32

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.errors import LedgerError
from corpuscope.files import Files, replacing
from corpuscope.ledger.columns import COLUMNS, NAMES
from corpuscope.ledger.folder import TEMPORARY
from corpuscope.ledger.parquet_schema import (
    LAST_EVENT_KEY,
    VERSION,
    VERSION_KEY,
    arrow_schema,
    migrated,
)

DECIDING = tuple(column.name for column in COLUMNS if not column.optional_content)
"""The columns without which an event does not count: all but the optional content."""

BACKUP_MARK = b"corpuscope.spare"
"""Ends the backup copy."""

_TRAILER = 8
"""Bytes at the end of a Parquet file: the length of its footer in four bytes, then PAR1."""

_WIDTH = 8
"""Bytes of the backup copy's length; its checksum takes half as many."""


def with_backup(part: memoryview, table: pa.Table) -> memoryview:
    """Return the bytes of `part` with a backup copy of the deciding columns of `table` before the footer."""
    buffer = pa.BufferOutputStream()
    pq.write_table(table.select(DECIDING), buffer, compression="zstd", write_statistics=False)
    copy = buffer.getvalue().to_pybytes()
    footer = len(part) - _TRAILER - int.from_bytes(part[-_TRAILER:-4], "little")
    frame = len(copy).to_bytes(_WIDTH, "little") + crc32(copy).to_bytes(_WIDTH // 2, "little") + BACKUP_MARK
    return memoryview(b"".join((part[:footer], copy, frame, part[footer:])))


def read_backup(path: Path) -> pa.Table | None:
    """Read the deciding columns from the part's backup copy; None when it has none intact. Raises OSError.

    Columns that the copy of an older version lacks get their defaults.
    """
    copy = _intact_backup(path.read_bytes())
    return None if copy is None else migrated(pq.read_table(pa.BufferReader(copy)), DECIDING)


def backup_is_damaged(path: Path) -> bool:
    """Tell whether the part at `path` has a backup copy that is no longer what was written. Raises OSError."""
    content = path.read_bytes()
    return BACKUP_MARK in content and _intact_backup(content) is None


def _intact_backup(content: bytes) -> bytes | None:
    end = len(content)
    while (end := content.rfind(BACKUP_MARK, 0, end)) >= 0:
        checksum = end - _WIDTH // 2
        start = checksum - _WIDTH - int.from_bytes(content[checksum - _WIDTH : checksum], "little")
        copy = content[max(start, 0) : checksum - _WIDTH]
        if crc32(copy) == int.from_bytes(content[checksum:end], "little"):
            return copy
    return None


ROWS_A_GROUP = 2_000
"""Rows of a row group: few enough to decode one for a document, enough to read them all for a summary."""

BACKUP_DAMAGED = "its second copy of the labels is not what was written"
"""The problem of a part that can be read, but whose labels a later damage would take."""

_T = TypeVar("_T")

_OWN_COLUMN = "session"
"""A column of every part that no export has: an export in the labels folder is not a damaged part."""

_DICTIONARY_COLUMNS = [column.name for column in COLUMNS if column.dictionary]

# The least and greatest text help no query, and headers and footer would hold them without a checksum.
_WITH_STATISTICS = [column.name for column in COLUMNS if not column.optional_content]


class PartDamaged(Exception):
    """The file is no longer what was written."""


class NotAPart(Exception):
    """A Parquet file, but not one of this ledger."""


@dataclass(frozen=True, slots=True)
class DamagedRows:
    """A row group that cannot be read."""

    rows: int
    """Number of its events."""
    damage: PartDamaged
    """What is wrong with it."""


class ParquetPart:
    """An open part of any version whose footer was checked; a context manager.

    Opening raises PartDamaged, NotAPart, LedgerError for a version that cannot be read, or OSError. Reading
    raises PartDamaged or OSError.
    """

    def __init__(self, path: Path, *, coded: bool = False) -> None:
        """Open the part and check its footer; `coded` reads dictionary columns as dictionary arrays."""
        self.path = path
        """Where the part is."""
        self._file = _guarded(lambda: _open(path, coded=coded))
        try:
            self.version = self._checked_version(path)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def rows(self) -> int:
        """Number of events."""
        return int(self._file.metadata.num_rows)

    @property
    def bytes(self) -> int:
        """Size of all columns before compression, in bytes."""
        meta = self._file.metadata
        return sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))

    @property
    def group_rows(self) -> list[int]:
        """Number of events in each row group."""
        meta = self._file.metadata
        return [meta.row_group(group).num_rows for group in range(meta.num_row_groups)]

    def read(self, names: tuple[str, ...] = NAMES) -> pa.Table:
        """Read the columns `names`; those that the part's version lacks get their defaults."""
        return migrated(
            _guarded(lambda: _whole(self._file.read(columns=self._stored(names)), self.rows)), names
        )

    def read_group(self, group: int, names: tuple[str, ...] = NAMES) -> pa.Table:
        """Read the columns `names` of one row group, as `read` does."""
        stored, rows = self._stored(names), self.group_rows[group]
        return migrated(
            _guarded(lambda: _whole(self._file.read_row_group(group, columns=stored), rows)), names
        )

    def groups(self, names: tuple[str, ...] = NAMES) -> Iterator[pa.Table | DamagedRows]:
        """Yield the columns `names` of each row group that can be read. Raises OSError."""
        for number, rows in enumerate(self.group_rows):
            try:
                group = self.read_group(number, names)
            except PartDamaged as damage:
                yield DamagedRows(rows, damage)
            else:
                yield group

    def read_row(self, row: int) -> dict[str, Any]:
        """Read one event with all its columns."""
        for group, size in enumerate(self.group_rows):
            if row < size:
                event: dict[str, Any] = self.read_group(group).slice(row, 1).to_pylist()[0]
                return event
            row -= size
        raise PartDamaged("it has fewer events than before")

    def verify(self) -> None:
        """Read every byte of the part and its backup copy. Raises PartDamaged."""
        for group in range(len(self.group_rows)):
            self.read_group(group)
        if backup_is_damaged(self.path):
            raise PartDamaged(BACKUP_DAMAGED)

    def _stored(self, names: tuple[str, ...]) -> list[str]:
        return [column.name for column in COLUMNS if column.name in names and column.since <= self.version]

    def _checked_version(self, path: Path) -> int:
        """Check that the footer is one that this version can read, and return the part's schema version."""
        meta = self._file.metadata
        schema = _guarded(meta.schema.to_arrow_schema)
        keys = meta.metadata or {}
        if VERSION_KEY not in keys:
            if _OWN_COLUMN in schema.names:
                raise PartDamaged("its footer has lost the schema version")
            raise NotAPart
        version = int(keys[VERSION_KEY]) if keys[VERSION_KEY].isdigit() else -1
        expected, actual = arrow_schema(version), schema.remove_metadata()
        if version > VERSION:
            # Later versions only add columns: a part with all columns of this version can be read.
            shared = [actual.field(name) for name in expected.names if name in actual.names]
            if shared != list(expected):
                raise LedgerError(
                    f"{path} was written by a newer corpuscope (schema {version}, this one knows {VERSION})",
                    "upgrade corpuscope; nothing was changed",
                )
        elif not actual.equals(expected):
            raise PartDamaged(f"its columns are not those of schema {version}")
        if sum(self.group_rows) != self.rows:
            raise PartDamaged("its row counts disagree")
        return version


def read(path: Path, names: tuple[str, ...] = NAMES) -> pa.Table:
    """Read the columns `names` of the part at `path`. Raises like `ParquetPart`."""
    with ParquetPart(path) as part:
        return part.read(names)


def read_ahead(paths: Iterable[Path], names: tuple[str, ...]) -> Iterator[Future[pa.Table]]:
    """Yield the columns `names` of each part, dictionary columns coded; a thread reads the next part meanwhile.

    Each future raises like `ParquetPart`. Close the iterator to end the thread.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="parts") as executor:
        tables = deque[Future[pa.Table]]()
        for path in paths:
            tables.append(executor.submit(_read_coded, path, names))
            if len(tables) > 1:
                yield tables.popleft()
        yield from tables


def _read_coded(path: Path, names: tuple[str, ...]) -> pa.Table:
    with ParquetPart(path, coded=True) as part:
        return part.read(names)


def write(table: pa.Table, path: Path, files: Files) -> None:
    """Write `table`, sorted by event id, durably to the new file `path`.

    The file gets its name only once it is complete and on the disk. Raises OSError, or LedgerError for texts
    too large for Parquet.
    """
    try:
        content = _content(table)
    except pa.ArrowException as error:
        raise LedgerError(f"{path} cannot be written as Parquet: {_first_line(error)}") from error
    with replacing(path, files, temporary=path.with_name(path.name + TEMPORARY)) as descriptor:
        files.write(descriptor, content)


def _content(table: pa.Table) -> memoryview:
    last = table["event_id"][-1].as_py()
    metadata = {VERSION_KEY: str(VERSION).encode(), LAST_EVENT_KEY: last.encode()}
    buffer = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata(metadata),
        buffer,
        row_group_size=ROWS_A_GROUP,
        compression="zstd",
        use_dictionary=_DICTIONARY_COLUMNS,
        write_statistics=_WITH_STATISTICS,
        write_page_checksum=True,
    )
    return with_backup(memoryview(buffer.getvalue()), table)


def _open(path: Path, *, coded: bool) -> pq.ParquetFile:
    try:
        dictionary_columns = _DICTIONARY_COLUMNS if coded else None
        return pq.ParquetFile(path, page_checksum_verification=True, read_dictionary=dictionary_columns)
    except KeyError:  # the file lacks these columns: the check of its footer says what it is
        return pq.ParquetFile(path, page_checksum_verification=True)


def _whole(table: pa.Table, rows: int) -> pa.Table:
    """Return `table` once its length and structure are verified: no checksum covers the page headers."""
    if len(table) != rows:
        raise PartDamaged(f"it has {len(table):,} events in place of {rows:,}")
    table.validate(full=True)
    return table


def _guarded(action: Callable[[], _T]) -> _T:
    """Run `action`; turn Arrow's errors about the file into PartDamaged, and let the system's pass."""
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
