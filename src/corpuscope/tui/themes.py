"""Themes that Textual lacks, and the colours of categories on dark and on light backgrounds, in several tones."""

from __future__ import annotations

from collections.abc import Mapping

from rich.color import Color as RichColor
from rich.terminal_theme import TerminalTheme
from textual.app import App
from textual.color import Color
from textual.theme import Theme

from corpuscope.config.palette import DARK_COLOURS, LIGHT_COLOURS
from corpuscope.domain.category import CategoryScheme


def _chrome(muted: str, frame: str, grid: str, selection: str, text: str, **accents: str) -> dict[str, str]:
    """Return the variables of a theme beyond the colours that Textual names."""
    return {
        "foreground-muted": muted,
        "text-muted": muted,
        "border-blurred": frame,
        "primary-muted": frame,
        "frame": frame,
        "grid": grid,
        "scrollbar": muted,
        "scrollbar-hover": text,
        "scrollbar-active": text,
        "scrollbar-background": grid,
        "scrollbar-background-hover": grid,
        "scrollbar-background-active": grid,
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


def _terminal_theme(background: str, foreground: str, colours: Mapping[str, str]) -> TerminalTheme:
    """Build a terminal theme of sixteen colours in the order of their numbers."""
    triples = [Color.parse(value).rgb for value in (background, foreground, *colours.values())]
    return TerminalTheme(triples[0], triples[1], triples[2:10], triples[10:])


ON_DARK = _terminal_theme("#121212", "#e0e0e0", DARK_COLOURS)
"""Colour names on a dark background."""

ON_LIGHT = _terminal_theme("#f5f5f5", "#1f1f1f", LIGHT_COLOURS)
"""Colour names on a light background."""

STRENGTHS = (1.0, 0.72, 0.48, 0.3)
"""Strength of the colour of each corpus against the background."""
GREYS = (0.62, 0.45, 0.32, 0.22)
"""Strength of the foreground in the bars of the weights."""


def tones_of(scheme: CategoryScheme, app: App[None]) -> dict[str, tuple[str, ...]]:
    """Return a style for each tone of each category, by its name; none where the terminal has only 16 colours."""
    if app.current_theme.ansi:
        return {}
    ground = _background(app)
    tones = {}
    for category in scheme.categories:
        red, green, blue = RichColor.parse(category.colour).get_truecolor(app.ansi_theme)
        tones[category.name] = tuple(_style(Color(red, green, blue), ground, part) for part in STRENGTHS)
    return tones


def grey_tones(app: App[None]) -> tuple[str, ...]:
    """Return a style for the bar of each corpus's weight; none where the terminal has only 16 colours."""
    if app.current_theme.ansi:
        return ()
    foreground = Color.parse(app.theme_variables["foreground"])
    return tuple(_style(foreground, _background(app), part) for part in GREYS)


def _background(app: App[None]) -> Color:
    return Color.parse(app.theme_variables["background"])


def _style(colour: Color, ground: Color, strength: float) -> str:
    """Return the style of a mark on a segment: readable on the colour mixed into the background."""
    tone = ground.blend(colour, strength)
    return f"{tone.get_contrast_text(1.0).hex} on {tone.hex}"
