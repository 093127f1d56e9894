"""The document on screen, and the one that waits to be labelled."""

from dataclasses import dataclass

from corpuscope.domain.document import Document


@dataclass(frozen=True, slots=True)
class Pending:
    """The document to label."""

    document: Document
    """Its text and address."""
    look: int
    """1 for a first reading, 2 for a blind second one."""
    note: str = ""
    """What was noted at this second look; earlier notes stay hidden like the label."""
    bookmarked: bool = False
    """Whether it was bookmarked at this second look."""
    kept: bool = False
    """Whether it was bookmarked before; a second look, which does not show that, leaves it so."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the screen shows."""

    document: Document
    """The text and its address."""
    decided: bool
    """True when this document already has a decision."""
    category: str | None
    """Its category, None when undecided or skipped."""
    note: str
    """Its note, "" for none."""
    bookmarked: bool
    """Whether it is bookmarked."""
    back: int
    """How many documents before the one to label; 0 for that one."""
