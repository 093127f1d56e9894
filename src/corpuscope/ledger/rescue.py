"""What can still be read of a damaged part: a flipped byte costs some texts or a row group, not a whole part."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from corpuscope.ledger.parts import NotAPart, Part, PartDamaged
from corpuscope.ledger.schema import COLUMNS, NAMES

_CONTENT = tuple(column.name for column in COLUMNS if column.content)
_DECIDING = tuple(column.name for column in COLUMNS if not column.content)


@dataclass(frozen=True, slots=True)
class Rescued:
    """The whole rows of a damaged part, and those that only lack content."""

    table: pa.Table | None
    """What was saved, with every column of the present version; None when that is nothing."""
    total: int | None
    """Events the part held, None when its footer cannot be read."""
    lost: Mapping[str, int]
    """Content columns that are null now, with the number of saved events that miss them."""

    def __str__(self) -> str:
        saved = len(self.table) if self.table is not None else 0
        if self.total is None:
            return "nothing in it could be read"
        lost = [f"{events:,} without {name}" for name, events in self.lost.items()]
        return ", ".join([f"{saved:,} of its {self.total:,} events were saved", *lost])


def rescue(path: Path) -> Rescued:
    """Reads what can be read, row group by row group. Raises OSError."""
    groups: list[pa.Table] = []
    lost: Counter[str] = Counter()
    try:
        with Part(path) as part:
            total = part.rows
            for number in range(len(part.group_rows)):
                try:
                    deciding = part.read_group(number, _DECIDING)
                except PartDamaged:
                    continue
                content = _content(part, number)
                columns = {name: deciding[name] for name in _DECIDING} | content
                for name in set(_CONTENT) - content.keys():
                    columns[name] = _nulls(name, len(deciding))
                    lost[name] += len(deciding)
                groups.append(pa.table({name: columns[name] for name in NAMES}))
    except (PartDamaged, NotAPart):
        return Rescued(None, None, {})
    return Rescued(pa.concat_tables(groups) if groups else None, total, dict(sorted(lost.items())))


def _content(part: Part, group: int) -> dict[str, pa.ChunkedArray]:
    """The content columns of a row group that can be read."""
    found: dict[str, pa.ChunkedArray] = {}
    for name in _CONTENT:
        with suppress(PartDamaged):
            found[name] = part.read_group(group, (name,))[name]
    if "text_bytes" not in found:  # nobody knows which texts were exact
        found.pop("text", None)
    return found


def _nulls(name: str, rows: int) -> pa.ChunkedArray:
    kind = next(column.type for column in COLUMNS if column.name == name)
    return pa.chunked_array([pa.nulls(rows, kind)])
