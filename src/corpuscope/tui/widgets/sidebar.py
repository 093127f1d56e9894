"""The margin beside the document: categories and facts, or the guide in their place."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from corpuscope.domain.category import CategoryScheme
from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.document_info import DocumentInfo
from corpuscope.tui.widgets.guide import Guide
from corpuscope.tui.widgets.painting import PlainBackground


class Sidebar(Vertical, PlainBackground):
    """As wide as the screen allows, wider with the guide."""

    DEFAULT_CSS = """
    Sidebar {
        width: 28;
        &.-guide { width: 46; }
        & Guide { display: none; }
        &.-guide Guide { display: block; }
        &.-guide CategoryBar, &.-guide DocumentInfo { display: none; }
    }
    .-narrow Sidebar { width: 22; }
    .-narrow Sidebar.-guide { width: 36; }
    .-wide Sidebar { width: 34; }
    .-wide Sidebar.-guide { width: 64; }
    """

    SCOPED_CSS: ClassVar[bool] = False  # how wide the screen is stands in the screen's classes

    def __init__(self, scheme: CategoryScheme, guide_key: str) -> None:
        super().__init__()
        self.bar = CategoryBar(scheme)
        """The categories."""
        self.facts = DocumentInfo()
        """What is known of the document."""
        self._scheme = scheme
        self._guide_key = guide_key
        self._guide: Guide | None = (
            None  # made when it is wanted: many never are, and the first frame is sooner
        )

    def compose(self) -> ComposeResult:
        """One above the other."""
        yield from (self.bar, self.facts)

    def turn_guide(self) -> None:
        """Shows the definitions, then the next page of them, and hides them after the last."""
        if self._guide is None:
            self._guide = Guide(self._scheme, self._guide_key)
            self.mount(self._guide)
        if not self.has_class("-guide") or not self._guide.turn():
            self.toggle_class("-guide")

    def close_guide(self) -> bool:
        """Hides the definitions; False when they are hidden already."""
        if self._guide is None or not self.has_class("-guide"):
            return False
        self.remove_class("-guide")
        self._guide.back_to_the_start()
        return True
