"""Show the definitions of the categories beside the document, page by page."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from corpuscope.domain.category import CategoryScheme
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.category_bar import colour_style

_STYLES = {"here: ": "$text-success", "not: ": "$text-warning"}
"""Style of the lead of a line."""


def guide_text(scheme: CategoryScheme) -> Content:
    """Return each category with its definition and with what it includes and excludes."""
    parts: list[Content | str | tuple[str, str]] = []
    group = ""
    for category in scheme.categories:
        if category.group != group:
            group = category.group
            parts += [(one_line(group), "$foreground-muted underline"), "\n\n"]
        (keys, name), *lines = category.guide
        parts += [(f"{keys}{one_line(name)}", f"bold {colour_style(category)}"), "\n"]
        for lead, text in lines:
            parts += [(lead, _STYLES.get(lead, "")), one_line(text), "\n"]
        parts.append("\n")
    if scheme.source:
        parts.append((f"Source: {one_line(scheme.source)}\n", "$foreground-muted"))
    return Content.assemble(*parts)


class Guide(VerticalScroll):
    """The annotation guide in a sidebar, as high as the screen; the rest is on further pages."""

    DEFAULT_CSS = """
    Guide {
        border: round $border-blurred;
        border-title-color: $foreground;
        border-title-style: none;
        border-subtitle-color: $foreground-muted;
        padding: 0 1;
        height: 1fr;
        scrollbar-size-vertical: 1;
    }
    """

    can_focus = False

    def __init__(self, scheme: CategoryScheme, key: str) -> None:
        """Take the key that turns the page, as shown to people."""
        super().__init__()
        self._scheme = scheme
        self._key = key
        self.border_title = "guide"

    def compose(self) -> ComposeResult:
        """Yield the text."""
        yield Static(guide_text(self._scheme))

    def turn_page(self) -> bool:
        """Show the next page. Return False after the last page, when the guide is to be closed."""
        if more := self._is_more_below:
            self.scroll_page_down(animate=False)
        else:
            self.go_to_first_page()
        return more

    def go_to_first_page(self) -> None:
        """Show the first page."""
        self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Update the hint: the height decides which page is the last."""
        self.call_after_refresh(self._show_key_hint)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Update the hint for the page now shown."""
        super().watch_scroll_y(old_value, new_value)
        self._show_key_hint()

    @property
    def _is_more_below(self) -> bool:
        return self.scroll_target_y < self.max_scroll_y

    def _show_key_hint(self) -> None:
        self.border_subtitle = (
            f"{self._key} for more · esc closes" if self._is_more_below else f"{self._key} closes"
        )
