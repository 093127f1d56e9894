"""A page as frozen blocks, independent of its output format."""

from __future__ import annotations

from dataclasses import dataclass

from corpuscope.report.excerpts import Excerpt
from corpuscope.report.sentences import Phrase
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
class Sentence:
    """A paragraph with names of corpora and categories in it."""

    phrases: tuple[Phrase, ...]
    """Its parts."""


@dataclass(frozen=True, slots=True)
class Care:
    """What a reader has to know before using the results."""

    sentences: tuple[tuple[Phrase, ...], ...]
    """One sentence per reason."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One estimate with its interval."""

    low: float
    """Lower end of the interval, as a fraction."""
    value: float
    """Estimate, as a fraction."""
    high: float
    """Upper end of the interval, as a fraction."""
    estimate: str
    """The estimate in words."""
    interval: str
    """The interval in words."""
    established: bool
    """False for a difference that is not established, and for a share of 0: the mark is hollow."""


@dataclass(frozen=True, slots=True)
class ChartRow:
    """The estimates of one category."""

    category: str
    """Its name."""
    colour: int
    """Position of its colour in `Page.colours`."""
    marks: tuple[Mark, ...]
    """One per corpus or pair of corpora."""


@dataclass(frozen=True, slots=True)
class ShareFigure:
    """Shares of all corpora on one scale from 0; their numbers are also in a table."""

    title: str
    """Heading of the chart."""
    caption: str
    """What is drawn."""
    corpora: tuple[str, ...]
    """Names of the corpora."""
    rows: tuple[ChartRow, ...]
    """Categories from top to bottom, each with a mark per corpus."""
    scale: float
    """Right end of the scale, as a fraction."""


@dataclass(frozen=True, slots=True)
class DifferenceFigure:
    """Differences of pairs of corpora on one scale around 0; their numbers are also in tables."""

    title: str
    """Heading of the chart."""
    caption: str
    """What is drawn."""
    pairs: tuple[str, ...]
    """Names of the pairs, "two minus one"."""
    rows: tuple[ChartRow, ...]
    """Categories from top to bottom, each with a mark per pair."""
    scale: float
    """Right end of the scale, as a fraction; the left end is its negative."""


@dataclass(frozen=True, slots=True)
class StackRow:
    """What each corpus of a mixture contributes to one category."""

    category: str
    """Its name."""
    colour: int
    """Position of its colour in `Page.colours`."""
    parts: tuple[float | None, ...]
    """Fraction of the mixture from each corpus; None from one without labels."""
    most: float
    """Fraction if every corpus without labels held nothing else."""
    mark: Mark
    """The share with its interval, as fractions of the mixture; not established where only bounds are known."""


@dataclass(frozen=True, slots=True)
class StackFigure:
    """Categories of a mixture as stacked bars on one scale from 0; their numbers are also in a table."""

    title: str
    """Heading of the chart."""
    caption: str
    """What is drawn."""
    corpora: tuple[str, ...]
    """Names of the corpora, from the left of a bar."""
    rows: tuple[StackRow, ...]
    """Categories from top to bottom."""
    scale: float
    """Right end of the scale, as a fraction of the mixture."""
    ticks: tuple[tuple[float, str], ...]
    """Fractions with a label, from 0 to the end."""


Block = (
    Heading
    | Paragraph
    | Bullets
    | Sentence
    | Care
    | Table
    | ShareFigure
    | DifferenceFigure
    | StackFigure
    | Excerpt
)
"""Any part of a page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A title with blocks below it."""

    title: str
    """Plain text."""
    blocks: tuple[Block, ...]
    """Blocks from top to bottom."""
    above: str = ""
    """Line above the title: day, size and readers."""
    colours: tuple[tuple[str, str], ...] = ()
    """Colours of the categories in charts as #rrggbb, on a light and on a dark background."""
