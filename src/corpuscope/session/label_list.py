"""What was labelled, as a filtered list for a screen: frozen, and no text in it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.ledger.read.records import SKIPPED, LabelQuery

if TYPE_CHECKING:  # the first frame must not wait for numpy
    from collections.abc import Mapping

    from corpuscope.ledger.read.event_columns import Ints
    from corpuscope.ledger.read.label_index import LabelIndex


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One decision in the list."""

    category: str
    """What it is called today, `SKIPPED` for a skip, what it was called where that was split up."""
    corpus: str
    """Key of the corpus."""
    draw: int
    """Which draw brought the document."""
    annotator: str
    """Who decided."""
    look: int
    """1 for a first reading, 2 for a second one."""
    characters: int
    """Length of the text."""
    bookmarked: bool
    """Whether its annotator has it bookmarked."""
    disputed: bool
    """Whether the document was put into different categories."""
    note: str
    """Its annotator's note, "" for none."""
    final: str
    """The final category of the document, "" for none."""


@dataclass(frozen=True, slots=True)
class LabelList:
    """Decisions that were asked for, in their order. Made in a worker, which may take a moment."""

    decisions: Decisions
    """The ledger it was made of."""
    label_index: "LabelIndex"
    """All decisions of it."""
    positions: "Ints"
    """Those that were asked for, as the catalogue numbers them."""
    finals: "Mapping[str, str]"
    """Final categories by document id."""
    cursor: int = 0
    """The row a reader was on."""

    @classmethod
    def of(
        cls, decisions: Decisions, scheme: CategoryScheme, query: LabelQuery, before: Self | None = None
    ) -> Self:
        """What `query` keeps. `before` is a list made earlier, whose catalogue serves if no label came since."""
        if before is not None and before.decisions is decisions:
            return replace(before, positions=before.label_index.find(query))
        catalogue = decisions.label_index(scheme)
        return cls(decisions, catalogue, catalogue.find(query), decisions.finals(scheme))

    def __len__(self) -> int:
        return len(self.positions)

    def decision(self, row: int) -> Decision:
        """The decision in a row."""
        return self.label_index.decision(int(self.positions[row]))

    def row(self, row: int) -> LabelRow:
        """What a row shows."""
        number = int(self.positions[row])
        decision = self.label_index.decision(number)
        return LabelRow(
            category=self.label_index.category(number) or decision.category or SKIPPED,
            corpus=decision.corpus,
            draw=decision.draw,
            annotator=decision.annotator,
            look=decision.look,
            characters=decision.characters,
            bookmarked=decision.bookmarked,
            disputed=self.label_index.disputed(number),
            note=decision.note or "",
            final=self.finals.get(decision.document_id, ""),
        )

    def keeping_cursor(self, before: Self | None, row: int) -> Self:
        """This list with the reader on the label that was in `row` of another one, else as near as can be."""
        if before is None or not len(before) or not len(self):
            return self
        there = before.decision(min(row, len(before) - 1))
        number = self.label_index.position_of(there.document_id, there.annotator, there.look)
        found = (self.positions == number).nonzero()[0]
        return replace(self, cursor=int(found[0]) if len(found) else row)
