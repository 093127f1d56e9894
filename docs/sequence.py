"""Makes one animated SVG of several pictures of the app, without a script, so that it moves as an image too."""

import re
from dataclasses import dataclass

FONTS = re.compile(r"@font-face \{.*?\n    \}\n", re.DOTALL)
"""Fonts from elsewhere, which no browser loads for an image."""
OUTER = re.compile(r"<svg[^>]*viewBox=\"0 0 ([\d.]+) ([\d.]+)\"[^>]*>(.*)</svg>", re.DOTALL)
CAPTION = 64
"""Height of the line under the pictures."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture, shown for a while."""

    picture: str
    """An SVG as Textual exports it."""
    caption: str
    """What is said under it."""
    seconds: float
    """How long it stays."""


def sequence(frames: list[Frame], description: str) -> str:
    """The frames one after the other, for ever; the last one alone for people who want nothing to move."""
    matched = [OUTER.search(frame.picture) for frame in frames]
    sizes = {found.groups()[:2] for found in matched if found}
    assert len(sizes) == 1, "pictures of one size, made by Textual"
    ((width, height),) = sizes
    total, begin = sum(frame.seconds for frame in frames), 0.0
    rules, groups = [], []
    for i, (frame, found) in enumerate(zip(frames, matched, strict=True)):
        assert found
        first, last = 100 * begin / total, 100 * (begin + frame.seconds) / total
        begin += frame.seconds
        hidden = "" if i == 0 else "0% { visibility: hidden } "
        after = "" if i == len(frames) - 1 else f"{last:.3f}%, 100% {{ visibility: hidden }} "
        rules.append(
            f"@keyframes k{i} {{ {hidden}{first:.3f}% {{ visibility: visible }} {after}}}\n"
            f".f{i} {{ visibility: hidden; animation: k{i} {total:g}s step-end infinite }}"
        )
        said = (
            f'<text x="{float(width) / 2:g}" y="{float(height) + 42:g}" class="said">{frame.caption}</text>'
        )
        groups.append(f'<g class="f{i}">{FONTS.sub("", found[3]).strip()}{said}</g>')
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
