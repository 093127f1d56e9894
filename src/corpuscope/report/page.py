"""A page as frozen blocks, independent of its output format."""

from __future__ import annotations

from dataclasses import dataclass

from corpuscope.report.excerpts import Excerpt
from corpuscope.report.tables import Table


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section."""

    text: str
    """Plain text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str
    """Plain text."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A bulleted list."""

    items: tuple[str, ...]
    """Items as plain text."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval with its estimate in a bar chart."""

    name: str
    """Label beside the bar."""
    low: float
    """Lower end of the interval, as a fraction."""
    value: float
    """Estimate, as a fraction."""
    high: float
    """Upper end of the interval, as a fraction."""
    words: str
    """The numbers in words, for screen readers."""
    established: bool = True
    """False for a difference that is not established, which is drawn as a thin line."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart of intervals on one scale, marked in percent; its numbers are also in a table."""

    title: str
    """Title of the chart."""
    bars: tuple[Bar, ...]
    """Bars from top to bottom."""
    low: float
    """Left end of the scale, as a fraction."""
    high: float
    """Right end of the scale, as a fraction; greater than the left end."""


Block = Heading | Paragraph | Bullets | Table | Bars | Excerpt
"""Any part of a page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A title with blocks below it."""

    title: str
    """Plain text."""
    blocks: tuple[Block, ...]
    """Blocks from top to bottom."""
