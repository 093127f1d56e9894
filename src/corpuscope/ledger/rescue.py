"""What can still be read of a damaged part: a flipped byte costs some texts or a row group, not a whole part."""

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
    texts_lost: int
    """Saved events whose text is null now."""

    def __str__(self) -> str:
        saved = len(self.table) if self.table is not None else 0
        if self.total is None:
            return "nothing in it could be read"
        lost = f", {self.texts_lost:,} of them without their texts" if self.texts_lost else ""
        return f"{saved:,} of its {self.total:,} events were saved{lost}"


def rescue(path: Path) -> Rescued:
    """Reads what can be read, row group by row group. Raises OSError."""
    groups: list[pa.Table] = []
    texts_lost = 0
    try:
        with Part(path) as part:
            total = part.rows
            for number in range(len(part.group_rows)):
                try:
                    deciding = part.read_group(number, _DECIDING)
                except PartDamaged:
                    continue
                columns = {name: deciding[name] for name in _DECIDING}
                columns |= _content(part, number, len(deciding))
                texts_lost += columns["text"].null_count
                groups.append(pa.table({name: columns[name] for name in NAMES}))
    except (PartDamaged, NotAPart):
        return Rescued(None, None, 0)
    return Rescued(pa.concat_tables(groups) if groups else None, total, texts_lost)


def _content(part: Part, group: int, rows: int) -> dict[str, pa.ChunkedArray]:
    """The content columns of a row group, null where they cannot be read."""
    found: dict[str, pa.ChunkedArray] = {}
    for name in _CONTENT:
        try:
            found[name] = part.read_group(group, (name,))[name]
        except PartDamaged:
            found[name] = _nulls(name, rows)
            if name == "text_bytes":  # without it nobody knows which texts were exact
                found["text"] = _nulls("text", rows)
    return found


def _nulls(name: str, rows: int) -> pa.ChunkedArray:
    kind = next(column.type for column in COLUMNS if column.name == name)
    return pa.chunked_array([pa.nulls(rows, kind)])
