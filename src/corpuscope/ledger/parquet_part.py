"""One part: a Parquet file written whole, read with its checksums verified, with a second copy of what decides."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from zlib import crc32

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.errors import LedgerError
from corpuscope.files import Files
from corpuscope.ledger.folder import TEMPORARY
from corpuscope.ledger.parquet_schema import (
    COLUMNS,
    LAST_EVENT_KEY,
    NAMES,
    VERSION,
    VERSION_KEY,
    arrow_schema,
    migrated,
)

DECIDING = tuple(column.name for column in COLUMNS if not column.optional_content)
"""The columns an event cannot do without."""

BACKUP_MARK = b"corpuscope.spare"
"""Ends the spare."""

_TRAILER = 8
"""A Parquet file ends with the length of its footer in four bytes, and PAR1."""

_WIDTH = 8
"""Bytes of the spare's length; half of them of its checksum."""


def with_backup(part: memoryview, table: pa.Table) -> memoryview:
    """The bytes of a part that holds `table`, with a spare of it in them."""
    buffer = pa.BufferOutputStream()
    pq.write_table(table.select(DECIDING), buffer, compression="zstd", write_statistics=False)
    copy = buffer.getvalue().to_pybytes()
    footer = len(part) - _TRAILER - int.from_bytes(part[-_TRAILER:-4], "little")
    frame = len(copy).to_bytes(_WIDTH, "little") + crc32(copy).to_bytes(_WIDTH // 2, "little") + BACKUP_MARK
    return memoryview(b"".join((part[:footer], copy, frame, part[footer:])))


def read_backup(path: Path) -> pa.Table | None:
    """The deciding columns of the part at `path`; None where it carries no spare, or no sound one. Raises OSError."""
    copy = _sound_copy(path.read_bytes())
    return None if copy is None else pq.read_table(pa.BufferReader(copy))


def backup_is_damaged(path: Path) -> bool:
    """Whether the part at `path` carries a spare that is not what was written. Raises OSError."""
    content = path.read_bytes()
    return BACKUP_MARK in content and _sound_copy(content) is None


def _sound_copy(content: bytes) -> bytes | None:
    end = len(content)
    while (end := content.rfind(BACKUP_MARK, 0, end)) >= 0:
        checksum = end - _WIDTH // 2
        start = checksum - _WIDTH - int.from_bytes(content[checksum - _WIDTH : checksum], "little")
        copy = content[max(start, 0) : checksum - _WIDTH]
        if crc32(copy) == int.from_bytes(content[checksum:end], "little"):
            return copy
    return None


ROWS_A_GROUP = 2_000
"""A document is read by decoding its row group, a summary by reading all of them: this serves both."""

BACKUP_DAMAGED = "its second copy of the labels is not what was written"
"""What is said of a part that can be read, but not saved if it were damaged later."""

_T = TypeVar("_T")

_FEW = [column.name for column in COLUMNS if column.dictionary]

# Least and greatest texts help no query, and would sit uncompressed and without a checksum in headers and footer.
_COMPARED = [column.name for column in COLUMNS if not column.optional_content]


class PartDamaged(Exception):
    """The file is no longer what was written."""


class NotAPart(Exception):
    """A Parquet file, but not one of this ledger."""


class ParquetPart:
    """An open part of any version whose footer was checked; a context manager.

    Opening raises PartDamaged, NotAPart, LedgerError for a version that cannot be read, or OSError; reading
    raises PartDamaged or OSError.
    """

    def __init__(self, path: Path, *, coded: bool = False) -> None:
        """`coded` leaves columns of few values as dictionaries."""
        self._path = path
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
        """Events."""
        return int(self._file.metadata.num_rows)

    @property
    def bytes(self) -> int:
        """Size of all columns before compression."""
        meta = self._file.metadata
        return sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))

    @property
    def group_rows(self) -> list[int]:
        """Events of each row group."""
        meta = self._file.metadata
        return [meta.row_group(group).num_rows for group in range(meta.num_row_groups)]

    def read(self, names: tuple[str, ...] = NAMES) -> pa.Table:
        """The columns `names`; those the part's version lacks hold their defaults."""
        return migrated(
            _guarded(lambda: _whole(self._file.read(columns=self._stored(names)), self.rows)), names
        )

    def read_group(self, group: int, names: tuple[str, ...] = NAMES) -> pa.Table:
        """The same for one row group."""
        stored, rows = self._stored(names), self.group_rows[group]
        return migrated(
            _guarded(lambda: _whole(self._file.read_row_group(group, columns=stored), rows)), names
        )

    def read_row(self, row: int) -> dict[str, Any]:
        """One event with all its columns."""
        for group, size in enumerate(self.group_rows):
            if row < size:
                found: dict[str, Any] = self.read_group(group).slice(row, 1).to_pylist()[0]
                return found
            row -= size
        raise PartDamaged("it has fewer events than before")

    def verify(self) -> None:
        """Reads every byte of it, the spare too."""
        for group in range(len(self.group_rows)):
            self.read_group(group)
        if backup_is_damaged(self._path):
            raise PartDamaged(BACKUP_DAMAGED)

    def _stored(self, names: tuple[str, ...]) -> list[str]:
        return [column.name for column in COLUMNS if column.name in names and column.since <= self.version]

    def _checked_version(self, path: Path) -> int:
        """Proves that the footer is one this version wrote or can read."""
        meta = self._file.metadata
        schema = _guarded(meta.schema.to_arrow_schema)
        keys = meta.metadata or {}
        if VERSION_KEY not in keys:
            if {"event_id", "document_id"} & set(schema.names):
                raise PartDamaged("its footer has lost the schema version")
            raise NotAPart
        version = int(keys[VERSION_KEY]) if keys[VERSION_KEY].isdigit() else -1
        expected, found = arrow_schema(version), schema.remove_metadata()
        if version > VERSION:
            # Later versions only add columns, so what is known here can be read; nothing else may be guessed.
            known = [found.field(name) for name in expected.names if name in found.names]
            if known != list(expected):
                raise LedgerError(
                    f"{path} was written by a newer corpuscope (schema {version}, this one knows {VERSION})",
                    "upgrade corpuscope; nothing was changed",
                )
        elif not found.equals(expected):
            raise PartDamaged(f"its columns are not those of schema {version}")
        if sum(self.group_rows) != self.rows:
            raise PartDamaged("its row counts disagree")
        return version


