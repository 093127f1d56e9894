"""What can still be read of a damaged part: a flipped byte costs some texts and no label."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from corpuscope.ledger.parts import NotAPart, Part, PartDamaged
from corpuscope.ledger.schema import COLUMNS, NAMES
from corpuscope.ledger.spare import DECIDING, spare_of

_CONTENT = tuple(column.name for column in COLUMNS if column.content)


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
    """Reads what can be read, row group by row group, what decides from the spare where need be. Raises OSError."""
    groups: list[pa.Table] = []
    lost: Counter[str] = Counter()
    spare = spare_of(path)
    try:
        with Part(path) as part:
            total, start = part.rows, 0
            for number, rows in enumerate(part.group_rows):
                try:
                    deciding = part.read_group(number, DECIDING)
                except PartDamaged:
                    if spare is None or len(spare) != total:
                        start += rows
                        continue
                    deciding = spare.slice(start, rows)
                start += rows
                groups.append(_completed(deciding, _content(part, number), lost))
    except (PartDamaged, NotAPart):
        if spare is None:
            return Rescued(None, None, {})
        total, groups = len(spare), [_completed(spare, {}, lost)]
    return Rescued(pa.concat_tables(groups) if groups else None, total, dict(sorted(lost.items())))


def _completed(deciding: pa.Table, content: Mapping[str, pa.ChunkedArray], lost: Counter[str]) -> pa.Table:
    """Rows with every column; the content that is missing is null, and added to what was `lost`."""
    columns = {name: deciding[name] for name in DECIDING} | dict(content)
    for name in set(_CONTENT) - content.keys():
        columns[name] = _nulls(name, len(deciding))
        lost[name] += len(deciding)
    return pa.table({name: columns[name] for name in NAMES})


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
