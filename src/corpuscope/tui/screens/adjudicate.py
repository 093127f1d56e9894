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
class Dispute(ReviewedDocument):
    """One disagreement among all."""

    every: tuple[DocumentRef, ...]
    """Every one there was when the screen was opened, by corpus and draw."""
    settled: AbstractSet[str]
    """Ids of the documents that have a final category."""

    @property
    def place(self) -> int:
        """Which of all it is, from 0."""
        return self.every.index(self.subject)

    @property
    def open(self) -> int:
        """How many are not settled."""
        return sum(subject.document_id not in self.settled for subject in self.every)


class AdjudicateScreen(DocumentReviewScreen[Dispute]):
    """Goes from one disagreement to the next; not blind, after all the labels are given."""

    def __init__(self, workspace: Workspace, corpora: Sequence[str] = ()) -> None:
        """Begins with the first disagreement that is not settled."""
        super().__init__(workspace, None)
        self._corpora = tuple(corpora)

    def compute(self, asked: DocumentRef | None, decisions: Decisions) -> Dispute:
        """The dispute that was asked for, at first the first one that is open."""
        settled = decisions.finals(self._workspace.scheme).keys()
        every = self._found.every if self._found else self._every(decisions)
        if asked is None:
            asked = next((each for each in every if each.document_id not in settled), every[0])
        found = self.opened(asked, decisions)
        return Dispute(found.subject, found.document, found.standing, every, settled)

    def head(self) -> None:
        """How far."""
        pieces = [StatusItem("adjudicate", "", 5)]
        if found := self._found:
            done = len(found.every) - found.open
            pieces.append(StatusItem(f"{done:,} of {len(found.every):,} settled", "bold", 0))
            pieces.append(StatusItem(f"this is {found.place + 1:,}", "", 2))
        self.show_head(*pieces)

    def category_of(self, found: Dispute) -> str | None:
        """The final one."""
        final = found.standing.final
        return self.scheme.today(final.category) if final else None

    def decide(self, category: Category) -> None:
        """Makes it the final category and goes on to the next disagreement."""
        found = self.shown
        if found is None:
            return
        try:
            self._desk.adjudicate(found.document, category.name)
        except LedgerError as fault:
            self.refused(fault)
            return
        settled = {*found.settled, found.document.id}
        after = [*found.every[found.place + 1 :], *found.every[: found.place]]
        following = next((each for each in after if each.document_id not in settled), None)
        if following:
            self.go(following)
        done = StatusItem(f"final: {one_line(category.name)}", "$text-success")
        where = StatusItem(f"· {one_line(found.document.corpus, 20)}", "$foreground-muted", 4)
        undo = StatusItem("· u to undo", "$foreground-muted", 2, "undo")
        over = () if following else (StatusItem("· every disagreement is settled", "$text-success", 1),)
        self.on_saved(done, *over, where, undo)

    def action_undo(self) -> None:
        """Takes back the last final decision given here, else the one of the document on screen."""
        found = self.shown
        if self._desk.can_undo or found is None or found.standing.final is None:
            super().action_undo()
            return
        final = found.standing.final
        try:
            self._desk.take_back(found.document, final.event_id)
        except LedgerError as fault:
            self.refused(fault)
        else:
            self.taken_back(found.document, final.category)

    def return_to(self, document_id: str) -> None:
        """One that was settled before."""
        if self._found:
            self.go(next(each for each in self._found.every if each.document_id == document_id))

    def action_back(self) -> None:
        """The disagreement before, settled or not."""
        self._step(-1)

    def action_forward(self) -> None:
        """The next disagreement, settled or not."""
        self._step(+1)

    def _step(self, step: int) -> None:
        if (found := self._found) and 0 <= found.place + step < len(found.every):
            self.go(found.every[found.place + step])

    def _every(self, decisions: Decisions) -> tuple[DocumentRef, ...]:
        catalogue = decisions.catalogue(self._workspace.scheme)
        disputes = map(catalogue.decision, catalogue.disputes(self._corpora))
        every = tuple(DocumentRef(each.document_id, each.event_id) for each in disputes)
        if not every:
            raise UsageError(NONE, "esc goes back")
        return every
