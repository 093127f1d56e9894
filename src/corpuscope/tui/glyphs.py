"""Draw frames, bars and marks with ASCII characters, for fonts that lack the others."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_PLAIN = {
    "─━╸╺│┃┊": "-===|#:",
    "╭╮╰╯├┤┬┴┼┿╋": "+++++++++++",
    "█▓▒░▐▌▏": "#=-.##|",
    "★▸◂": "*><",
    "●○■□▲▼◆": "o.#:^v+",
}
_TABLE = str.maketrans("".join(_PLAIN), "".join(_PLAIN.values()))
"""Each character of frames, bars and charts -> the one in its place, of the same width."""


def plain(text: str) -> str:
    """Return a text with the marks of frames, bars and charts as ASCII characters of the same width."""
    return text.translate(_TABLE)


class PlainGlyphs(LineFilter):
    """Filter that translates what is painted, except documents: their widget leaves it out."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - of the base class
        """Return the segments with their text translated."""
        return [Segment(plain(text), style, control) for text, style, control in segments]
