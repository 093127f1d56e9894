"""The disagreements: every reader's label and note beside the document, one key gives the final category."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from corpuscope.domain.category import Category
from corpuscope.errors import LedgerError, UsageError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.screens.document_review import DocumentRef, DocumentReviewScreen, ReviewedDocument
from corpuscope.tui.widgets.status_line import StatusItem

NONE = "there is no document on which readers do not agree"
"""Said when there is nothing to decide."""


@dataclass(frozen=True, slots=True)
class Disagreement(ReviewedDocument):
    """One disagreement among all."""

    all: tuple[DocumentRef, ...]
    """Every one there was when the screen was opened, by corpus and draw."""
    adjudicated: AbstractSet[str]
    """Ids of the documents that have a final category."""

    @property
    def place(self) -> int:
        """Which of all it is, from 0."""
        return self.all.index(self.ref)

    @property
    def open(self) -> int:
        """How many are not adjudicated."""
        return sum(ref.document_id not in self.adjudicated for ref in self.all)


class AdjudicateScreen(DocumentReviewScreen[Disagreement]):
    """Goes from one disagreement to the next; not blind, after all the labels are given."""

    def __init__(self, workspace: Workspace, corpora: Sequence[str] = ()) -> None:
        """Begins with the first disagreement that is not adjudicated."""
        super().__init__(workspace, None)
        self._corpora = tuple(corpora)

    def compute(self, query: DocumentRef | None, decisions: Decisions) -> Disagreement:
        """Return the requested disagreement, at first the first open one."""
        adjudicated = decisions.finals(self._workspace.scheme).keys()
        every = self._result.all if self._result else self._every(decisions)
        if query is None:
            query = next((each for each in every if each.document_id not in adjudicated), every[0])
        result = self.read_document(query, decisions)
        return Disagreement(result.ref, result.document, result.document_decisions, every, adjudicated)

    def show_header(self) -> None:
        """How far."""
        pieces = [StatusItem("adjudicate", "", 5)]
        if result := self._result:
            done = len(result.all) - result.open
            pieces.append(StatusItem(f"{done:,} of {len(result.all):,} settled", "bold", 0))
            pieces.append(StatusItem(f"this is {result.place + 1:,}", "", 2))
        self.fill_header(*pieces)

    def category_of(self, result: Disagreement) -> str | None:
        """The final one."""
        final = result.document_decisions.final
        return self.scheme.today(final.category) if final else None

    def on_category(self, category: Category) -> None:
        """Makes it the final category and goes on to the next disagreement."""
        result = self.shown
        if result is None:
            return
        try:
            self._review_actions.adjudicate(result.document, category.name)
        except LedgerError as fault:
            self.on_save_failed(fault)
            return
        adjudicated = {*result.adjudicated, result.document.id}
        after = [*result.all[result.place + 1 :], *result.all[: result.place]]
        following = next((each for each in after if each.document_id not in adjudicated), None)
        if following:
            self.open_document(following)
        done = StatusItem(f"final: {one_line(category.name)}", "$text-success")
        where = StatusItem(f"· {one_line(result.document.corpus, 20)}", "$foreground-muted", 4)
        undo = StatusItem("· u to undo", "$foreground-muted", 2, "undo")
        over = () if following else (StatusItem("· every disagreement is settled", "$text-success", 1),)
        self.on_saved(done, *over, where, undo)

    def action_undo(self) -> None:
        """Takes back the last final decision given here, else the one of the document on screen."""
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

    def return_to(self, document_id: str) -> None:
        """Show a disagreement adjudicated before."""
        if self._result:
            self.open_document(next(each for each in self._result.all if each.document_id == document_id))

    def action_back(self) -> None:
        """The disagreement before, adjudicated or not."""
        self._step(-1)

    def action_forward(self) -> None:
        """The next disagreement, adjudicated or not."""
        self._step(+1)

    def _step(self, step: int) -> None:
        if (result := self._result) and 0 <= result.place + step < len(result.all):
            self.open_document(result.all[result.place + step])

    def _every(self, decisions: Decisions) -> tuple[DocumentRef, ...]:
        catalogue = decisions.label_index(self._workspace.scheme)
        disputes = map(catalogue.decision, catalogue.first_of_each_disagreement(self._corpora))
        every = tuple(DocumentRef(each.document_id, each.event_id) for each in disputes)
        if not every:
            raise UsageError(NONE, "esc goes back")
        return every
