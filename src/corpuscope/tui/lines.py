"""One-line drawings: what fits of a list of pieces, most important first."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len


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
    """What a click on it runs, None for nothing."""


def fitting(pieces: Sequence[Piece], width: int, gap: int) -> list[Piece]:
    """The pieces that fit into `width` cells, `gap` between them; the least important are dropped first."""
    kept = list(pieces)
    while kept and sum(cell_len(p.text) for p in kept) + gap * (len(kept) - 1) > width:
        last = max(range(len(kept)), key=lambda i: (kept[i].priority, i))
        del kept[last]
    return kept
