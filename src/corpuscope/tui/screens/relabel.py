"""The screen that shows one labelled document of a review and relabels it with a category key."""

from __future__ import annotations

from collections.abc import Callable

from corpuscope.domain.category import Category
from corpuscope.domain.document import DocumentKey
from corpuscope.errors import LedgerError
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.session.label_list import LabelList
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.screens.document_review import DocumentRef, DocumentReviewScreen, ReviewedDocument
from corpuscope.tui.widgets.status_line import StatusItem


class RelabelScreen(DocumentReviewScreen[ReviewedDocument]):
    """Show the labels of a list one by one."""

    def __init__(
        self, workspace: Workspace, labels: LabelList, row: int, on_move: Callable[[int], None]
    ) -> None:
        """Show the label in row `row` of `labels`; `on_move` is called with every other row that is shown."""
        self._labels = labels
        self._row = row
        self._on_move = on_move
        self._labelled_rows: dict[DocumentKey, int] = {}
        super().__init__(workspace, _ref(labels.decision(row)))

    def compute(self, query: DocumentRef | None, decisions: Decisions) -> ReviewedDocument:
        """Return the requested document."""
        assert query is not None, "a list names its documents"
        return self.read_document(query, decisions)

    def show_header(self) -> None:
        """Show the position in the list."""
        position = f"{self._row + 1:,} of {len(self._labels):,}"
        self.fill_header(StatusItem("review", "", 5), StatusItem(position, "bold", 0))

    def category_of(self, result: ReviewedDocument) -> str | None:
        """Return one's own category, else that of the label in the list."""
        listed = self._labels.decision(self._row)
        categories = [
            decision.category
            for annotator, look in ((self._workspace.annotator, self._look), (listed.annotator, listed.look))
            for decision in result.document_decisions.decisions
            if (decision.annotator, decision.look) == (annotator, look)
        ]
        return self.scheme.today(categories[0]) if categories and categories[0] else None

    def on_category(self, category: Category) -> None:
        """Relabel the document; it stays on screen."""
        result = self.shown
        if result is None:
            return
        before = self.category_of(result)
        try:
            self._review_actions.label(result.document, category.name, self._look)
        except LedgerError as fault:
            self.on_save_failed(fault)
            return
        self._labelled_rows[result.document.key] = self._row
        was = f" (was {one_line(before)})" if before and before != category.name else ""
        annotator = one_line(self._workspace.annotator, 20)
        self.on_saved(
            StatusItem(f"{annotator}: {one_line(category.name)}{was}", "$text-success"),
            self.undo_item,
        )

    def action_back(self) -> None:
        """Show the previous label."""
        self._step(-1)

    def action_forward(self) -> None:
        """Show the next label."""
        self._step(+1)

    def return_to(self, document: DocumentKey) -> None:
        """Show the row in which the document was relabelled."""
        self._show(self._labelled_rows[document])

    @property
    def _look(self) -> int:
        """Number of one's own look that a category key changes."""
        listed = self._labels.decision(self._row)
        return listed.look if listed.annotator == self._workspace.annotator else 1

    def _step(self, step: int) -> None:
        if 0 <= self._row + step < len(self._labels):
            self._show(self._row + step)

    def _show(self, row: int) -> None:
        self._row = row
        self._on_move(row)
        self.open_document(_ref(self._labels.decision(row)))


def _ref(decision: Decision) -> DocumentRef:
    return DocumentRef(decision.document_key, decision.event_id)
