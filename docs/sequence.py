"""Combine pictures of the app into one SVG animated by CSS alone, so that it also moves as an image."""

from __future__ import annotations

import re
from dataclasses import dataclass

FONTS = re.compile(r"@font-face \{.*?\n    \}\n", re.DOTALL)
"""Matches web fonts, which no browser loads for an image."""
OUTER = re.compile(r"<svg[^>]*viewBox=\"0 0 ([\d.]+) ([\d.]+)\"[^>]*>(.*)</svg>", re.DOTALL)
"""Matches a whole SVG: width, height, content."""
CAPTION = 64
"""Height of the caption in SVG units."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the animation."""

    picture: str
    """SVG as exported by Textual."""
    caption: str
    """Caption below the picture."""
    seconds: float
    """How long the frame is shown."""


def sequence(frames: list[Frame], description: str) -> str:
    """Return an SVG that loops through the frames, or shows the last one to users who prefer reduced motion.

    `description` is its text alternative. All frames have to be of one size.
    """
    matched = [OUTER.search(frame.picture) for frame in frames]
    sizes = {match.groups()[:2] for match in matched if match}
    assert len(sizes) == 1, "pictures of one size, made by Textual"
    ((width, height),) = sizes
    total, begin = sum(frame.seconds for frame in frames), 0.0
    rules, groups = [], []
    for i, (frame, match) in enumerate(zip(frames, matched, strict=True)):
        assert match
        first, last = 100 * begin / total, 100 * (begin + frame.seconds) / total
        begin += frame.seconds
        hidden = "" if i == 0 else "0% { visibility: hidden } "
        after = "" if i == len(frames) - 1 else f"{last:.3f}%, 100% {{ visibility: hidden }} "
        rules.append(
            f"@keyframes k{i} {{ {hidden}{first:.3f}% {{ visibility: visible }} {after}}}\n"
            f".f{i} {{ visibility: hidden; animation: k{i} {total:g}s step-end infinite }}"
        )
        caption_text = (
            f'<text x="{float(width) / 2:g}" y="{float(height) + 42:g}" class="said">{frame.caption}</text>'
        )
        groups.append(f'<g class="f{i}">{FONTS.sub("", match[3]).strip()}{caption_text}</g>')
    still = (
        "@media (prefers-reduced-motion: reduce) { g { animation: none !important } "
        f".f{len(frames) - 1} {{ visibility: visible }} }}"
    )
    caption = ".said { font: 26px monospace; fill: #808080; text-anchor: middle }"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {float(height) + CAPTION:g}" role="img" '
        f'aria-label="{description}">\n<title>{description}</title>\n<style>\n'
        + "\n".join([caption, *rules, still])
        + "\n</style>\n"
        + "\n".join(groups)
        + "\n</svg>\n"
    )
