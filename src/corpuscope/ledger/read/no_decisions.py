"""What a session reads from a ledger without events: nothing, and without loading numpy.

Loading numpy would take a fifth of the time until a newcomer's first document is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from corpuscope.ledger.folder import list_ledger
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.read.records import Decision, DocumentNotes, RepeatStatus

if TYPE_CHECKING:
    from corpuscope.ledger.read.decisions import Decisions

PastDecisions: TypeAlias = "Decisions | NoDecisions"
"""What a session reads from a ledger."""


def is_without_events(folder: Path) -> bool:
    """Tell whether a labels folder holds no part, and only undamaged journals without events. Raises OSError."""
    files = list_ledger(folder)
    if files.parts or files.irregular:
        return False
    scans = (scan_file(journal) for journal in files.journals)
    return not any(scan.events or scan.damaged for scan in scans)


class NoDecisions:
    """The methods of `Decisions` that a session calls, for a ledger without decisions."""

    def draws(self, *_: object) -> frozenset[int]:
        """Return no draws."""
        return frozenset()

    def substitutes(self, *_: object) -> Iterator[tuple[str, int]]:
        """Yield no documents."""
        return iter(())

    def by_draw(self, *_: object) -> Iterator[Decision]:
        """Yield no decisions."""
        return iter(())

    def recent(self, *_: object) -> list[Decision]:
        """Return no decisions."""
        return []

    def counts(self, *_: object) -> Mapping[str, int]:
        """Return no categories."""
        return {}

    def notes(self, *_: object) -> list[DocumentNotes]:
        """Return no notes."""
        return []

    def repeat_status(self, *_: object) -> RepeatStatus:
        """Return the status of an annotator who has decided nothing."""
        return RepeatStatus(0, None, (), frozenset(), {})
