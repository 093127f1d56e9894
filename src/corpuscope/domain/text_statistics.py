"""Text statistics that take constant time, however long the text."""

from __future__ import annotations

from dataclasses import dataclass

SAMPLED = 1 << 16
"""Characters scanned exactly; longer texts are extrapolated from them, so that no key press waits for a count."""

SHORT_LINE = 30
"""Lines with fewer characters are short; many short lines indicate menus, tables and boilerplate."""

CHARACTERS_PER_TOKEN = 4.2
"""Average of English web text under common byte-pair vocabularies; used only for marked estimates."""


@dataclass(frozen=True, slots=True)
class TextStatistics:
    """Statistics of one text."""

    characters: int
    """Number of code points, always exact."""
    words: int
    """Number of words separated by white space."""
    lines: int
    """Number of non-empty lines."""
    short_lines: float
    """Share of the non-empty lines with fewer than SHORT_LINE characters, from 0 to 1."""
    tokens: int
    """The corpus's own token count, or an estimate."""
    exact: bool
    """True when words, lines and short_lines cover the whole text."""
    tokens_given: bool
    """True when `tokens` is the corpus's own count."""


def statistics_of(text: str, tokens: int | None = None) -> TextStatistics:
    """Return the statistics of `text`; beyond SAMPLED characters, words and lines are extrapolated."""
    head = text[:SAMPLED]
    scale = len(text) / len(head) if head else 1.0
    lines = [line for line in head.split("\n") if line and not line.isspace()]
    short = sum(len(line.strip()) < SHORT_LINE for line in lines)
    return TextStatistics(
        characters=len(text),
        words=round(len(head.split()) * scale),
        lines=round(len(lines) * scale),
        short_lines=short / len(lines) if lines else 0.0,
        tokens=tokens if tokens is not None else round(len(text) / CHARACTERS_PER_TOKEN),
        exact=len(head) == len(text),
        tokens_given=tokens is not None,
    )
