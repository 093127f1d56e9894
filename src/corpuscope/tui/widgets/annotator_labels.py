"""Show the labels that annotators gave to a document, with their notes."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.label import reading_name
from corpuscope.session.review_actions import DocumentDecisions
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.category_bar import colour_style


def decisions_text(decisions: DocumentDecisions, scheme: CategoryScheme) -> Content:
    """Return the final decision, then the category and note of each annotator."""
    parts: list[Content | str | tuple[str, str]] = []
    if final := decisions.final:
        current_name = scheme.today(final.category) or final.category
        parts += [("final: ", "$text-success"), _category(current_name, scheme)]
        parts.append((f" by {one_line(final.annotator, 30)}\n", "$foreground-muted"))
    noted: set[str] = set()
    for decision in decisions.decisions:
        name = one_line(decision.annotator, 30) + (
            f", {reading_name(decision.look)}" if decision.look > 1 else ""
        )
        label = (scheme.today(decision.category) or decision.category) if decision.category else "skipped"
        unsure = [(" ~ unsure", "$accent")] if decision.unsure else []
        parts += [(f"{name}: ", "bold"), _category(label, scheme), *unsure, "\n"]
        if decision.note and decision.annotator not in noted:
            noted.add(decision.annotator)  # a note is about the document, so repeats of it share one note
            parts.append((f"  {one_line(decision.note)}\n", "italic"))
    return Content.assemble(*parts).rstrip()


def _category(name: str, scheme: CategoryScheme) -> tuple[str, str]:
    category = scheme.named(name)
    return one_line(name), f"bold {colour_style(category)}" if category else "$foreground-muted"


class AnnotatorLabels(VerticalScroll, can_focus=False):
    """Part of the sidebar, as high as its text and at most half of the screen."""

    DEFAULT_CSS = """
    AnnotatorLabels {
        height: auto;
        max-height: 50%;
        border: round $border-blurred;
        border-title-color: $text-muted;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, scheme: CategoryScheme) -> None:
        super().__init__()
        self._scheme = scheme
        self.border_title = "readers"

    def compose(self) -> ComposeResult:
        """Yield the text."""
        yield Static(markup=False)

    def show(self, decisions: DocumentDecisions) -> None:
        """Show these labels."""
        self.query_one(Static).update(decisions_text(decisions, self._scheme))
