"""One labelled document, read again: everything about it in sight, a category key labels it anew."""

from collections.abc import Callable

from corpuscope.domain.category import Category
from corpuscope.errors import LedgerError
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.session.label_list import LabelList
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.screens.document_review import DocumentRef, DocumentReviewScreen, ReviewedDocument
from corpuscope.tui.widgets.status_line import StatusItem


class RelabelScreen(DocumentReviewScreen[ReviewedDocument]):
    """Goes through a list of labels, forth and back."""

    def __init__(
        self, workspace: Workspace, labelled: LabelList, place: int, on_move: Callable[[int], None]
    ) -> None:
        """Shows the label in row `place`; `on_move` hears of every other one that is shown."""
        self._labelled = labelled
        self._place = place
        self._on_move = on_move
        self._decided: dict[str, int] = {}
        super().__init__(workspace, _ref(labelled.decision(place)))

    def compute(self, query: DocumentRef | None, decisions: Decisions) -> ReviewedDocument:
        """The document."""
        assert query is not None, "a list names its documents"
        return self.read_document(query, decisions)

    def show_header(self) -> None:
        """Where in the list."""
        place = f"{self._place + 1:,} of {len(self._labelled):,}"
        self.fill_header(StatusItem("review", "", 5), StatusItem(place, "bold", 0))

    def category_of(self, result: ReviewedDocument) -> str | None:
        """One's own category, else the one in the list."""
        row = self._labelled.decision(self._place)
        wanted = [
            reading.category
            for who, look in ((self._workspace.annotator, self._look), (row.annotator, row.look))
            for reading in result.document_decisions.decisions
            if (reading.annotator, reading.look) == (who, look)
        ]
        return self.scheme.today(wanted[0]) if wanted and wanted[0] else None

    def on_category(self, category: Category) -> None:
        """Labels the document anew; the document stays."""
        result = self.shown
        if result is None:
            return
        before = self.category_of(result)
        try:
            self._review_actions.label(result.document, category.name, self._look)
        except LedgerError as fault:
            self.on_save_failed(fault)
            return
        self._decided[result.document.id] = self._place
        was = f" (was {one_line(before)})" if before and before != category.name else ""
        who = one_line(self._workspace.annotator, 20)
        self.on_saved(
            StatusItem(f"{who}: {one_line(category.name)}{was}", "$text-success"),
            StatusItem("· u to undo", "$foreground-muted", 2, "undo"),
        )

    def action_back(self) -> None:
        """The label before."""
        self._step(-1)

    def action_forward(self) -> None:
        """The next label."""
        self._step(+1)

    def return_to(self, document_id: str) -> None:
        """The row it was labelled in."""
        self._show(self._decided[document_id])

    @property
    def _look(self) -> int:
        """Which look of one's own a category key changes."""
        row = self._labelled.decision(self._place)
        return row.look if row.annotator == self._workspace.annotator else 1

    def _step(self, step: int) -> None:
        if 0 <= self._place + step < len(self._labelled):
            self._show(self._place + step)

    def _show(self, place: int) -> None:
        self._place = place
        self._on_move(place)
        self.open_document(_ref(self._labelled.decision(place)))


def _ref(decision: Decision) -> DocumentRef:
    return DocumentRef(decision.document_id, decision.event_id)
