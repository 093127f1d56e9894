"""The one thing read of a part without pyarrow, whose import would delay the first frame."""

import re
from pathlib import Path

from corpuscope.ledger.layout import list_ledger

_TRAILER = 8
"""A Parquet file ends with the length of its footer in four bytes, and PAR1."""
# In the footer each key of the file metadata is followed by two bytes of Thrift framing and its value.
_LAST_EVENT = re.compile(
    rb"corpuscope\.ledger\.last_event..([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.DOTALL
)


def last_event_of_parts(folder: Path) -> str | None:
    """The greatest event id in the parts of a ledger, None when there is none. Raises OSError."""
    return max(filter(None, map(_last_event, list_ledger(folder).parts)), default=None)


def _last_event(path: Path) -> str | None:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None  # merged away since it was listed; closing sessions make no new ids
    with file:
        size = file.seek(0, 2)
        file.seek(max(size - _TRAILER, 0))
        length = int.from_bytes(file.read(4), "little")
        file.seek(max(size - _TRAILER - length, 0))
        found = _LAST_EVENT.findall(file.read(length))
    return max(found).decode() if found else None
