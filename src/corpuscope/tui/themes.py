"""Themes that Textual lacks, and the values of categories' colour names on dark and on light backgrounds."""

from __future__ import annotations

from rich.terminal_theme import TerminalTheme
from textual.color import Color
from textual.theme import Theme


def _chrome(muted: str, frame: str, grid: str, selection: str, text: str, **accents: str) -> dict[str, str]:
    """Return the variables of a theme beyond the colours that Textual names."""
    return {
        "foreground-muted": muted,
        "text-muted": muted,
        "border-blurred": frame,
        "primary-muted": frame,
        "frame": frame,
        "grid": grid,
        "scrollbar-background": grid,
        "block-hover-background": selection,
        "block-cursor-background": selection,
        "block-cursor-foreground": text,
        "block-cursor-blurred-background": selection,
        **{f"text-{name}": colour for name, colour in accents.items()},
    }


DARK = Theme(
    name="dark",
    primary="#ffb454",
    secondary="#6089ff",
    accent="#ffb454",
    warning="#ffb454",
    error="#ff7a8a",
    success="#7cc48a",
    foreground="#e0e0e0",
    background="#121212",
    surface="#121212",
    panel="#1c2228",
    boost="#1b2530",
    dark=True,
    variables=_chrome(
        muted="#9a9a9a",
        frame="#4a5560",
        grid="#333333",
        selection="#1b2530",
        text="#e0e0e0",
        accent="#ffb454",
        warning="#ffb454",
        error="#ff7a8a",
        success="#7cc48a",
    ),
)
"""One background, no tinted panels; only the header has a tint."""

LIGHT = Theme(
    name="light",
    primary="#7a4600",
    secondary="#1e35b2",
    accent="#7a4600",
    warning="#7a4600",
    error="#8e2540",
    success="#1b6b3f",
    foreground="#1f1f1f",
    background="#f5f5f5",
    surface="#f5f5f5",
    panel="#e8ebee",
    boost="#e9f1f7",
    dark=False,
    variables=_chrome(
        muted="#5a5a5a",
        frame="#a3adb7",
        grid="#d4d4d4",
        selection="#e9f1f7",
        text="#1f1f1f",
        accent="#7a4600",
        warning="#7a4600",
        error="#8e2540",
        success="#1b6b3f",
    ),
)
"""The light theme, whose colours are readable as text."""

HIGH_CONTRAST = Theme(
    name="high-contrast",
    primary="#00d7ff",
    secondary="#ffd700",
    accent="#ffd700",
    warning="#ffaf00",
    error="#ff5f5f",
    success="#5fff5f",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    boost="#262626",
    dark=True,
    variables=_chrome(muted="#d0d0d0", frame="#00d7ff", grid="#808080", selection="#303030", text="#ffffff"),
)
"""White on black with bright colours; muted text keeps a contrast of at least 12:1."""


def _terminal_theme(background: str, foreground: str, plain: str, bright: str) -> TerminalTheme:
    """Build a terminal theme of colours in six hex digits.

    `plain` and `bright` list black, red, green, yellow, blue, magenta, cyan and white.
    """
    colours = (background, foreground, *plain.split(), *bright.split())
    triples = [Color.parse(f"#{digits}").rgb for digits in colours]
    return TerminalTheme(triples[0], triples[1], triples[2:10], triples[10:])


ON_DARK = _terminal_theme(
    "121212",
    "e0e0e0",
    "9a9a9a f6571f 7cc48a fdd12c 6089ff f78fbd 5ce6f8 d8d8d8",
    "8f8f90 f59a52 d3f3a3 fff07a b0a4f2 f8d1d3 4bb5ac ffffff",
)
"""Colour names on a dark background: seven of the built-in categories and five more, told apart by people who are
colour-blind as far as colours can be; the name and the key always stand beside them."""

ON_LIGHT = _terminal_theme(
    "f5f5f5",
    "1f1f1f",
    "1f1f1f 7c191c 1b7c55 8a5c01 1e35b2 6b0559 1a758e 4a4a4a",
    "575a5f 7e3d04 537733 7a4300 5b417d 5b0628 0f3d39 202020",
)
"""Colour names on a light background."""
