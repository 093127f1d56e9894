"""The values of colour names on dark and on light backgrounds, for screens and pages."""

from __future__ import annotations

COLOURS = tuple(
    f"{bright}{colour}"
    for bright in ("", "bright_")
    for colour in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
)
"""Colour names every terminal knows, in the order of their numbers."""


def _named(values: str) -> dict[str, str]:
    return dict(zip(COLOURS, (f"#{digits}" for digits in values.split()), strict=True))


DARK_COLOURS = _named(
    "9a9a9a f6571f 7cc48a fdd12c 6089ff f78fbd 5ce6f8 d8d8d8 8f8f90 f59a52 d3f3a3 fff07a b0a4f2 f8d1d3 4bb5ac ffffff"
)
"""Values on a dark background: seven of the built-in categories and five more, told apart by colour-blind people
as well as colours can be; the name and the key always stand beside them."""

LIGHT_COLOURS = _named(
    "1f1f1f 7c191c 1b7c55 8a5c01 1e35b2 6b0559 1a758e 4a4a4a 575a5f 7e3d04 537733 7a4300 5b417d 5b0628 0f3d39 202020"
)
"""Values on a light background."""


def colour_value(colour: str, *, dark: bool) -> str:
    """Return a colour by name or as #rrggbb as #rrggbb."""
    return (DARK_COLOURS if dark else LIGHT_COLOURS).get(colour, colour)
