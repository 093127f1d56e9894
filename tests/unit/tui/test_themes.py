"""Every word on screen can be read in every theme whose colours are known."""

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from corpuscope.config.category_file import COLOURS
from corpuscope.config.settings import THEMES
from corpuscope.tui.themes import HIGH_CONTRAST, LIGHT, ON_DARK, ON_LIGHT

OURS = {theme.name: theme for theme in (LIGHT, HIGH_CONTRAST)}
KNOWN = [OURS.get(name) or BUILTIN_THEMES[name] for name in THEMES.values() if not name.startswith("ansi")]


def luminance(colour: Color) -> float:
    channels = [
        c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour.rgb
    ]
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it: 1 for none, 21 for black on white."""
    darker, lighter = sorted(luminance(Color.parse(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", KNOWN, ids=lambda theme: theme.name)
@pytest.mark.parametrize("word", ["success", "warning", "accent", "text-error"])
def test_words_in_colour_stand_out(theme: Theme, word: str) -> None:
    colours = theme.to_color_system().generate()
    for behind in ("background", "surface", "panel"):
        assert contrast(colours[word], colours[behind]) >= 4.5


@pytest.mark.parametrize("theme", KNOWN, ids=lambda theme: theme.name)
def test_every_colour_a_category_may_name_can_be_read_and_told_from_the_others(theme: Theme) -> None:
    colours = theme.to_color_system().generate()
    meant = ON_DARK if theme.dark else ON_LIGHT
    named = {name: Color(*meant.ansi_colors[number]).hex for number, name in enumerate(COLOURS)}
    for colour in named.values():
        for behind in ("background", "surface", "panel"):
            assert contrast(colour, colours[behind]) >= 4.5
    assert len(set(named.values())) == len(COLOURS)


def test_dimmed_words_can_be_read_on_light_ground() -> None:
    colours = LIGHT.to_color_system().generate()
    for word in ("text-muted", "foreground-muted"):
        for behind in ("background", "surface", "panel"):
            assert contrast(colours[word], colours[behind]) >= 4.5
