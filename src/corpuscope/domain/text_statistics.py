"""What can be counted about a text at once, however long it is."""

from dataclasses import dataclass

SAMPLED = 1 << 16
"""Characters counted exactly; a longer text is judged by its first ones, so that no key waits for a count."""

SHORT_LINE = 30
"""A line of fewer characters is short; many short lines mark menus, tables and debris."""

CHARACTERS_PER_TOKEN = 4.2
"""English web text under common byte-pair vocabularies; only for estimates, which say so."""


@dataclass(frozen=True, slots=True)
class TextStatistics:
    """Counts of one text."""

    characters: int
    """Code points, exact."""
    words: int
    """Stretches between white space."""
    lines: int
    """Lines, empty ones not counted."""
    short_lines: float
    """Share of those lines with fewer than SHORT_LINE characters."""
    tokens: int
    """The corpus's own count, or an estimate."""
    exact: bool
    """True when words, lines and short_lines were counted over the whole text."""
    tokens_given: bool
    """True when tokens is the corpus's own count."""


def statistics_of(text: str, tokens: int | None = None) -> TextStatistics:
    """The facts of `text`; beyond SAMPLED characters words and lines are scaled up from the start of it."""
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
