"""The second copy of what decides that every part carries, so that a flipped byte in it costs no label.

It stands between the pages of the part and its footer, where no reader of Parquet looks: a small Parquet file of
the deciding columns, its length and CRC-32, and a mark to find it by when the footer is lost.
"""

from pathlib import Path
from zlib import crc32

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.ledger.schema import COLUMNS

DECIDING = tuple(column.name for column in COLUMNS if not column.content)
"""The columns an event cannot do without."""
MARK = b"corpuscope.spare"
"""Ends the spare."""
_TRAILER = 8
"""A Parquet file ends with the length of its footer in four bytes, and PAR1."""
_WIDTH = 8
"""Bytes of the spare's length; half of them of its checksum."""


def with_spare(part: memoryview, table: pa.Table) -> memoryview:
    """The bytes of a part that holds `table`, with a spare of it in them."""
    buffer = pa.BufferOutputStream()
    pq.write_table(table.select(DECIDING), buffer, compression="zstd", write_statistics=False)
    copy = buffer.getvalue().to_pybytes()
    footer = len(part) - _TRAILER - int.from_bytes(part[-_TRAILER:-4], "little")
    frame = len(copy).to_bytes(_WIDTH, "little") + crc32(copy).to_bytes(_WIDTH // 2, "little") + MARK
    return memoryview(b"".join((part[:footer], copy, frame, part[footer:])))


def spare_of(path: Path) -> pa.Table | None:
    """The deciding columns of the part at `path`; None where it carries no spare, or no sound one. Raises OSError."""
    copy = _sound_copy(path.read_bytes())
    return None if copy is None else pq.read_table(pa.BufferReader(copy))


def is_spare_damaged(path: Path) -> bool:
    """Whether the part at `path` carries a spare that is not what was written. Raises OSError."""
    content = path.read_bytes()
    return MARK in content and _sound_copy(content) is None


def _sound_copy(content: bytes) -> bytes | None:
    end = len(content)
    while (end := content.rfind(MARK, 0, end)) >= 0:
        checksum = end - _WIDTH // 2
        start = checksum - _WIDTH - int.from_bytes(content[checksum - _WIDTH : checksum], "little")
        copy = content[max(start, 0) : checksum - _WIDTH]
        if crc32(copy) == int.from_bytes(content[checksum:end], "little"):
            return copy
    return None