def read(path: Path, names: tuple[str, ...] = NAMES) -> pa.Table:
    """The columns `names` of the part at `path`. Raises like `ParquetPart`."""
    with ParquetPart(path) as part:
        return part.read(names)


def write(table: pa.Table, path: Path, files: Files) -> None:
    """Writes `table`, whose rows lie in the order of their ids, to the new file `path`, durably.

    The file has its name only once it is complete and on the disk. Raises OSError, or LedgerError for texts too
    large for Parquet.
    """
    try:
        content = _content(table)
    except pa.ArrowException as error:
        raise LedgerError(f"{path} cannot be written as Parquet: {_first_line(error)}") from error
    temporary = path.with_name(path.name + TEMPORARY)
    files.remove(temporary)
    descriptor = files.create(temporary)
    try:
        files.write(descriptor, content)
        files.sync(descriptor)
        files.rename(temporary, path)
    except OSError:
        files.remove(temporary)
        raise
    finally:
        files.close(descriptor)
    files.sync_folder(path.parent)


def _content(table: pa.Table) -> memoryview:
    last = table["event_id"][-1].as_py()
    metadata = {VERSION_KEY: str(VERSION).encode(), LAST_EVENT_KEY: last.encode()}
    buffer = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata(metadata),
        buffer,
        row_group_size=ROWS_A_GROUP,
        compression="zstd",
        use_dictionary=_FEW,
        write_statistics=_COMPARED,
        write_page_checksum=True,
    )
    return with_backup(memoryview(buffer.getvalue()), table)


def _open(path: Path, *, coded: bool) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path, page_checksum_verification=True, read_dictionary=_FEW if coded else None)
    except KeyError:  # it has none of these columns: whoever checks its footer will say what it is
        return pq.ParquetFile(path, page_checksum_verification=True)


def _whole(table: pa.Table, rows: int) -> pa.Table:
    """`table`, proven to be as long as the footer says and sound inside: no checksum covers headers of pages."""
    if len(table) != rows:
        raise PartDamaged(f"it has {len(table):,} events in place of {rows:,}")
    table.validate(full=True)
    return table


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
