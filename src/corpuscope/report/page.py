"""A page as frozen blocks, which Markdown and HTML are made of."""

from dataclasses import dataclass

from corpuscope.report.excerpts import Excerpt
from corpuscope.report.tables import Table


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a section."""

    text: str
    """What it is about."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    text: str
    """Plain text."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """Sentences one below the other."""

    items: tuple[str, ...]
    """Plain text each."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval of a picture."""

    name: str
    """What it is about."""
    low: float
    """Where the interval begins."""
    value: float
    """The estimate."""
    high: float
    """Where the interval ends."""
    words: str
    """The same in words, for who cannot see it."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of intervals on one scale of fractions, marked in percent. The numbers are also in a table."""

    title: str
    """What it shows."""
    bars: tuple[Bar, ...]
    """From top to bottom."""
    low: float
    """Left end of the scale."""
    high: float
    """Right end of the scale, beyond the left one."""


Block = Heading | Paragraph | Bullets | Table | Bars | Excerpt


@dataclass(frozen=True, slots=True)
class Page:
    """A title and what stands below it."""

    title: str
    """Plain text."""
    blocks: tuple[Block, ...]
    """From top to bottom."""
