"""The themes Textual does not bring: one for bright rooms and bad beamers, and a light one that can be read."""

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
)
"""Textual's light theme with colours that stand out as text; its own green and orange are below 2:1."""

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
"""White on black, every other colour bright; nothing dimmed below 12:1."""
