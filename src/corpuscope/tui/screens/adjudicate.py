"""The adjudication screen: one key gives a disputed document its final category."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from corpuscope.domain.category import Category
from corpuscope.domain.document import DocumentKey
from corpuscope.errors import LedgerError, UsageError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.screens.document_review import DocumentRef, DocumentReviewScreen, ReviewedDocument
from corpuscope.tui.widgets.status_line import StatusItem

NONE = "there is no document on which readers do not agree"
"""Error shown when there is nothing to adjudicate."""


@dataclass(frozen=True, slots=True)
class Disagreement(ReviewedDocument):
    """A document with different categories, and its position among all of them."""

    all: tuple[DocumentRef, ...]
    """Every disagreement present when the screen was opened, by corpus and draw."""
    adjudicated: AbstractSet[DocumentKey]
    """Documents that have a final category."""

    @property
    def position(self) -> int:
        """Index of this disagreement in `all`."""
        return self.all.index(self.ref)

    @property
    def open_count(self) -> int:
        """Number of disagreements without a final category."""
        return sum(ref.document_key not in self.adjudicated for ref in self.all)


class AdjudicateScreen(DocumentReviewScreen[Disagreement]):
    """Show one disagreement after the other with every annotator's label and note; not blind."""

    def __init__(self, workspace: Workspace, corpora: Sequence[str] = ()) -> None:
        """Begin with the first disagreement that has no final category.

        `corpora` are keys of corpora; empty for all.
        """
        super().__init__(workspace, None)
        self._corpora = tuple(corpora)

    def compute(self, query: DocumentRef | None, decisions: Decisions) -> Disagreement:
        """Return the requested disagreement; for None the first one without a final category."""
        adjudicated = decisions.finals(self._workspace.scheme).keys()
        before = self._result  # the main thread may take it away meanwhile
        disagreements = before.all if before else self._disagreements(decisions)
        if query is None:
            unresolved = (ref for ref in disagreements if ref.document_key not in adjudicated)
            query = next(unresolved, disagreements[0])
        result = self.read_document(query, decisions)
        return Disagreement(
            result.ref, result.document, result.document_decisions, disagreements, adjudicated
        )

    def show_header(self) -> None:
        """Show the progress of the adjudication."""
        items = [StatusItem("adjudicate", "", 5)]
        if result := self._result:
            done = len(result.all) - result.open_count
            items.append(StatusItem(f"{done:,} of {len(result.all):,} settled", "bold", 0))
            items.append(StatusItem(f"this is {result.position + 1:,}", "", 2))
        self.fill_header(*items)

    def category_of(self, result: Disagreement) -> str | None:
        """Return the final category."""
        final = result.document_decisions.final
        return self.scheme.today(final.category) if final else None

    def on_category(self, category: Category) -> None:
        """Record the final category and show the next disagreement without one."""
        result = self.shown
        if result is None:
            return
        try:
            self._review_actions.adjudicate(result.document, category.name)
        except LedgerError as fault:
            self.on_save_failed(fault)
            return
        adjudicated = {*result.adjudicated, result.document.key}
        after = [*result.all[result.position + 1 :], *result.all[: result.position]]
        following = next((ref for ref in after if ref.document_key not in adjudicated), None)
        if following:
            self.open_document(following)
        done = StatusItem(f"final: {one_line(category.name)}", "$text-success")
        corpus = StatusItem(f"· {one_line(result.document.corpus, 20)}", "$foreground-muted", 4)
        all_done = () if following else (StatusItem("· every disagreement is settled", "$text-success", 1),)
        self.on_saved(done, *all_done, corpus, self.undo_item)

    def action_undo(self) -> None:
        """Undo the last final decision made on this screen, else that of the document shown."""
        result = self.shown
        if self._review_actions.can_undo or result is None or result.document_decisions.final is None:
            super().action_undo()
            return
        final = result.document_decisions.final
        try:
            self._review_actions.take_back(result.document, final.event_id)
        except LedgerError as fault:
            self.on_save_failed(fault)
        else:
            self.on_undone(result.document, final.category)

    def return_to(self, document: DocumentKey) -> None:
        """Show a disagreement that was adjudicated on this screen before."""
        if self._result:
            self.open_document(next(ref for ref in self._result.all if ref.document_key == document))

    def action_back(self) -> None:
        """Show the previous disagreement, adjudicated or not."""
        self._step(-1)

    def action_forward(self) -> None:
        """Show the next disagreement, adjudicated or not."""
        self._step(+1)

    def _step(self, step: int) -> None:
        if (result := self._result) and 0 <= result.position + step < len(result.all):
            self.open_document(result.all[result.position + step])

    def _disagreements(self, decisions: Decisions) -> tuple[DocumentRef, ...]:
        label_index = decisions.label_index(self._workspace.scheme)
        decisions_in_dispute = map(
            label_index.decision, label_index.first_of_each_disagreement(self._corpora)
        )
        refs = tuple(
            DocumentRef(decision.document_key, decision.event_id) for decision in decisions_in_dispute
        )
        if not refs:
            raise UsageError(NONE, "esc goes back")
        return refs
