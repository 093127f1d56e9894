"""The sidebar of a document: categories, other annotators' labels on request, statistics, and the guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from corpuscope.domain.category import CategoryScheme
from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.document_info import DocumentInfo
from corpuscope.tui.widgets.guide import Guide

if TYPE_CHECKING:  # loads most of what reads the ledger, which the first frame does without
    from corpuscope.tui.widgets.annotator_labels import AnnotatorLabels


LEAST_INFO = 10
"""Rows that the guide beside the keys leaves to the rest of the sidebar."""
ROWS_OF_OTHERS = 5
"""Rows below a long list of categories, for the size of the document."""
ROWS_WITH_ANNOTATORS = 11
"""Rows below a long list of categories where the labels of all annotators are shown too."""


class Sidebar(Vertical):
    """Categories and document info, with the guide in their place while it is open.

    The width depends on the screen's width and grows while the guide is open.
    """

    DEFAULT_CSS = """
    Sidebar {
        width: 24;
        &.-guide { width: 46; }
        &.-guide > * { display: none; }
        & > Guide { display: none; }
        &.-guide > Guide { display: block; }
    }
    .-narrow Sidebar { width: 20; }
    .-narrow Sidebar.-guide { width: 36; }
    .-wide Sidebar { width: 35; }
    .-wide Sidebar.-guide { width: 52; }
    .-roomy Sidebar, .-roomy Sidebar.-guide { width: 1fr; }
    """

    SCOPED_CSS: ClassVar[bool] = False  # the width of the screen is a class of the screen

    def __init__(
        self,
        scheme: CategoryScheme,
        guide_key: str,
        annotator_labels: AnnotatorLabels | None = None,
        more_key: str = "]",
    ) -> None:
        """Take the keys that turn the pages of the guide and scroll the categories, and the labels of all annotators.

        Keys are given as shown to people. Without `annotator_labels` the sidebar has none: annotators label blind to
        each other.
        """
        super().__init__()
        self.category_bar = CategoryBar(scheme, more_key)
        """The categories and their keys."""
        self.document_info = DocumentInfo()
        """Statistics and origin of the document."""
        self._annotator_labels = annotator_labels
        self._scheme = scheme
        self._guide_key = guide_key
        self._fitted = (0, 0)
        self._guide: Guide | None = (
            None  # made when first opened: many never are, and the first frame is sooner
        )

    def compose(self) -> ComposeResult:
        """Yield the widgets from top to bottom."""
        yield self.category_bar
        if self._annotator_labels is not None:
            yield self._annotator_labels
        yield self.document_info

    def on_resize(self) -> None:
        """Show the guide beside the keys where there is room for it, and leave room below a long list of categories."""
        width, height = self.size
        if (width, height) != self._fitted:
            self._fitted = width, height
            others = ROWS_OF_OTHERS if self._annotator_labels is None else ROWS_WITH_ANNOTATORS
            self.category_bar.fit(width, height - LEAST_INFO, height - others)

    def narrow(self, stroke: str, refused: str = "") -> None:
        """Show only the categories whose key begins with `stroke`, in place of an open guide; see `CategoryBar`."""
        if stroke:
            self.close_guide()
        self.category_bar.narrow(stroke, refused)

    def turn_guide(self) -> None:
        """Open the guide, turn to its next page, or close it after the last page. It may be in view already."""
        if self.category_bar.is_guide:
            return
        if self._guide is None:
            self._guide = Guide(self._scheme, self._guide_key)
            self.mount(self._guide)
        if not self.has_class("-guide") or not self._guide.turn_page():
            self.toggle_class("-guide")

    def close_guide(self) -> bool:
        """Close the guide. Return False when it was closed already."""
        if self._guide is None or not self.has_class("-guide"):
            return False
        self.remove_class("-guide")
        self._guide.go_to_first_page()
        return True
