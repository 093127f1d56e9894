"""The one theme Textual does not bring: for bright rooms, bad beamers and tired eyes."""

from textual.theme import Theme

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
