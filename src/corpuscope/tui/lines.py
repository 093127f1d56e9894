"""One-line drawings: what fits of a list of pieces, most important first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line."""

    text: str
    """What it says."""
    style: str = ""
    """Textual style, theme variables allowed."""
    priority: int = 0
    """Lower numbers stay longer when room is short."""
    action: str | None = None
    """What a click on it runs, of the screen unless it begins with `app.`; None for nothing."""


def fitting(pieces: Sequence[Piece], width: int, gap: int) -> list[Piece]:
    """The pieces that fit into `width` cells, `gap` between them; the least important are dropped first.

    The last one left is never dropped: where it is too wide, its beginning and its end are kept.
    """
    kept = list(pieces)
    while len(kept) > 1 and sum(cell_len(p.text) for p in kept) + gap * (len(kept) - 1) > width:
        last = max(range(len(kept)), key=lambda i: (kept[i].priority, i))
        del kept[last]
    if kept and cell_len(kept[0].text) > width:
        kept[0] = replace(kept[0], text=_ends(kept[0].text, width))
    return kept


def _ends(text: str, width: int) -> str:
    """As much of both ends of a text as fits into `width` cells."""
    room = max(width - 1, 0)
    head, tail = set_cell_size(text, room // 2), set_cell_size(text[::-1], room - room // 2)[::-1]
    return f"{head}…{tail}" if width > 0 else ""
