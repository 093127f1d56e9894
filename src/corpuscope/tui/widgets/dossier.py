"""The margin beside a document that is read again: categories, what its readers said, facts, or the guide."""

from textual.app import ComposeResult
from textual.containers import Vertical

from corpuscope.domain.category import CategoryScheme
from corpuscope.tui.widgets.annotator_labels import AnnotatorLabels
from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.document_info import DocumentInfo
from corpuscope.tui.widgets.guide import Guide


class Dossier(Vertical):
    """How wide it is is for the screen to say."""

    DEFAULT_CSS = """
    Dossier {
        & > Guide { display: none; }
        &.-guide > * { display: none; }
        &.-guide > Guide { display: block; }
    }
    """

    def __init__(self, scheme: CategoryScheme, guide_key: str) -> None:
        """`guide_key` opens the guide and turns its pages, as people write it."""
        super().__init__()
        self.bar = CategoryBar(scheme)
        """The categories."""
        self.readings = AnnotatorLabels(scheme)
        """What its readers said."""
        self.facts = DocumentInfo()
        """What is known of the document."""
        self._guide = Guide(scheme, guide_key)

    def compose(self) -> ComposeResult:
        """One below the other."""
        yield from (self.bar, self.readings, self.facts, self._guide)

    def turn_guide(self) -> None:
        """Shows the definitions, then the next page of them, and hides them after the last."""
        if not self.has_class("-guide") or not self._guide.turn():
            self.toggle_class("-guide")

    def close_guide(self) -> bool:
        """Hides the definitions. False when they were not shown."""
        shown = self.has_class("-guide")
        self.remove_class("-guide")
        self._guide.back_to_the_start()
        return shown
