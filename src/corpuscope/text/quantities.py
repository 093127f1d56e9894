"""Numbers with the nouns that they count."""

from __future__ import annotations


def quantity(count: int, noun: str) -> str:
    """Return a number with its noun: "1 file", "2,000 files"."""
    return f"{count:,} {noun}{'s' * (count != 1)}"
