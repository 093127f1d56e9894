"""The definitions of the categories, beside the document."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.visible import one_line
from corpuscope.tui.widgets.category_bar import colour_style


def guide_text(scheme: CategoryScheme) -> Content:
    """Every category with its definition, what goes there and what does not."""
    parts: list[Content | str | tuple[str, str]] = []
    for category in scheme.categories:
        keys = " ".join(category.keys)
        parts += [(f"{keys} {one_line(category.name)}", f"bold {colour_style(category)}"), "\n"]
        parts += [one_line(category.definition), "\n"]
        if category.includes:
            parts += [("here: ", "$success"), one_line(category.includes), "\n"]
        if category.excludes:
            parts += [("not: ", "$warning"), one_line(category.excludes), "\n"]
        parts.append("\n")
    return Content.assemble(*parts)


class Guide(VerticalScroll):
    """A scrolling margin; shown and hidden as a whole."""

    DEFAULT_CSS = """
    Guide {
        border: round $primary-muted;
        border-title-color: $text-muted;
        padding: 0 1;
        height: 1fr;
    }
    """

    can_focus = False

    def __init__(self, scheme: CategoryScheme) -> None:
        super().__init__()
        self._scheme = scheme
        self.border_title = "guide"

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(guide_text(self._scheme))
