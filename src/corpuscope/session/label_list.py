"""The filtered list of labels behind the review screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.ledger.read.event_columns import Ints
from corpuscope.ledger.read.label_index import LabelIndex
from corpuscope.ledger.read.records import SKIPPED, LabelQuery


@dataclass(frozen=True, slots=True)
class LabelRow:
    """The cells of one decision in the list."""

    event_id: str
    """Id of the decision, by which its document is read."""
    category: str
    """Name of its category today, `SKIPPED` for a skip; the former name when the category was split up."""
    corpus: str
    """Key of the corpus."""
    draw: int
    """The draw of the document."""
    annotator: str
    """Name of the annotator."""
    look: int
    """1 for a first look, 2 for a second look."""
    characters: int
    """Length of the text in characters."""
    bookmarked: bool
    """Whether its annotator has it bookmarked."""
    disputed: bool
    """Whether the document was given different categories."""
    note: str
    """Its annotator's note, "" for none."""
    final: str
    """The final category of the document, "" for none."""
    document_id: str
    """Id of the document."""
    unsure: bool = False
    """Whether the annotator was unsure of it."""


@dataclass(frozen=True, slots=True)
class LabelList:
    """The decisions that match a query, in its order. Built in a worker, since that can take a moment."""

    decisions: Decisions
    """The ledger that the list was built from."""
    label_index: LabelIndex
    """The index of all decisions in the ledger."""
    positions: Ints
    """Positions of the matching decisions in the index."""
    finals: Mapping[DocumentKey, str]
    """Final categories of documents."""
    cursor: int = 0
    """The row of the cursor."""

    @classmethod
    def of(
        cls, decisions: Decisions, scheme: CategoryScheme, query: LabelQuery, before: Self | None = None
    ) -> Self:
        """Build the list of `query`, with the index of an earlier list if no label was added since."""
        if before is not None and before.decisions is decisions:
            return replace(before, positions=before.label_index.find(query))
        label_index = decisions.label_index(scheme)
        return cls(decisions, label_index, label_index.find(query), decisions.finals(scheme))

    def __len__(self) -> int:
        return len(self.positions)

    def decision(self, row: int) -> Decision:
        """Return the decision in a row."""
        return self.label_index.decision(int(self.positions[row]))

    def row(self, row: int) -> LabelRow:
        """Return the cells of a row."""
        position = int(self.positions[row])
        decision = self.label_index.decision(position)
        return LabelRow(
            event_id=decision.event_id,
            unsure=decision.unsure,
            category=self.label_index.category(position) or decision.category or SKIPPED,
            corpus=decision.corpus,
            draw=decision.draw,
            annotator=decision.annotator,
            look=decision.look,
            characters=decision.characters,
            bookmarked=decision.bookmarked,
            disputed=self.label_index.disputed(position),
            note=decision.note or "",
            final=self.finals.get(decision.document_key, ""),
            document_id=decision.document_id,
        )

    def row_of_draw(self, draw: int, corpus: str) -> int | None:
        """Return the first row of a draw, of `corpus` if it is listed there; None when no row has it."""
        rows = self.label_index.with_draw(draw)[self.positions].nonzero()[0].tolist()
        own = (row for row in rows if self.decision(row).corpus == corpus)
        return next(own, rows[0] if rows else None)

    def keeping_cursor(self, before: Self | None, row: int) -> Self:
        """Return this list with the cursor on the label in `row` of `before`, or else on the same row."""
        if before is None or not len(before) or not len(self):
            return self
        decision = before.decision(min(row, len(before) - 1))
        position = self.label_index.position_of(decision.document_key, decision.annotator, decision.look)
        rows = (self.positions == position).nonzero()[0]
        return replace(self, cursor=int(rows[0]) if len(rows) else row)
