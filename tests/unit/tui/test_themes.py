"""The contrast of text in every theme whose colours are known."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from corpuscope.config.palette import COLOURS
from corpuscope.config.settings import THEMES
from corpuscope.tui.themes import DARK, HIGH_CONTRAST, LIGHT, ON_DARK, ON_LIGHT

OURS = {theme.name: theme for theme in (DARK, LIGHT, HIGH_CONTRAST)}
THEMES_WITH_KNOWN_COLOURS = [
    OURS.get(name) or BUILTIN_THEMES[name] for name in THEMES.values() if not name.startswith("ansi")
]


def luminance(colour: Color) -> float:
    channels = [
        c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour.rgb
    ]
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2: from 1 for equal colours to 21 for black on white."""
    darker, lighter = sorted(luminance(Color.parse(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES_WITH_KNOWN_COLOURS, ids=lambda theme: theme.name)
@pytest.mark.parametrize("word", ["success", "warning", "accent", "text-error"])
def test_coloured_text_is_readable(theme: Theme, word: str) -> None:
    colours = theme.to_color_system().generate()
    for background in ("background", "surface", "panel"):
        assert contrast(colours[word], colours[background]) >= 4.5


@pytest.mark.parametrize("theme", THEMES_WITH_KNOWN_COLOURS, ids=lambda theme: theme.name)
def test_category_colours_are_readable_and_distinct(theme: Theme) -> None:
    colours = theme.to_color_system().generate()
    palette = ON_DARK if theme.dark else ON_LIGHT
    by_name = {name: Color(*palette.ansi_colors[number]).hex for number, name in enumerate(COLOURS)}
    for colour in by_name.values():
        for background in ("background", "surface"):
            assert contrast(colour, colours[background]) >= 4.5
    assert len(set(by_name.values())) == len(COLOURS)


@pytest.mark.parametrize("theme", THEMES_WITH_KNOWN_COLOURS, ids=lambda theme: theme.name)
def test_muted_text_is_readable(theme: Theme) -> None:
    colours = theme.to_color_system().generate()
    for word in ("text-muted", "foreground-muted"):
        for background in ("background", "surface", "panel", "block-hover-background"):
            assert contrast(colours[word], colours[background]) >= 4.5
