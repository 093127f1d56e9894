"""The margin beside a document: categories and facts, or in their place the guide."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from corpuscope.domain.category import CategoryScheme
from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.guide import Guide


class Margin(Vertical):
    """Shows the categories and what is given to it; how wide it is is for the screen to say."""

    DEFAULT_CSS = """
    Margin {
        & > Guide { display: none; }
        &.-guide > * { display: none; }
        &.-guide > Guide { display: block; }
    }
    """

    def __init__(self, scheme: CategoryScheme, *below: Widget) -> None:
        super().__init__()
        self._scheme = scheme
        self._below = below

    def compose(self) -> ComposeResult:
        """The categories first."""
        yield CategoryBar(self._scheme)
        yield from self._below
        yield Guide(self._scheme)

    def toggle_guide(self) -> None:
        """Shows or hides the definitions."""
        self.toggle_class("-guide")
