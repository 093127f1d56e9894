"""What the readers of a document said, one under the other, with their notes."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from corpuscope.domain.category import CategoryScheme
from corpuscope.session.review_actions import DocumentDecisions
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.category_bar import colour_style

Part = Content | str | tuple[str, str]


def decisions_text(standing: DocumentDecisions, scheme: CategoryScheme) -> Content:
    """The final decision first, then every reader: name, category, note."""
    parts: list[Part] = []
    if final := standing.final:
        today = scheme.today(final.category) or final.category
        parts += [("final: ", "$text-success"), _category(today, scheme)]
        parts.append((f" by {one_line(final.annotator, 30)}\n", "$foreground-muted"))
    noted: set[str] = set()
    for reading in standing.decisions:
        name = one_line(reading.annotator, 30) + (f", look {reading.look}" if reading.look > 1 else "")
        said = (scheme.today(reading.category) or reading.category) if reading.category else "skipped"
        parts += [(f"{name}: ", "bold"), _category(said, scheme), "\n"]
        if reading.note and reading.annotator not in noted:
            noted.add(reading.annotator)  # a note is about the document, whichever look it was written in
            parts.append((f"  {one_line(reading.note)}\n", "italic"))
    return Content.assemble(*parts)


def _category(name: str, scheme: CategoryScheme) -> tuple[str, str]:
    known = scheme.named(name)
    return one_line(name), f"bold {colour_style(known)}" if known else "$foreground-muted"


class AnnotatorLabels(VerticalScroll, can_focus=False):
    """A margin as high as what it says, up to half of the screen."""

    DEFAULT_CSS = """
    AnnotatorLabels {
        height: auto;
        max-height: 50%;
        border-top: solid $primary-muted;
        border-title-color: $text-muted;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, scheme: CategoryScheme) -> None:
        super().__init__()
        self._scheme = scheme
        self.border_title = "readers"

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(markup=False)

    def show(self, standing: DocumentDecisions) -> None:
        """Tells these readings from now on."""
        self.query_one(Static).update(decisions_text(standing, self._scheme))
