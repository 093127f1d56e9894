"""Themes that Textual lacks, and the values of categories' colour names on dark and on light backgrounds."""

from __future__ import annotations

from rich.terminal_theme import TerminalTheme
from textual.color import Color
from textual.theme import Theme

LIGHT = Theme(
    name="light",
    primary="#004578",
    secondary="#0178d4",
    accent="#6e4600",
    warning="#6e4600",
    error="#8e2540",
    success="#1e5f33",
    background="#e0e0e0",
    surface="#d8d8d8",
    panel="#d0d0d0",
    dark=False,
    variables={"foreground-muted": "#4f4f4f", "text-muted": "#4f4f4f"},
)
"""Textual's light theme with colours readable as text: the contrast of its own green and orange is below 2:1."""

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
    variables={"foreground-muted": "#d0d0d0", "primary-muted": "#00d7ff", "text-muted": "#d0d0d0"},
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
    "d8d8d8",
    "989898 ff6b6b 7ad17a e0c050 79b0ff ff79c6 4fd0d8 d8d8d8",
    "a0a0a0 ff8f70 a6e22e fff07a a0c8ff d0a0ff 8be9fd ffffff",
)
"""Colour names on a dark background. Textual's own show magenta as red, and grey at a contrast of 2.6:1."""

ON_LIGHT = _terminal_theme(
    "e0e0e0",
    "1a1a1a",
    "1a1a1a 8e1e2d 1e6126 6b4a00 0b3f8f 7a1f6e 005a66 4a4a4a",
    "555555 9c2f00 33590a 7a4300 2b3f9e 8a1250 00556b 202020",
)
"""Colour names on a light background, where the contrast of Textual's own yellow is 2.0:1."""
